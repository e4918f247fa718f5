package dev.proofkey

/** Whether the user may be asked, and how. */
public sealed class Interaction {
    /** Not at all. */
    public object Never : Interaction()

    /** By a browser where there is one, else by [Paste]. */
    public object Auto : Interaction()

    /** By what the client's authenticator shows. */
    public object Browser : Interaction()

    /**
     * An address is shown in the terminal. The user opens it anywhere, on this machine or another, and pastes the
     * address where the browser ended. For a redirect on loopback.
     */
    public object Paste : Interaction()

    /**
     * On another device: a code is shown here by [ClientOptions.showCode], and entered where there is a browser (RFC 8628).
     * It is never chosen by itself: whoever is talked into entering somebody else's code signs that somebody in.
     */
    public object Device : Interaction()

    /** Its name. */
    override fun toString(): String = javaClass.simpleName
}

/** Says which issuers a resource may name to sign the user in, where the program names none itself. */
public fun interface IssuerConfirmation {
    /**
     * Whether the user may be sent to this issuer.
     *
     * @param issuerHost the issuer's host, with its port where it has one.
     * @param resourceHost that of the resource that named it.
     */
    public suspend fun allows(
        issuerHost: String,
        resourceHost: String,
    ): Boolean

    /** Makes some. */
    public companion object {
        /** Those whose host, with its port where it has one, is among these. */
        @JvmStatic
        public fun hosts(vararg hosts: String): IssuerConfirmation =
            IssuerConfirmation { issuerHost, _ -> hosts.any { it.equals(issuerHost, ignoreCase = true) } }
    }
}

/**
 * What came of a sign-out. Nothing is kept any more.
 *
 * @property isRevoked whether the server has revoked the tokens (RFC 7009); null where there were none.
 * @property warning why the server did not.
 * @property endSessionUrl where the user's browser ends the session that it may still have with the server (OpenID
 *   Connect RP-Initiated Logout §2); null where the server has none, or has not said who signed in. Opening it is the
 *   program's part. It says who the user is, so it belongs into the browser and into no log.
 */
public class SignedOut internal constructor(
    public val isRevoked: Boolean?,
    public val warning: ProofKeyException?,
    public val endSessionUrl: String?,
) {
    /** For people; it holds no secret. */
    override fun toString(): String = "SignedOut(isRevoked=$isRevoked, warning=${warning?.code})"
}
