package dev.proofkey

import dev.proofkey.internal.AuthorizationRequest
import dev.proofkey.internal.PkceSession as NativeSession

/**
 * One pending sign-in, for programs that bring their own browser, HTTP or web framework: its secrets, made for
 * it alone, and the record of what was asked of whom. It is used once.
 *
 * ```
 * PkceSession.begin(issuer, authorizationEndpoint, tokenEndpoint, clientId, redirectUri).use { session ->
 *     show(session.authorizationUrl())
 *     when (val done = session.complete(redirect)) {
 *         is Completion.Accepted -> redeem(done.request)
 *         is Completion.NotOurs -> waitOn()
 *     }
 * }
 * ```
 */
public class PkceSession private constructor(
    private val native: NativeSession,
) : AutoCloseable {
    /**
     * The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never the
     * verifier.
     *
     * @throws ProofKeyException.FixConfiguration the session is over.
     */
    public fun authorizationUrl(): String = call { it.authorizationUrl() }

    /**
     * Judges a redirect: the whole URI as it arrived, undecoded. One that is not ours does not spend the session.
     *
     * @throws ProofKeyException the redirect is ours and says no, or is broken: the session is over.
     */
    public fun complete(redirect: String): Completion {
        val arrived = text("redirect", redirect)
        return when (val completion = call { it.complete(arrived) }) {
            is dev.proofkey.internal.Completion.Accepted -> Completion.Accepted(TokenRequest(completion.request))
            is dev.proofkey.internal.Completion.NotOurs -> Completion.NotOurs(completion.code, completion.text)
        }
    }

    /**
     * The session as bytes that may lie on a disk, for a platform that may end the program while the user is at the
     * browser. Until [expiresAt], in seconds since the epoch, [open] opens them. Whoever opens them deletes them first,
     * so that of two that try one succeeds.
     *
     * @throws ProofKeyException.FixConfiguration the session is over.
     */
    public fun seal(
        key: DataKey,
        expiresAt: Long,
    ): ByteArray {
        if (expiresAt < 0) throw invalid("expires_at is before the epoch")
        return call { it.seal(key.native, expiresAt.toULong()) }
    }

    /** Ends the session unused and wipes its secrets. May be called again, and from any thread. */
    override fun close() {
        native.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "PkceSession(…)"

    private inline fun <T> call(method: (NativeSession) -> T): T = native("PkceSession") { method(native) }

    /** Begins sessions. */
    public companion object {
        /**
         * Begins: checks the settings, which are those of [ProofKeyClient], and draws the secrets from the
         * operating system's generator.
         *
         * @param redirectUri where the answer arrives, whole: a port belongs to it (RFC 8252 §7).
         * @throws ProofKeyException.FixConfiguration a setting cannot be used; the message names it.
         * @throws ProofKeyException.Retry the generator failed.
         */
        @JvmStatic
        @JvmOverloads
        public fun begin(
            issuer: String,
            authorizationEndpoint: String,
            tokenEndpoint: String,
            clientId: String,
            redirectUri: String,
            options: SessionOptions.() -> Unit = {},
        ): PkceSession {
            val chosen = SessionOptions().apply(options)
            val request =
                AuthorizationRequest(
                    issuer = text("issuer", issuer),
                    authorizationEndpoint = text("authorization_endpoint", authorizationEndpoint),
                    tokenEndpoint = text("token_endpoint", tokenEndpoint),
                    issPromised = chosen.issPromised,
                    clientId = text("client_id", clientId),
                    redirectUri = text("redirect_uri", redirectUri),
                    scopes = chosen.scopes.mapIndexed { at, scope -> text("scopes[$at]", scope) },
                    resource = chosen.resource?.let { text("resource", it) },
                    extraParameters = parameters(chosen.extraParameters),
                )
            return PkceSession(native("PkceSession") { NativeSession.begin(request) })
        }

        /**
         * Opens what [seal] made, for the same issuer, client and redirect URI.
         *
         * @param now the time in seconds since the epoch.
         * @throws ProofKeyException.SignInAgain it was changed, sealed with another key, belongs to another issuer,
         *   client or redirect URI (`record_unreadable`), or is too old (`session_expired`).
         */
        @JvmStatic
        @JvmOverloads
        public fun open(
            key: DataKey,
            sealed: ByteArray,
            issuer: String,
            clientId: String,
            redirectUri: String,
            now: Long = now().toLong(),
        ): PkceSession {
            if (now < 0) throw invalid("now is before the epoch")
            val names = listOf(text("issuer", issuer), text("client_id", clientId), text("redirect_uri", redirectUri))
            val (at, by, to) = names
            return PkceSession(native("PkceSession") { NativeSession.open(key.native, sealed, at, by, to, now.toULong()) })
        }
    }
}

/** What a session may set; each has a default. */
public class SessionOptions internal constructor() {
    /** What is asked for; nothing leaves it to the server (RFC 6749 §3.3). */
    public var scopes: List<String> = emptyList()

    /** The resource that the tokens are for (RFC 8707). */
    public var resource: String? = null

    /** Whether the server's metadata promises `iss` in its answers (RFC 9207 §3). */
    public var issPromised: Boolean = false

    /** More parameters of the authorization request; none may stand in for one that ProofKey sets. */
    public var extraParameters: Map<String, String> = emptyMap()
}

/** What a redirect did to a session. */
public sealed class Completion {
    /**
     * It is ours and carries a code; the session is over.
     *
     * @property request redeems the code.
     */
    public class Accepted internal constructor(
        public val request: TokenRequest,
    ) : Completion() {
        /** For people; it holds no secret. */
        override fun toString(): String = "Accepted(…)"
    }

    /**
     * Anyone could have sent it. It ends nothing: the session waits on.
     *
     * @property code why, as a stable code.
     * @property reason why, for a log. Nothing of the redirect stands in it.
     */
    public class NotOurs internal constructor(
        public val code: String,
        public val reason: String,
    ) : Completion() {
        /** By content. */
        override fun equals(other: Any?): Boolean = other is NotOurs && code == other.code && reason == other.reason

        /** By content. */
        override fun hashCode(): Int = 31 * code.hashCode() + reason.hashCode()

        /** For people; it holds no secret. */
        override fun toString(): String = "NotOurs($code: $reason)"
    }
}
