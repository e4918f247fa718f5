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
import java.net.ConnectException
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.Proxy
import java.net.Socket
import java.net.SocketException
import java.net.SocketTimeoutException
import java.net.URL
import java.net.UnknownHostException
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.SSLException
import javax.net.ssl.SSLSocketFactory

/**
 * Makes one HTTP exchange, exactly as the core wrote it. The request's timeout holds for the whole of it, also
 * for a name that is not resolved and a server that sends a byte now and then. A cancel closes the connection.
 */
internal suspend fun exchange(request: HttpRequest): Event {
    val exchange = Exchange(request)
    val done = CompletableDeferred<Event>()
    val milliseconds = request.timeoutMs.toLong()
    try {
        daemon("proofkey-http") { done.complete(exchange.perform()) }
        return withTimeoutOrNull(milliseconds) { done.await() }
            ?: exchange.unreachable(Lost.TIMED_OUT, "no whole answer within $milliseconds ms")
    } finally {
        if (!done.isCompleted) exchange.end()
    }
}

/**
 * One exchange on the calling thread, by `HttpURLConnection`, which both the JVM and Android have.
 *
 * That class repeats a POST whose connection dies, unless its body is of a fixed length that streams: so it is.
 * The price, on the JVM alone, is that the body of a 401 is not given out; its status and header fields are.
 * A GET whose connection dies before the answer begins may be repeated once, by the platform. It does no harm: only
 * metadata is asked for by GET, and to ask for it changes nothing at the server (RFC 9110 §9.2.2).
 */
