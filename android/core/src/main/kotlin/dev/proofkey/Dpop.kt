package dev.proofkey

import dev.proofkey.internal.Dpop as NativeDpop

/** Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449). */
public sealed class Dpop(
    internal val native: NativeDpop,
) {
    /** They are not. */
    public object Never : Dpop(NativeDpop.NEVER)

    /** They are where the server offers it; what came of it is [TokenSet.tokenType]. */
    public object Preferred : Dpop(NativeDpop.PREFERRED)

    /** They are, or there is no sign-in: `dpop_unsupported`, `token_not_bound`. */
    public object Required : Dpop(NativeDpop.REQUIRED)

    /** Its name. */
    override fun toString(): String = javaClass.simpleName
}
