package dev.proofkey

import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.HttpResponse
import java.io.BufferedInputStream
import java.io.ByteArrayOutputStream
import java.io.EOFException
import java.io.IOException
import java.io.InputStream
import java.net.ConnectException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.Socket
import java.net.URL

/**
 * Without TLS, to a server on this machine: HTTP/1.1 (RFC 9112) over a socket.
 *
 * Nothing of the platform's HTTP is missed there, neither proxy nor trust store. And the JVM's cannot be told to stop:
 * while it waits for a body, the one who closes it waits too, and without TLS its socket is out of reach.
 */
internal class PlainHttp(
    private val request: HttpRequest,
    private val url: URL,
    private val line: Line,
) : Http {
    private val milliseconds = request.timeoutMs.coerceIn(1u, Int.MAX_VALUE.toULong()).toInt()

    override fun exchange(): HttpResponse {
        val head = head()
        return connect().use { socket ->
            socket.soTimeout = milliseconds
            line.connected()
            val out = socket.getOutputStream()
            out.write(head + (request.body ?: ByteArray(0)))
            out.flush()
            answer(BufferedInputStream(socket.getInputStream()))
        }
    }

    /** `localhost` may have two addresses, and the server one. Nothing is sent before a connection stands. */
    private fun connect(): Socket {
        val port = if (url.port < 0) url.defaultPort else url.port
        var failure: IOException = ConnectException("the name has no address")
        for (address in InetAddress.getAllByName(url.host)) {
            val socket = Socket(Proxy.NO_PROXY)
            try {
                socket.connect(InetSocketAddress(address, port), milliseconds)
                line.over(socket)
                return socket
            } catch (e: IOException) {
                socket.close()
                failure = e
            }
        }
        throw failure
    }

    private fun head(): ByteArray {
        val host = if (url.port < 0) url.host else "${url.host}:${url.port}"
        val fields = mutableListOf(Header("Host", host))
        fields += request.headers
        fields += Header("User-Agent", "ProofKey")
        fields += Header("Connection", "close")
        request.body?.let { fields += Header("Content-Length", "${it.size}") }
        // What ends a line or a field would say something else than the core wrote (RFC 9112 §11.1).
        require(
            url.file.all { it in '!'..'~' } && fields.all { field -> "${field.name}${field.value}".all { it in ' '..'~' } },
        )
        val target = if (url.file.startsWith("/")) url.file else "/${url.file}"
        val lines = fields.joinToString("") { "${it.name}: ${it.value}\r\n" }
        return "${request.method} $target HTTP/1.1\r\n$lines\r\n".toByteArray(Charsets.ISO_8859_1)
    }

    private fun answer(from: InputStream): HttpResponse {
        val reader = HeadReader(from)
        var status = reader.status()
        var headers = reader.fields()
        // Answers before the answer (RFC 9110 §15.2). Their number is bounded by the head's size.
        while (status in INTERIM) {
            status = reader.status()
            headers = reader.fields()
        }
        val body =
            when {
                status == NO_CONTENT || status == NOT_MODIFIED -> ByteArray(0)
                isChunked(headers) -> readBody(Chunks(from), null, request.maxBody.toLong())
                else -> readBody(from, bodyLength(headers), request.maxBody.toLong())
            }
        return HttpResponse(status.toUShort(), headers, body)
    }

    /** Whether chunks are what ends the body; by other codings it goes on to the end (RFC 9112 §6.3). */
    private fun isChunked(headers: List<Header>): Boolean =
        headers
            .lastOrNull { it.name.equals("Transfer-Encoding", ignoreCase = true) }
            ?.value
            ?.substringAfterLast(',')
            ?.trim()
            .equals("chunked", ignoreCase = true)

    private companion object {
        val INTERIM = 100..199
        const val NO_CONTENT = 204
        const val NOT_MODIFIED = 304
    }
}

/** The lines before a body, of a bounded size. */
private class HeadReader(
    private val from: InputStream,
) {
    private var left = MOST

    /** RFC 9112 §4. */
    fun status(): Int =
        STATUS
            .matchAt(line(), 0)
            ?.groupValues
            ?.get(1)
            ?.toInt() ?: throw NoAnswer("what came is no HTTP answer")

    /** RFC 9112 §5. A field that goes on in the next line is put together (§5.2). */
    fun fields(): List<Header> {
        val fields = mutableListOf<Header>()
        while (true) {
            val line = line()
            if (line.isEmpty()) return fields
            if (line[0] in BLANK) {
                val begun = fields.removeLastOrNull() ?: throw NoAnswer("a field of the answer has no name")
                fields += Header(begun.name, "${begun.value} ${line.trim(*BLANK)}")
            } else {
                val name = line.substringBefore(':', "")
                if (!NAME.matches(name)) throw NoAnswer("a line of the answer is no field")
                fields += Header(name, line.substring(name.length + 1).trim(*BLANK))
            }
        }
    }

    private fun line(): String = readLine(from, left).also { left -= it.length + 2 }

    private companion object {
        /** Of status and fields together, in bytes. */
        const val MOST = 65_536
        val BLANK = charArrayOf(' ', '\t')
        val STATUS = Regex("""HTTP/1\.[0-9] ([1-9][0-9]{2})(?: |$)""")
        val NAME = Regex("""[!#$%&'*+.^_`|~0-9A-Za-z-]+""")
    }
}

/** The content of a chunked body (RFC 9112 §7.1). It ends with the last chunk: what may follow is not needed. */
private class Chunks(
    private val from: InputStream,
) : InputStream() {
    private var left = 0L
    private var isOver = false
    private var isFirst = true

    override fun read(): Int {
        val one = ByteArray(1)
        return if (read(one, 0, 1) < 0) -1 else one[0].toInt() and 0xff
    }

    override fun read(
        into: ByteArray,
        offset: Int,
        length: Int,
    ): Int {
        if (left == 0L && !isOver) next()
        if (isOver) return -1
        val count = from.read(into, offset, minOf(length.toLong(), left).toInt())
        if (count < 0) throw EOFException()
        left -= count
        return count
    }

    private fun next() {
        if (!isFirst && readLine(from, 0).isNotEmpty()) throw NoAnswer("a chunk is longer than it says")
        isFirst = false
        val size = SIZE.matchEntire(readLine(from, MOST_OF_A_SIZE))?.groupValues?.get(1)
        left = size?.toLong(16) ?: throw NoAnswer("a chunk has no size")
        isOver = left == 0L
    }

    private companion object {
        const val MOST_OF_A_SIZE = 1024
        val SIZE = Regex("""0*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?""")
    }
}

/** A line of at most [most] characters, without its end. */
private fun readLine(
    from: InputStream,
    most: Int,
): String {
    val line = ByteArrayOutputStream()
    while (true) {
        when (val byte = from.read()) {
            -1 -> throw EOFException()
            LF -> return line.toString(Charsets.ISO_8859_1.name()).removeSuffix("\r")
            else -> line.write(byte)
        }
        // One more: the line's end may have two.
        if (line.size() > most + 1) throw NoAnswer("a line of the answer is too long")
    }
}

private const val LF = '\n'.code
