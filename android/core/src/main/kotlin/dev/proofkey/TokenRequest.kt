package dev.proofkey

import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpResponse
import dev.proofkey.internal.HttpRequest as NativeRequest
import dev.proofkey.internal.TokenRequest as NativeTokenRequest

private const val LAST_STATUS = 999

/** A code and the verifier that redeems it. It reads one answer. */
public class TokenRequest internal constructor(
    private val native: NativeTokenRequest,
) : AutoCloseable {
    /** What is to be sent to the token endpoint, once: a code is never tried twice (RFC 6749 §4.1.3). */
    public fun httpRequest(): HttpRequest = HttpRequest(native("TokenRequest") { native.httpRequest() })

    /**
     * Reads the answer.
     *
     * @param status its HTTP status.
     * @param headers its header fields.
     * @param body its body, whole and undecoded.
     * @param now the time in seconds since the epoch, from which the expiry is counted.
     * @throws ProofKeyException the server's refusal, or an answer that the specification does not allow.
     */
    @JvmOverloads
    public fun tokens(
        status: Int,
        headers: List<HttpHeader>,
        body: ByteArray,
        now: Long = now().toLong(),
    ): TokenSet {
        if (status !in 0..LAST_STATUS) throw invalid("status is not between 0 and $LAST_STATUS")
        if (now < 0) throw invalid("now is before the epoch")
        val fields = headers.map { Header(clean(it.name), clean(it.value)) }
        val response = HttpResponse(status.toUShort(), fields, body)
        return TokenSet(native("TokenRequest") { native.tokens(response, now.toULong()) })
    }

    /** Wipes code and verifier now. May be called again, and from any thread. */
    override fun close() {
        native.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "TokenRequest(…)"
}

/**
 * A request, to be sent once and exactly so: no redirect followed, nothing repeated, no header field added beyond
 * what HTTP itself needs.
 */
public class HttpRequest internal constructor(
    private val native: NativeRequest,
) {
    /** `GET` or `POST`. */
    public val method: String
        get() = native.method

    /** The absolute URL. */
    public val url: String
        get() = native.url

    /** All header fields. */
    public val headers: List<HttpHeader> = native.headers.map { HttpHeader(it.name, it.value) }

    /** Stop reading the answer after so many bytes. */
    public val maxBody: Long
        get() = native.maxBody.toLong()

    /** For the whole exchange, in milliseconds. */
    public val timeoutMillis: Long
        get() = native.timeoutMs.toLong()

    /** A copy of the body; it holds the code and the verifier. */
    public fun exposeBody(): ByteArray? = native.body?.copyOf()

    /** For people; it holds no secret. */
    override fun toString(): String = "HttpRequest($method $url)"
}

/**
 * A header field. Its value may be a secret and is not shown.
 *
 * @property name case does not matter.
 * @property value as it was sent.
 */
public class HttpHeader(
    public val name: String,
    public val value: String,
) {
    /** By content. */
    override fun equals(other: Any?): Boolean = other is HttpHeader && name == other.name && value == other.value

    /** By content. */
    override fun hashCode(): Int = 31 * name.hashCode() + value.hashCode()

    /** For people; it holds no secret. */
    override fun toString(): String = "HttpHeader($name: …)"
}
