package dev.proofkey.server

import dev.proofkey.internal.bodyWithIdToken
import dev.proofkey.native
import dev.proofkey.text
import dev.proofkey.internal.TokenAnswer as NativeAnswer

/**
 * The answer of the token or the revocation endpoint (RFC 6749 §5, RFC 7009 §2.2), to be sent as it is.
 *
 * @property body JSON, which may hold tokens and is not shown. Empty after a revocation.
 */
public class TokenAnswer internal constructor(
    private val native: NativeAnswer,
    public val body: ByteArray,
) {
    internal constructor(native: NativeAnswer) : this(native, native.body)

    /** The HTTP status. */
    public val status: Int = native.status.toInt()

    /** The header fields, `Cache-Control: no-store` among them. */
    public val headers: Map<String, String> = fields(native.headers)

    /** What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`, …). */
    public val audit: String
        get() = native.audit

    /** What tokens were issued from, where some were. */
    public val issued: Issuance? =
        native.issued?.let { Issuance(grant(it.grant), it.scope, it.accessTokenHash, it.first) }

    /** The same answer with an ID token beside its tokens, which the server has signed. A refusal is left as it is. */
    public fun withIdToken(signed: String): TokenAnswer {
        val text = text("signed", signed)
        return TokenAnswer(native, native(OWNER) { bodyWithIdToken(native, text) })
    }

    /** For people; it shows no token. */
    override fun toString(): String = "TokenAnswer(status=$status, audit=$audit, …)"
}

/**
 * What the tokens of an answer were issued from: for an ID token beside them (OpenID Connect Core §3.1.3.3), which the
 * server makes and signs itself.
 *
 * @property grant the grant.
 * @property scope the scope of the access token, separated by single spaces.
 * @property accessTokenHash SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token
 * calls `at_hash`, where that is signed with a 256-bit hash.
 * @property isFirst whether they are the first ones of the grant, for a code: an ID token then says again what the
 * request has given for it ([Terms]), and after a refresh it does not (OpenID Connect Core §12.2).
 */
public class Issuance internal constructor(
    public val grant: Grant,
    public val scope: String,
    public val accessTokenHash: ByteArray,
    public val isFirst: Boolean,
) {
    /** For people. */
    override fun toString(): String = "Issuance($grant, scope=$scope, isFirst=$isFirst)"
}

/** Whether a request may pass at a resource. */
public sealed class Access {
    /**
     * It may.
     *
     * @property token the token's row and its grant: as whom, through which client, for what.
     * @property headers what the answer to the request has to hold beside its own: a nonce to be used from now on
     * (RFC 9449 §8.2), if there is one.
     */
    public class Granted internal constructor(
        public val token: TokenRow,
        public val headers: Map<String, String>,
    ) : Access() {
        /** Who allowed it. */
        public val subject: String
            get() = token.grant.subject

        /** What it may be used for. */
        public val scopes: List<String>
            get() = token.scopes

        /** For people. */
        override fun toString(): String = "Granted($token)"
    }

    /**
     * It may not.
     *
     * @property status the HTTP status: 400, 401 or 403; 503 where the store failed.
     * @property headers the header fields: `WWW-Authenticate` (RFC 6750 §3) and `DPoP-Nonce` (RFC 9449 §9), where they
     * are due.
     */
    public class Refused internal constructor(
        public val status: Int,
        public val headers: Map<String, String>,
    ) : Access() {
        /** For people. */
        override fun toString(): String = "Refused(status=$status, headers=$headers)"
    }
}
