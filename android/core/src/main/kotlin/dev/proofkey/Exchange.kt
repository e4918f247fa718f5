package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.HttpResponse
import dev.proofkey.internal.Lost
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withTimeoutOrNull
import java.io.ByteArrayOutputStream
import java.io.EOFException
import java.io.IOException
import java.io.InputStream
import java.net.SocketException
import java.net.SocketTimeoutException
import java.net.URL
import java.net.UnknownHostException
import javax.net.ssl.SSLException

/**
 * Makes one HTTP exchange, exactly as the core wrote it. The request's timeout holds for the whole of it, also
 * for a name that is not resolved and a server that sends a byte now and then. When it is over, and at a cancel,
 * the connection is closed at once, whatever is being read or written then.
 */
internal suspend fun exchange(request: HttpRequest): Event {
    val line = Line()
    val done = CompletableDeferred<Event>()
    val milliseconds = request.timeoutMs.toLong()
    try {
        daemon("proofkey-http") { done.complete(perform(request, line)) }
        return withTimeoutOrNull(milliseconds) { done.await() }
            ?: line.unreachable(Lost.TIMED_OUT, "no whole answer within $milliseconds ms")
    } finally {
        if (!done.isCompleted) line.end()
    }
}

/** Makes the exchange on the calling thread. */
private fun perform(
    request: HttpRequest,
    line: Line,
): Event =
    try {
        val url = URL(request.url)
        val http = if (isPlainAndLocal(url)) PlainHttp(request, url, line) else PlatformHttp(request, url, line)
        Event.Response(http.exchange())
    } catch (e: TooLarge) {
        line.unreachable(Lost.TOO_LARGE, words(e))
    } catch (_: SocketTimeoutException) {
        line.unreachable(Lost.TIMED_OUT, "the server did not answer in time")
    } catch (e: IOException) {
        line.unreachable(Lost.LOST, words(e))
    } catch (e: RuntimeException) {
        // A field that this platform refuses to send, a permission that the app lacks.
        line.unreachable(Lost.LOST, e.javaClass.simpleName)
    }

/** A way to make one exchange: blocking, once, over a line that may be cut at any time. */
internal fun interface Http {
    /**
     * @throws IOException there is no whole answer.
     */
    fun exchange(): HttpResponse
}

/** What came is no answer; [why] quotes nothing of it. */
internal open class NoAnswer(
    why: String,
) : IOException(why)

/** The answer is larger than was asked for. */
internal class TooLarge(
    most: Long,
) : NoAnswer("more than $most bytes")

/** The words of exceptions that say what failed. Others may quote what the server sent. */
private fun words(e: IOException): String =
    when (e) {
        is NoAnswer, is SocketException, is SSLException -> e.message ?: e.javaClass.simpleName
        is UnknownHostException -> "the name of the server cannot be resolved"
        else -> e.javaClass.simpleName
    }

internal val onAndroid: Boolean = System.getProperty("java.vm.name") == "Dalvik"

private val LOCAL = Regex("""127\.0\.0\.1|\[::1]|localhost""", RegexOption.IGNORE_CASE)

/** Whether what goes there stays on this machine. */
internal fun isLocal(url: URL): Boolean = LOCAL.matches(url.host)

/** On Android the system is asked whether an app may speak without TLS, so it makes the exchange. */
private fun isPlainAndLocal(url: URL): Boolean = url.protocol == "http" && isLocal(url) && !onAndroid

/** How long the body is, where its length is what ends it (RFC 9112 §6.3). */
internal fun bodyLength(headers: List<Header>): Long? {
    if (headers.any { it.name.equals("Transfer-Encoding", ignoreCase = true) }) return null
    val said = headers.filter { it.name.equals("Content-Length", ignoreCase = true) }.flatMap { it.value.split(',') }
    val length = said.map { it.trim() }.distinct().singleOrNull()
    if (length == null && said.isEmpty()) return null
    if (length.isNullOrEmpty() || !length.all { it in '0'..'9' }) throw NoAnswer("the answer's length is none")
    return length.toLongOrNull() ?: Long.MAX_VALUE
}

/** The whole body, of at most [most] bytes. One that ends before its [length] is an error. */
internal fun readBody(
    from: InputStream,
    length: Long?,
    most: Long,
): ByteArray {
    if (length != null && length > most) throw TooLarge(most)
    val whole = ByteArrayOutputStream()
    val chunk = ByteArray(CHUNK)
    while (length == null || whole.size() < length) {
        val wanted = if (length == null) chunk.size.toLong() else length - whole.size()
        val count = from.read(chunk, 0, minOf(wanted, chunk.size.toLong()).toInt())
        if (count < 0) break
        whole.write(chunk, 0, count)
        if (whole.size() > most) throw TooLarge(most)
    }
    if (length != null && whole.size() < length) throw EOFException()
    return whole.toByteArray()
}

private const val CHUNK = 8192
