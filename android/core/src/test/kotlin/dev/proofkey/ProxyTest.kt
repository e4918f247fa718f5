package dev.proofkey

import dev.proofkey.internal.Event
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.Authenticator
import java.net.InetAddress
import java.net.PasswordAuthentication
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** The program's passwords, for all who ask, as long as it is open. */
internal class Passwords :
    Authenticator(),
    AutoCloseable {
    val askedFor = CopyOnWriteArrayList<String>()

    init {
        setDefault(this)
    }

    override fun getPasswordAuthentication(): PasswordAuthentication {
        askedFor += "$requestorType"
        return PasswordAuthentication("me", "p".toCharArray())
    }

    override fun close() = setDefault(null)
}

/** A proxy that carries every tunnel to one server, and asks for a password first if it is told to. */
private class Tunnels(
    private val server: TokenEndpoint,
    private val asks: Boolean = false,
) : AutoCloseable {
    val heads = CopyOnWriteArrayList<String>()
    private val listener = ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))
    val port = listener.localPort

    init {
        inBackground {
            try {
                while (true) listener.accept().let { connection -> inBackground { connection.use(::serve) } }
            } catch (_: IOException) {
            }
        }
    }

    private fun serve(connection: Socket) {
        val head = readRequest(connection.getInputStream())
        heads += head
        val out = connection.getOutputStream()
        if (asks && "\r\nproxy-authorization: digest " !in head.lowercase()) {
            val fields = "Proxy-Authenticate: Digest realm=x, nonce=y\r\nContent-Length: 0\r\nConnection: close"
            out.write("HTTP/1.1 407 Who are you\r\n$fields\r\n\r\n".toByteArray())
            return
        }
        out.write("HTTP/1.1 200 Go on\r\n\r\n".toByteArray())
        Socket("127.0.0.1", URI(server.url).port).use { other ->
            inBackground { carry(other, connection) }
            carry(connection, other)
        }
    }

    private fun carry(
        from: Socket,
        to: Socket,
    ) {
        try {
            from.getInputStream().transferTo(to.getOutputStream())
            to.shutdownOutput()
        } catch (_: IOException) {
            to.close()
        }
    }

    override fun close() = listener.close()
}

/** The platform's proxies, and the passwords that the program has for them. */
class ProxyTest {
    private fun through(
        port: Int,
        run: () -> Unit,
    ) {
        val settings =
            listOf("http", "https").flatMap { listOf("$it.proxyHost" to "127.0.0.1", "$it.proxyPort" to "$port") } +
                ("http.nonProxyHosts" to "")
        val before = settings.map { (name, _) -> name to System.getProperty(name) }
        settings.forEach { (name, value) -> System.setProperty(name, value) }
        try {
            run()
        } finally {
            before.forEach { (name, value) ->
                if (value == null) System.clearProperty(name) else System.setProperty(name, value)
            }
        }
    }

    private fun tokens(url: String) {
        val event = runBlocking { exchange(request(url)) }
        assertArrayEquals(TOKENS.toByteArray(), (event as? Event.Response ?: error("$event")).response.body)
    }

    @Test
    fun `a proxy sees nothing that goes to this machine`() {
        for (scheme in SCHEMES) {
            endpoint(scheme, respond(TOKENS)).use { endpoint ->
                TokenEndpoint {}.use { proxy ->
                    through(URI(proxy.url).port) { tokens(endpoint.url) }
                    assertTrue(proxy.requests.isEmpty())
                }
            }
        }
    }

    @Test
    fun `a proxy carries what goes elsewhere and cannot read it`() {
        endpoint("https", respond(TOKENS)).use { endpoint ->
            Tunnels(endpoint).use { proxy ->
                through(proxy.port) { tokens("https://$ELSEWHERE/token") }
                assertEquals(listOf("CONNECT $ELSEWHERE:443 HTTP/1.1"), proxy.heads.map { it.substringBefore("\r\n") })
                assertFalse("a=b" in proxy.heads[0])
                assertEquals(1, endpoint.requests.size)
            }
        }
    }

    @Test
    fun `a proxy is given the program's password for it, and the server is not`() {
        val refuse = respond(TOKENS, "401 Unauthorized", "WWW-Authenticate: Digest realm=x, nonce=y")
        endpoint("https", refuse).use { endpoint ->
            Tunnels(endpoint, asks = true).use { proxy ->
                Passwords().use { passwords ->
                    through(proxy.port) { tokens("https://$ELSEWHERE/token") }
                    assertEquals(listOf("PROXY"), passwords.askedFor.toList())
                }
                assertEquals(2, proxy.heads.size)
                assertTrue("username=\"me\"" in proxy.heads[1])
                assertEquals(1, endpoint.requests.size)
                assertFalse("authorization:" in endpoint.requests[0].lowercase())
            }
        }
    }

    @Test
    fun `what a proxy carries is sent once`() {
        endpoint("https") {}.use { endpoint ->
            Tunnels(endpoint).use { proxy ->
                through(proxy.port) {
                    for (method in listOf("POST", "GET")) {
                        val event = runBlocking { exchange(request("https://$ELSEWHERE/token", method = method)) }
                        assertTrue(event is Event.Unreachable)
                    }
                }
                assertEquals(2, endpoint.requests.size)
            }
        }
    }

    @Test
    fun `a cancel closes the way through a proxy`() {
        val gone = CountDownLatch(1)
        val stall = { connection: Socket ->
            connection.getOutputStream().write("HTTP/1.1 200 OK\r\n$CHUNKED\r\n\r\n1ff\r\nx".toByteArray())
            connection.goes()
            gone.countDown()
        }
        endpoint("https", stall).use { endpoint ->
            Tunnels(endpoint).use { proxy ->
                through(proxy.port) {
                    runBlocking {
                        withTimeout(LONG) {
                            val task =
                                async(Dispatchers.Default) { exchange(request("https://$ELSEWHERE/token", 60_000u)) }
                            withContext(Dispatchers.IO) { endpoint.arrived.arrives() }
                            task.cancel()
                            task.join()
                        }
                    }
                }
                assertTrue(gone.await(5, TimeUnit.SECONDS)) { "the connection is still open" }
            }
        }
    }

    /** To a name elsewhere without TLS, which the core never asks for: the platform knows what to do. */
    @Test
    fun `a proxy sees what goes elsewhere without TLS`() {
        TokenEndpoint(respond(TOKENS)).use { proxy ->
            through(URI(proxy.url).port) { tokens("http://$ELSEWHERE/token") }
            assertEquals(listOf("POST http://$ELSEWHERE/token HTTP/1.1"), proxy.requests.map { it.substringBefore("\r\n") })
        }
    }
}
