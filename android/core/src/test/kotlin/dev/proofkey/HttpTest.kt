package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.Lost
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.IOException
import java.net.Socket
import java.net.URL

internal fun request(
    url: String,
    timeoutMs: ULong = 20_000u,
    method: String = "POST",
) = HttpRequest(
    method,
    url,
    listOf(Header("Accept", "application/json")),
    if (method == "POST") "a=b".toByteArray() else null,
    1000u,
    timeoutMs,
)

/** One HTTP exchange, on both ways. HttpEndTest shows how it ends before its time. */
class HttpTest {
    private fun exchangeWith(
        scheme: String,
        method: String = "POST",
        answer: (Socket) -> Unit,
    ): Event =
        endpoint(scheme, answer).use { endpoint ->
            runBlocking { exchange(request(endpoint.url, method = method)) }
                .also { assertEquals(1, endpoint.requests.size) }
        }

    private fun response(event: Event) = (event as? Event.Response)?.response ?: error("$event")

    private fun <T> onBoth(
        cases: List<T>,
        name: (T) -> String,
        test: (String, T) -> Unit,
    ): List<DynamicTest> =
        SCHEMES.flatMap { scheme -> cases.map { dynamicTest("$scheme: ${name(it)}") { test(scheme, it) } } }

    @TestFactory
    fun `an answer comes as it was sent`(): List<DynamicTest> =
        onBoth(listOf("POST", "GET"), { it }) { scheme, method ->
            val answer = respond(TOKENS, "201 Created", "X-Twice: 1", "X-Twice: 2")
            val response = response(exchangeWith(scheme, method, answer))
            assertEquals(201, response.status.toInt())
            assertArrayEquals(TOKENS.toByteArray(), response.body)
            val twice = response.headers.filter { it.name == "X-Twice" }
            assertEquals(listOf("1", "2"), twice.map { it.value }.sorted())
        }

    @TestFactory
    fun `every status is an answer`(): List<DynamicTest> =
        onBoth(
            listOf("301 M", "302 F", "303 S", "307 T", "308 P", "400 B", "401 U", "404 N", "407 P", "500 E"),
            { it },
        ) { scheme, status ->
            val fields = arrayOf("Location: http://127.0.0.1:1/", "WWW-Authenticate: Basic realm=x")
            val response = response(exchangeWith(scheme, answer = respond("x", status, *fields)))
            assertEquals(status.take(3), "${response.status}")
            assertArrayEquals("x".toByteArray(), response.body)
        }

    /** The program's own passwords are for others: no server gets one, and no request is sent again with one. */
    @TestFactory
    fun `a server is given no password`(): List<DynamicTest> =
        onBoth(listOf("Basic realm=x", "Digest realm=x, nonce=y"), { it }) { scheme, challenge ->
            endpoint(scheme, respond(TOKENS, "401 Unauthorized", "WWW-Authenticate: $challenge")).use { endpoint ->
                Passwords().use { passwords ->
                    val response = response(runBlocking { exchange(request(endpoint.url)) })
                    assertArrayEquals(TOKENS.toByteArray(), response.body)
                    assertTrue(passwords.askedFor.isEmpty())
                }
                assertEquals(1, endpoint.requests.size)
                assertFalse("authorization:" in endpoint.requests[0].lowercase())
            }
        }

    @TestFactory
    fun `what is no whole answer`(): List<DynamicTest> =
        onBoth(
            listOf(
                Triple("one byte too many", respond("x".repeat(1001)), Lost.TOO_LARGE),
                Triple("announced", respond("x".repeat(9), "200 OK", "Content-Length: 1001"), Lost.TOO_LARGE),
                Triple("chunked", respond("7d1\r\n" + "x".repeat(2001), "200 OK", CHUNKED), Lost.TOO_LARGE),
                Triple("a byte less", respond("x".repeat(9), "200 OK", "Content-Length: 10"), Lost.LOST),
                Triple("two lengths", respond("x", "200 OK", "Content-Length: 1", "Content-Length: 2"), Lost.LOST),
                Triple("a chunk cut", respond("9\r\nxx", "200 OK", CHUNKED), Lost.LOST),
                Triple("no last chunk", respond("2\r\nxx\r\n", "200 OK", CHUNKED), Lost.LOST),
                Triple("no chunk", respond("-2\r\nxx\r\n0\r\n\r\n", "200 OK", CHUNKED), Lost.LOST),
                Triple("a chunk too long", respond("2\r\nxxx\r\n0\r\n\r\n", "200 OK", CHUNKED), Lost.LOST),
                Triple("nothing", raw(""), Lost.LOST),
                Triple("another protocol", raw("SSH-2.0-x\r\n"), Lost.LOST),
            ),
            { it.first },
        ) { scheme, (_, answer, reason) ->
            // A request is sent once, whatever became of it (P14): exchangeWith counts them.
            for (method in listOf("POST", "GET")) {
                assertEquals(reason, (exchangeWith(scheme, method, answer) as Event.Unreachable).reason)
            }
        }