private class Exchange(
    private val request: HttpRequest,
) {
    private val lock = Any()
    private var connection: HttpURLConnection? = null
    private var ended = false

    /** Whether the request may have arrived. In doubt it has: that is the answer that loses nothing. */
    @Volatile
    private var connected = false

    fun perform(): Event =
        try {
            val opened = open()
            if (opened == null) {
                Event.Unreachable(Lost.NOT_CONNECTED, "the address is neither http nor https")
            } else {
                try {
                    send(opened)
                    answer(opened)
                } finally {
                    opened.disconnect()
                }
            }
        } catch (_: SocketTimeoutException) {
            unreachable(Lost.TIMED_OUT, "the server did not answer in time")
        } catch (e: IOException) {
            unreachable(Lost.LOST, words(e))
        } catch (e: RuntimeException) {
            // A field that this platform refuses to send, a permission that the app lacks.
            unreachable(Lost.LOST, e.javaClass.simpleName)
        }

    /** What ended without an answer: before the connection stood, nothing was sent. */
    fun unreachable(
        reason: Lost,
        detail: String,
    ): Event = Event.Unreachable(if (connected) reason else Lost.NOT_CONNECTED, clean(detail))

    /** Ends the exchange: nothing more is sent or read. Does not block. */
    fun end() {
        val open =
            synchronized(lock) {
                ended = true
                connection
            }
        // Beside: it may wait for a read that is under way.
        if (open != null) daemon("proofkey-http-end") { open.disconnect() }
    }

    private fun open(): HttpURLConnection? {
        val url = URL(request.url)
        // What goes to this machine is never shown to a proxy.
        val opened = if (LOCAL.matches(url.host)) url.openConnection(Proxy.NO_PROXY) else url.openConnection()
        if (opened !is HttpURLConnection) return null
        val milliseconds = request.timeoutMs.coerceIn(1u, Int.MAX_VALUE.toULong()).toInt()
        opened.connectTimeout = milliseconds
        opened.readTimeout = milliseconds
        opened.requestMethod = request.method
        opened.instanceFollowRedirects = false
        opened.useCaches = false
        opened.allowUserInteraction = false
        for (field in request.headers) opened.addRequestProperty(field.name, field.value)
        // No connection is kept, so none can be found dead and used again. The JVM asks the server alone, and keeps
        // what the server leaves open by its factory of sockets: a factory of its own is never found again.
        opened.setRequestProperty("Connection", "close")
        if (opened is HttpsURLConnection && !onAndroid) opened.sslSocketFactory = OwnSockets(opened.sslSocketFactory)
        // Else it is the system's and names the phone's model.
        opened.setRequestProperty("User-Agent", "ProofKey")
        return opened
    }

    private fun send(opened: HttpURLConnection) {
        val body = request.body
        if (body != null) {
            opened.doOutput = true
            opened.setFixedLengthStreamingMode(body.size)
        }
        synchronized(lock) {
            if (ended) throw ConnectException("the exchange was ended")
            connection = opened
        }
        opened.connect()
        synchronized(lock) {
            if (ended) throw ConnectException("the exchange was ended")
            connected = true
        }
        if (body != null) opened.outputStream.use { it.write(body) }
    }

    private fun answer(opened: HttpURLConnection): Event {
        val status = opened.responseCode
        if (status !in STATUSES) return unreachable(Lost.LOST, "what came is no HTTP answer")
        val headers = fields(opened)
        val length = bodyLength(headers)
        val most = request.maxBody.toLong()
        if (length != null && length > most) return tooLarge(most)
        val stream = opened.errorStream ?: if (status < HttpURLConnection.HTTP_BAD_REQUEST) opened.inputStream else null
        // Without a stream there was no body, or it is lost: see above.
        val body = if (stream == null) ByteArray(0) else stream.use { read(it, length, most) } ?: return tooLarge(most)
        return Event.Response(HttpResponse(status.toUShort(), headers, body))
    }

    private fun tooLarge(most: Long): Event = unreachable(Lost.TOO_LARGE, "more than $most bytes")

    private companion object {
        val LOCAL = Regex("""127\.0\.0\.1|\[::1]|localhost""", RegexOption.IGNORE_CASE)
        val STATUSES = 100..999
        val onAndroid = System.getProperty("java.vm.name") == "Dalvik"
        const val CHUNK = 8192

        fun fields(opened: HttpURLConnection): List<Header> {
            val fields = mutableListOf<Header>()
            var at = 0
            while (true) {
                val value = opened.getHeaderField(at) ?: return fields
                // The first is the status line and has no name.
                opened.getHeaderFieldKey(at)?.let { fields += Header(clean(it), clean(value)) }
                at++
            }
        }

        /** How long the body is, where its length is what ends it (RFC 9112 §6.3). */
        fun bodyLength(headers: List<Header>): Long? {
            if (headers.any { it.name.equals("Transfer-Encoding", ignoreCase = true) }) return null
            return headers.firstOrNull { it.name.equals("Content-Length", ignoreCase = true) }?.value?.toLongOrNull()
        }

        /** The whole body, or null if it has more than [most] bytes. One that ends before its [length] is an error. */
        fun read(
            from: InputStream,
            length: Long?,
            most: Long,
        ): ByteArray? {
            val whole = ByteArrayOutputStream()
            val chunk = ByteArray(CHUNK)
            while (length == null || whole.size() < length) {
                val wanted = if (length == null) chunk.size.toLong() else length - whole.size()
                val count = from.read(chunk, 0, minOf(wanted, chunk.size.toLong()).toInt())
                if (count < 0) break
                whole.write(chunk, 0, count)
                if (whole.size() > most) return null
            }
            if (length != null && whole.size() < length) throw EOFException()
            return whole.toByteArray()
        }

        /** The words of exceptions that say what failed. Others may quote what the server sent. */
        fun words(e: IOException): String =
            when (e) {
                is SocketException, is SSLException -> e.message ?: e.javaClass.simpleName
                is UnknownHostException -> "the name of the server cannot be resolved"
                else -> e.javaClass.simpleName
            }
    }
}

/** The sockets of another factory, under an identity of its own. */
private class OwnSockets(
    private val factory: SSLSocketFactory,
) : SSLSocketFactory() {
    override fun getDefaultCipherSuites(): Array<String> = factory.defaultCipherSuites

    override fun getSupportedCipherSuites(): Array<String> = factory.supportedCipherSuites

    override fun createSocket(): Socket = factory.createSocket()

    override fun createSocket(
        socket: Socket,
        host: String,
        port: Int,
        autoClose: Boolean,
    ): Socket = factory.createSocket(socket, host, port, autoClose)

    override fun createSocket(
        host: String,
        port: Int,
    ): Socket = factory.createSocket(host, port)

    override fun createSocket(
        host: String,
        port: Int,
        localHost: InetAddress,
        localPort: Int,
    ): Socket = factory.createSocket(host, port, localHost, localPort)

    override fun createSocket(
        host: InetAddress,
        port: Int,
    ): Socket = factory.createSocket(host, port)

    override fun createSocket(
        address: InetAddress,
        port: Int,
        localAddress: InetAddress,
        localPort: Int,
    ): Socket = factory.createSocket(address, port, localAddress, localPort)
}
