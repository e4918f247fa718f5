package dev.proofkey

import dev.proofkey.runner.parameter
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.Proxy
import java.net.ServerSocket
import java.net.Socket
import java.net.URL
import java.util.Collections
import kotlin.time.Duration.Companion.seconds

/** Whole sign-ins, against the development server and against token endpoints that misbehave. */
class SignInTest {
    private fun signIn(client: ProofKeyClient): TokenSet = runBlocking { withTimeout(LONG) { client.use { it.signIn() } } }

    private inline fun <reified E : ProofKeyException> fails(client: ProofKeyClient): E =
        assertThrows(E::class.java) { signIn(client) }

    @Test
    fun `a sign-in gives a token that the resource takes`() {
        signIn(Server.client { scopes = Server.scopes.take(1) }).use { tokens ->
            assertEquals(Server.issuer, tokens.issuer)
            assertEquals(Server.clientId, tokens.clientId)
            assertEquals(Server.resource, tokens.resource)
            assertEquals(Server.scopes.take(1), tokens.scopes)
            assertTrue(checkNotNull(tokens.expiresAt) > System.currentTimeMillis() / 1000)
            val request = URL(Server.resource).openConnection(Proxy.NO_PROXY) as HttpURLConnection
            request.setRequestProperty("Authorization", "Bearer ${tokens.exposeAccessToken()}")
            val answer = JSONObject(request.inputStream.reader().readText())
            assertEquals(Server.clientId, answer.getString("client_id"))
        }
    }

    @Test
    fun `the place of the redirect can be named`() {
        val places: List<ClientOptions.() -> Unit> =
            listOf(
                { redirectUri = "http://[::1]/callback" },
                { redirectUri = "http://127.0.0.1/callback" },
                { port = 0 },
            )
        for (place in places) assertTrue(signIn(Server.client(options = place)).exposeAccessToken().isNotEmpty())
    }

    @Test
    fun `a thousand coroutines sign in at once on one client`() {
        // Every connection answers with a token of its own.
        val answer = { connection: Socket ->
            respond("""{"access_token":"token-${connection.port}","token_type":"Bearer"}""")(connection)
        }
        TokenEndpoint(answer).use { endpoint ->
            val client = endpoint.client(AppAuthenticator()) { redirectUri = "https://app.example/callback" }
            val tokens =
                runBlocking(Dispatchers.Default) {
                    withTimeout(4 * LONG) { List(1000) { async { client.signIn().exposeAccessToken() } }.awaitAll() }
                }
            assertEquals(1000, tokens.size)
            assertEquals(1000, endpoint.requests.size)
            val verifiers =
                endpoint.requests.map {
                    dev.proofkey.runner
                        .form(
                            it.substringAfter("\r\n\r\n"),
                        ).getValue("code_verifier")
                }
            assertEquals(1000, verifiers.toSet().size)
        }
    }

    @Test
    fun `noise ends nothing`() {
        // P6: a redirect without our state is not an answer.
        val noisy =
            Browser { url ->
                inBackground {
                    visit(parameter(url, "redirect_uri") + "?code=stolen&state=guessed")
                    visit(url)
                }
            }
        assertTrue(signIn(Server.client(LoopbackAuthenticator(noisy))).exposeAccessToken().isNotEmpty())
    }

