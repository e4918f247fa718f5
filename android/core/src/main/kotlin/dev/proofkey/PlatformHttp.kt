package dev.proofkey

import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.HttpResponse
import java.io.IOException
import java.net.Authenticator
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.PasswordAuthentication
import java.net.Proxy
import java.net.Socket
import java.net.SocketException
import java.net.URL
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.SSLSocketFactory

/**
 * By `HttpURLConnection`, which both the JVM and Android have, with the platform's proxies and trust store.
 *
 * That class repeats a request whose connection dies. On the JVM it gets one socket and never a second ([OneSocket]);
 * elsewhere the body is of a fixed length that streams, which it cannot repeat either. A GET has no body: on Android
 * it may be repeated once, by the platform. It does no harm: only metadata is asked for by GET, and to ask for it
 * changes nothing at the server (RFC 9110 §9.2.2).
 *
 * On the JVM the body of a 401 does not come out of a request that streams, so only Java 8 still has such requests.
 */
internal class PlatformHttp(
    private val request: HttpRequest,
    private val url: URL,
    private val line: Line,
) : Http {
    override fun exchange(): HttpResponse {
        // What goes to this machine is never shown to a proxy.
        val made = if (isLocal(url)) url.openConnection(Proxy.NO_PROXY) else url.openConnection()
        val opened = made as? HttpURLConnection ?: throw NoAnswer("the address is neither http nor https")
        line.onEnd(opened::disconnect)
        try {
            prepare(opened)
            send(opened)
            return answer(opened)
        } finally {
            opened.disconnect()
        }
    }

    private fun prepare(opened: HttpURLConnection) {
        val milliseconds = request.timeoutMs.coerceIn(1u, Int.MAX_VALUE.toULong()).toInt()
        opened.connectTimeout = milliseconds
        opened.readTimeout = milliseconds
        opened.requestMethod = request.method
        opened.instanceFollowRedirects = false
        opened.useCaches = false
        opened.allowUserInteraction = false
        for (field in request.headers) opened.addRequestProperty(field.name, field.value)
        // No connection is kept, so none can be found dead and used again.
        opened.setRequestProperty("Connection", "close")
        // Else it is the system's and names the phone's model.
        opened.setRequestProperty("User-Agent", "ProofKey")
        val body = request.body
        if (body != null) opened.doOutput = true
        val once = opened is HttpsURLConnection && !onAndroid
        if (once) (opened as HttpsURLConnection).let { it.sslSocketFactory = OneSocket(line, it.sslSocketFactory) }
        if (once && canLeaveOthersOut) {
            opened.setAuthenticator(ForProxiesAlone)
        } else if (body != null) {
            opened.setFixedLengthStreamingMode(body.size)
        }
    }

    private fun send(opened: HttpURLConnection) {
        opened.connect()
        line.connected()
        request.body?.let { body -> opened.outputStream.use { it.write(body) } }
    }

    private fun answer(opened: HttpURLConnection): HttpResponse {
        val status = opened.responseCode
        if (status !in STATUSES) throw NoAnswer("what came is no HTTP answer")
        val headers = fields(opened)
        val stream = opened.errorStream ?: if (status < HttpURLConnection.HTTP_BAD_REQUEST) opened.inputStream else null
        // Without a stream there was no body, or it is lost: see above.
        val body = stream?.use { readBody(it, bodyLength(headers), request.maxBody.toLong()) } ?: ByteArray(0)
        return HttpResponse(status.toUShort(), headers, body)
    }

    private fun fields(opened: HttpURLConnection): List<Header> {
        val fields = mutableListOf<Header>()
        var at = 0
        while (true) {
            val value = opened.getHeaderField(at) ?: return fields
            // The first is the status line and has no name.
            opened.getHeaderFieldKey(at)?.let { fields += Header(clean(it), clean(value)) }
            at++
        }
    }

    private companion object {
        val STATUSES = 100..999

        /** Whether a connection can be told whom to ask for a password: since Java 9. */
        val canLeaveOthersOut =
            !onAndroid && HttpURLConnection::class.java.methods.any { it.name == "setAuthenticator" }
    }
}

/**
 * TLS of another factory over one connection, which the [line] can close. Whoever asks for a second wants to send the
 * request again, and gets none. The JVM keeps connections that the server leaves open by their factory: this one is
 * never found again.
 */
private class OneSocket(
    private val line: Line,
    private val factory: SSLSocketFactory,
) : SSLSocketFactory() {
    override fun getDefaultCipherSuites(): Array<String> = factory.defaultCipherSuites

    override fun getSupportedCipherSuites(): Array<String> = factory.supportedCipherSuites

    /** The way that the JVM takes where a factory has no `createSocket()`: it connects, also through a proxy. */
    override fun createSocket(
        socket: Socket,
        host: String,
        port: Int,
        autoClose: Boolean,
    ): Socket {
        // Not the TLS above it, whose end waits for others.
        line.over(socket)
        return factory.createSocket(socket, host, port, autoClose)
    }

    override fun createSocket(
        host: String,
        port: Int,
    ): Socket = throw none()

    override fun createSocket(
        host: String,
        port: Int,
        localHost: InetAddress,
        localPort: Int,
    ): Socket = throw none()

    override fun createSocket(
        host: InetAddress,
        port: Int,
    ): Socket = throw none()

    override fun createSocket(
        address: InetAddress,
        port: Int,
        localAddress: InetAddress,
        localPort: Int,
    ): Socket = throw none()

    private fun none(): IOException = SocketException("no connection can be made here")
}

/** A server gets no password of the program's, and no second request with one. A proxy gets the one that it is for. */
internal object ForProxiesAlone : Authenticator() {
    override fun getPasswordAuthentication(): PasswordAuthentication? =
        if (requestorType != RequestorType.PROXY) {
            null
        } else {
            requestPasswordAuthentication(
                getDefault(),
                requestingHost,
                requestingSite,
                requestingPort,
                requestingProtocol,
                requestingPrompt,
                requestingScheme,
                requestingURL,
                requestorType,
            )
        }
}
