package dev.proofkey

import dev.proofkey.internal.TokenSet as NativeTokenSet

/**
 * The tokens of one sign-in.
 *
 * They stay in native memory, which is wiped by [close], or else when this object is collected. It shows no
 * token in its text: whoever wants one calls a method whose name says so. All members but [close] and
 * [toString] throw [ProofKeyException.FixConfiguration] with the code `closed` after [close].
 */
public class TokenSet internal constructor(
    private val native: NativeTokenSet,
) : AutoCloseable {
    /**
     * The access token, for the header `Authorization: Bearer …` of requests to its resource and to no other
     * (RFC 6750 §2.1). Kotlin cannot wipe the text that is given out; do not keep it.
     */
    public fun exposeAccessToken(): String = get { it.exposeAccessToken() }

    /** The refresh token, if the server issued one (RFC 6749 §1.5). Do not keep the text. */
    public fun exposeRefreshToken(): String? = get { it.exposeRefreshToken() }

    /** When the access token expires, in seconds since the epoch; null where the server did not say. */
    public val expiresAt: Long?
        get() = get { it.expiresAt() }?.let { seconds -> minOf(seconds, Long.MAX_VALUE.toULong()).toLong() }

    /** The scopes that were granted, which may be fewer than were asked for (RFC 6749 §5.1). */
    public val scopes: List<String>
        get() = get { it.scopes() }

    /** Who issued them. */
    public val issuer: String
        get() = get { it.issuer() }

    /** Whom they were issued to. */
    public val clientId: String
        get() = get { it.clientId() }

    /** The resource that was asked for (RFC 8707). */
    public val resource: String?
        get() = get { it.resource() }

    /** Wipes the tokens now. May be called again, and from any thread. */
    override fun close() {
        native.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String =
        try {
            "TokenSet(issuer=$issuer, clientId=$clientId, scopes=$scopes, expiresAt=$expiresAt)"
        } catch (_: ProofKeyException) {
            "TokenSet(closed)"
        }

    private inline fun <T> get(read: (NativeTokenSet) -> T): T = native("TokenSet") { read(native) }
}
