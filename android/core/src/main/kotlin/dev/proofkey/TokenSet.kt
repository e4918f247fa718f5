package dev.proofkey

import dev.proofkey.internal.Authorized
import dev.proofkey.internal.DpopNonces
import dev.proofkey.internal.UniffiWithHandle
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
     * (RFC 6750 §2.1); one that is bound to a key takes more than that, and [ProofKeyClient.call] makes it. Kotlin cannot
     * wipe the text that is given out; do not keep it.
     */
    public fun exposeAccessToken(): String = get { it.exposeAccessToken() }

    /** The refresh token, if the server issued one (RFC 6749 §1.5). Do not keep the text. */
    public fun exposeRefreshToken(): String? = get { it.exposeRefreshToken() }

    /**
     * The value of the header field `Authorization` for a request to [url] (RFC 6750 §2.1), or null where the token must
     * be refreshed first. Do not keep the text.
     *
     * @param now the time in seconds since the epoch.
     * @throws ProofKeyException.FixConfiguration the address does not lie in the resource that the token is for, or
     *   the token is for none (`wrong_resource`).
     * @throws ProofKeyException.SignInAgain the token is bound to a key, and this field is not enough (`signing_failed`):
     *   see [ProofKeyClient.call].
     */
    @JvmOverloads
    public fun authorization(
        url: String,
        now: Long = now().toLong(),
    ): String? {
        val asked = text("url", url)
        if (now < 0) throw invalid("now is before the epoch")
        return get { it.authorization(asked, now.toULong()) }
    }

    /**
     * Whether the access token can still be used: not within the last minute of its life or so.
     *
     * @param now the time in seconds since the epoch.
     */
    @JvmOverloads
    public fun isFresh(now: Long = now().toLong()): Boolean {
        if (now < 0) throw invalid("now is before the epoch")
        return get { it.isFresh(now.toULong()) }
    }

    /** [authorization] of the best token that there is, fresh or not. */
    internal fun authorizationNow(url: String): String = get { it.authorizationNow(text("url", url)) }

    /** What a request carries: nothing where the token must be refreshed first, unless it is to be used [anyway]. */
    internal fun authorize(
        method: String,
        url: String,
        nonces: DpopNonces,
        anyway: Boolean,
    ): Authorized =
        get { if (anyway) it.authorizeNow(method, url, now(), nonces) else it.authorize(method, url, now(), nonces) }

    /** SHA-256 of the access token: names it without showing it. */
    internal fun fingerprint(): ByteArray = get { it.fingerprint() }

    /** The same tokens, to be closed on their own. */
    internal fun shared(): TokenSet = TokenSet(get { NativeTokenSet(UniffiWithHandle, it.uniffiCloneHandle()) })

    /** When the access token expires, in seconds since the epoch; null where the server did not say. */
    public val expiresAt: Long?
        get() = get { it.expiresAt() }?.let(::seconds)

    /** `Bearer`, or `DPoP` where the access token is bound to a key (RFC 9449 §5). */
    public val tokenType: String
        get() = get { it.tokenType() }

    /** Who signed in, where the scope `openid` was asked for and the server's ID token was verified; else null. */
    public val identity: Identity?
        get() = get { it.identity() }?.let(::Identity)

    /** The scopes that were granted, which may be fewer than were asked for (RFC 6749 §5.1). */
    public val scopes: List<String>
        get() = get { it.scopes() }

    /** The scopes that the last sign-in asked for. */
    public val requestedScopes: List<String>
        get() = get { it.requestedScopes() }

    /** The scopes that were asked for and not granted, in their order. */
    public val missingScopes: List<String>
        get() = get { it.missingScopes() }

    /** The authorization details that were granted (RFC 9396 §7): the JSON text of the answer; null where it has none. */
    public val authorizationDetails: String?
        get() = get { it.authorizationDetails() }

    /**
     * The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each once.
     * Those of one type may still differ from what was asked for.
     */
    public val missingAuthorizationDetails: List<String>
        get() = get { it.missingAuthorizationDetails() }

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
            "TokenSet(issuer=$issuer, clientId=$clientId, tokenType=$tokenType, scopes=$scopes, expiresAt=$expiresAt)"
        } catch (_: ProofKeyException) {
            "TokenSet(closed)"
        }

    private inline fun <T> get(read: (NativeTokenSet) -> T): T = native("TokenSet") { read(native) }
}