    private fun raw(text: String) = { it: Socket -> it.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1)) }

    @TestFactory
    fun `a body ends where it says`(): List<DynamicTest> =
        onBoth(
            listOf(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay",
                "HTTP/1.0 200 OK\r\n\r\nok",
                "HTTP/1.1 200 \r\n$CHUNKED\r\n\r\n1;a=b\r\no\r\n001\r\nk\r\n0\r\nX: y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            ),
            { it.replace("\r\n", " ") },
        ) { scheme, answer ->
            assertEquals(
                "ok",
                response(exchangeWith(scheme, answer = raw(answer))).body.decodeToString(),
            )
        }

    /** Of the package's own HTTP; the platform's has its own mind. */
    @Test
    fun `a head may be odd`() {
        val odd = "HTTP/1.1 103 Early\r\nX: no\r\n\r\nHTTP/1.1 200\nX:  a\r\n\tb \r\nY:\r\nContent-Length: 2, 2\r\n\r\nok"
        val response = response(exchangeWith("http", answer = raw(odd)))
        assertEquals("ok", response.body.decodeToString())
        val fields = response.headers.map { it.name to it.value }
        assertEquals(listOf("X" to "a b", "Y" to "", "Content-Length" to "2, 2"), fields)
    }

    @TestFactory
    fun `a head is bounded and has a form`(): List<DynamicTest> =
        listOf(
            "HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(12_000) + "\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(5_000),
            "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
            "HTTP/1.1 200 OK\r\n X: y\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: y\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 099 OK\r\n\r\n",
            "HTTP/2 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nx",
        ).map { answer ->
            dynamicTest(answer.take(50).replace("\r\n", " ")) {
                assertEquals(Lost.LOST, (exchangeWith("http", answer = raw(answer)) as Event.Unreachable).reason)
            }
        }

    /** What would end a field or a line is not sent, and nothing else is sent then. */
    @TestFactory
    fun `a request that cannot be written`(): List<DynamicTest> =
        listOf("/a b", "/a\u00e4").map { path -> dynamicTest(path) { refuses(path, Header("Accept", "x")) } } +
            listOf("a\r\nX: y", "a\nb", "\u0000").map { dynamicTest(it.trim()) { refuses("/", Header("Accept", it)) } }

    private fun refuses(
        path: String,
        field: Header,
    ) = TokenEndpoint {}.use { endpoint ->
        val url = endpoint.url.removeSuffix("/token") + path
        val event = runBlocking { exchange(HttpRequest("POST", url, listOf(field), null, 1u, 20_000u)) }
        assertEquals(Lost.NOT_CONNECTED, (event as Event.Unreachable).reason)
        assertTrue(endpoint.requests.isEmpty())
    }

    @TestFactory
    fun `a body of exactly the limit`(): List<DynamicTest> =
        onBoth(listOf(1000), { "$it bytes" }) { scheme, size ->
            assertEquals(size, response(exchangeWith(scheme, answer = respond("x".repeat(size)))).body.size)
        }

    /** As on Android and on Java 8, where the platform is kept from repeating a request by its streaming. */
    @Test
    fun `a request that streams is sent once`() {
        TokenEndpoint {}.use { endpoint ->
            assertThrows(IOException::class.java) {
                PlatformHttp(request(endpoint.url), URL(endpoint.url), Line()).exchange()
            }
            assertEquals(1, endpoint.requests.size)
        }
    }

    @Test
    fun `nothing was sent`() {
        for (url in listOf(
            "http://127.0.0.1:1/",
            "https://127.0.0.1:1/",
            "ftp://x.invalid/",
            "file:///etc/passwd",
            "nonsense",
        )) {
            val event = runBlocking { exchange(request(url)) }
            assertEquals(Lost.NOT_CONNECTED, (event as Event.Unreachable).reason, url)
        }
    }

    @Test
    fun `a server without TLS behind https gets nothing`() {
        TokenEndpoint {}.use { endpoint ->
            val event = runBlocking { exchange(request(endpoint.url.replace("http:", "https:"), 2000u)) }
            assertEquals(Lost.NOT_CONNECTED, (event as Event.Unreachable).reason)
            assertTrue(endpoint.requests.none { "a=b" in it })
        }
    }

    /** A certificate for the address alone: the name is another (RFC 9110 §4.3.4). */
    @Test
    fun `a server that is not the one gets nothing`() {
        endpoint("https", respond(TOKENS)).use { endpoint ->
            val event = runBlocking { exchange(request(endpoint.url.replace("127.0.0.1", "localhost"))) }
            assertEquals(Lost.NOT_CONNECTED, (event as Event.Unreachable).reason)
            assertTrue(endpoint.requests.none { "a=b" in it })
        }
    }
}

internal const val CHUNKED = "Transfer-Encoding: chunked"