    @Test
    fun `noise ends a sign-in whose platform gives one redirect, and says why`() {
        val wrong =
            AppAuthenticator(givesOneRedirect = true) { "${parameter(it, "redirect_uri")}?code=stolen&state=guessed" }
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val client = endpoint.client(wrong) { redirectUri = "https://app.example/callback" }
            val error = fails<ProofKeyException>(client)
            assertFalse("stolen" in error.toString())
            assertTrue(endpoint.requests.isEmpty())
            assertEquals(1, wrong.closed)
        }
    }

    @Test
    fun `the user says no at the server`() {
        val refusing =
            Browser { url ->
                val back = "?error=access_denied&state=${parameter(url, "state")}&iss=${Server.issuer}"
                inBackground { visit(parameter(url, "redirect_uri") + back) }
            }
        val error = fails<ProofKeyException.UserCancelled>(Server.client(LoopbackAuthenticator(refusing)))
        assertEquals("access_denied", error.code)
    }

    @Test
    fun `the user closes the page`() {
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val client = endpoint.client(AppAuthenticator { null }) { redirectUri = "https://app.example/callback" }
            assertEquals("user_cancelled", fails<ProofKeyException.UserCancelled>(client).code)
        }
    }

    @Test
    fun `nobody comes`() {
        val error = fails<ProofKeyException.SignInAgain>(Server.client(LoopbackAuthenticator {}) { timeout = 1.seconds })
        assertEquals("redirect_timeout", error.code)
    }

    @Test
    fun `a browser that is missing says so, and what else it throws is the caller's`() {
        val missing = LoopbackAuthenticator { throw BrowserFailedException("there is none") }
        val error = fails<ProofKeyException.FixConfiguration>(Server.client(missing))
        assertEquals("browser_failed", error.code)
        assertTrue("there is none" in error.message.orEmpty())
        val own = LoopbackAuthenticator { throw UnsupportedOperationException("the caller's") }
        assertThrows(UnsupportedOperationException::class.java) { signIn(Server.client(own)) }
    }

    @Test
    fun `a redirect that this authenticator cannot receive`() {
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val elsewhere = endpoint.client(approving) { redirectUri = "https://app.example/callback" }
            assertEquals("browser_failed", fails<ProofKeyException.FixConfiguration>(elsewhere).code)
            assertTrue("loopback" in fails<ProofKeyException>(endpoint.client(AppAuthenticator())).message.orEmpty())
        }
    }

    @Test
    fun `a port in use says so`() {
        ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { taken ->
            val error = fails<ProofKeyException.Retry>(Server.client { port = taken.localPort })
            assertEquals("port_in_use", error.code)
            assertTrue("${taken.localPort}" in error.message.orEmpty())
        }
    }

    @Test
    fun `a cut line sends nothing twice`() {
        // P14: a server that reads the token request and cuts the line gets exactly one.
        TokenEndpoint {}.use { endpoint ->
            assertEquals("unreachable", fails<ProofKeyException.Retry>(endpoint.client()).code)
            assertEquals(1, endpoint.requests.size)
            assertTrue(endpoint.requests[0].startsWith("POST /token HTTP/1.1\r\n"))
        }
    }

    @TestFactory
    fun `what is sent is what the core wrote`(): List<DynamicTest> =
        SCHEMES.map { scheme ->
            dynamicTest(scheme) {
                endpoint(scheme, respond(TOKENS)).use { endpoint ->
                    signIn(endpoint.client())
                    val (head, body) = endpoint.requests[0].split("\r\n\r\n")
                    val fields = head.split("\r\n").drop(1)
                    val needed = mutableListOf("accept", "accept-encoding", "content-type", "content-length")
                    needed += listOf("connection", "host", "user-agent")
                    // What the JVM makes of "no cache, please".
                    if (scheme == "https") needed += listOf("cache-control", "pragma")
                    assertEquals(needed.sorted(), fields.map { it.substringBefore(":").lowercase() }.sorted())
                    assertTrue("User-Agent: ProofKey" in fields && "Connection: close" in fields)
                    assertTrue("Host: ${endpoint.url.substringAfter("//").substringBefore("/")}" in fields)
                    assertTrue("code=$CODE" in body)
                }
            }
        }

    /** The user sees the program again, not the page, while it waits for the tokens. */
    @Test
    fun `the page goes before the code is redeemed`() {
        val page = AppAuthenticator()
        val closed = Collections.synchronizedList(mutableListOf<Int>())
        val answer = { connection: Socket ->
            closed += page.closed
            respond(TOKENS)(connection)
        }
        TokenEndpoint(answer).use { endpoint ->
            signIn(endpoint.client(page) { redirectUri = "https://app.example/callback" })
            assertEquals(listOf(1), closed.toList())
            assertEquals(1, page.closed)
        }
    }

    /** P14, P15: nothing is followed, nothing larger than allowed is kept, a part is no answer. */
    @TestFactory
    fun `answers that are none`(): List<DynamicTest> {
        val large = "x".repeat(70_000)
        val answers =
            listOf(
                Triple("redirect", respond("", "302 Found", "Location: http://127.0.0.1:1/"), "redirect_refused"),
                Triple("announced too large", respond("x", "200 OK", "Content-Length: 70000"), "unreachable"),
                Triple("cut", respond(TOKENS.take(9), "200 OK", "Content-Length: ${TOKENS.length}"), "unreachable"),
                Triple("too large", respond(large, "200 OK", "Transfer-Encoding: identity"), "unreachable"),
                Triple("bad chunk", respond("zz\r\n", "200 OK", "Transfer-Encoding: chunked"), "unreachable"),
                Triple(
                    "no HTTP",
                    { it: Socket -> it.getOutputStream().write(byteArrayOf(0, -1, 13, 10, 13, 10)) },
                    "unreachable",
                ),
                Triple("busy", respond("{}", "503 Busy"), "server_unavailable"),
                Triple("refused", respond("""{"error":"invalid_grant"}""", "400 Bad Request"), "invalid_grant"),
                Triple("garbage", respond("\u00ff\u00fe"), "malformed_response"),
            )
        return answers.map { (name, answer, code) ->
            dynamicTest(name) {
                TokenEndpoint(answer).use { endpoint ->
                    assertEquals(code, fails<ProofKeyException>(endpoint.client()).code)
                    assertEquals(1, endpoint.requests.size)
                }
            }
        }
    }

    @Test
    fun `nobody listens at the token endpoint`() {
        val client = TokenEndpoint(respond(TOKENS)).use { it.client() }
        val error = fails<ProofKeyException.Retry>(client)
        assertEquals("unreachable", error.code)
        assertTrue("no connection could be made" in error.message.orEmpty()) { error.message }
        assertNull(error.cause)
    }
}

/**
 * A platform whose page answers at once: with what [redirect] makes of the URL, or by being closed. As the phones'
 * authenticators it watches a URI and opens no port.
 */
internal class AppAuthenticator(
    private val givesOneRedirect: Boolean = false,
    private val redirect: (
        String,
    ) -> String? = { "${parameter(it, "redirect_uri")}?code=$CODE&state=${parameter(it, "state")}" },
) : WebAuthenticator {
    private val closings = Collections.synchronizedList(mutableListOf<Unit>())
    val closed: Int
        get() = closings.size

    override suspend fun open(page: WebPage): WebSession =
        object : WebSession {
            override val givesOneRedirect = this@AppAuthenticator.givesOneRedirect

            override suspend fun next() = redirect(page.url)?.let(WebResult::Redirect) ?: WebResult.Dismissed

            override fun close() {
                closings += Unit
            }
        }
}
