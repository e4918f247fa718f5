package dev.proofkey

import dev.proofkey.internal.Dpop as NativeDpop

/** Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449). */
public enum class Dpop {
    /** They are not. */
    NEVER,

    /** They are where the server offers it; what came of it is [TokenSet.tokenType]. */
    PREFERRED,

    /** They are, or there is no sign-in: `dpop_unsupported`, `token_not_bound`. */
    REQUIRED,
    ;

    internal fun native(): NativeDpop =
        when (this) {
            NEVER -> NativeDpop.NEVER
            PREFERRED -> NativeDpop.PREFERRED
            REQUIRED -> NativeDpop.REQUIRED
        }
}
