package dev.proofkey

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.net.Socket

private const val WELL_KNOWN = "/.well-known/oauth-authorization-server"

/** An issuer's metadata, as an answer. */
internal fun metadata(
    issuer: String,
    more: String = "",
    methods: String = """["S256"]""",
): (Socket) -> Unit = respond(document(issuer, more, methods))

private fun document(
    issuer: String,
    more: String = "",
    methods: String = """["S256"]""",
) = """{"issuer":"$issuer","authorization_endpoint":"$issuer/authorize","token_endpoint":"$issuer/token",$more
    "code_challenge_methods_supported":$methods}"""

/** A server that is its own issuer: [says] makes the answer with its metadata from its address. */
internal class Issuer(
    private val says: (String) -> (Socket) -> Unit = { metadata(it) },
) : AutoCloseable {
    private val endpoint: TokenEndpoint = TokenEndpoint { answer()(it) }
    val url: String = endpoint.url.removeSuffix("/token")
    val requests: List<String> get() = endpoint.requests

    /** What was asked for, in its order. */
    val paths: List<String> get() = requests.map { it.split(" ")[1] }

    // A sign-in asks for one thing after the other.
    private fun answer(): (Socket) -> Unit =
        when (paths.last()) {
            WELL_KNOWN -> says(url)
            "/token" -> respond(TOKENS)
            else -> respond("{}", "404 Not Found")
        }

    override fun close() = endpoint.close()
}

/** Clients that are given the issuer alone. */
class DiscoveryTest {
    private val page = AppAuthenticator()

    private fun client(
        issuer: String,
        options: ClientOptions.() -> Unit = {},
    ) = ProofKeyClient(issuer, "agent", page) {
        redirectUri = "https://app.example/callback"
        options()
    }

    private fun signIn(client: ProofKeyClient): TokenSet = runBlocking { withTimeout(LONG) { client.signIn() } }

    private fun fails(client: ProofKeyClient): ProofKeyException =
        assertThrows(ProofKeyException::class.java) { signIn(client) }

    @Test
    fun `the issuer alone is enough`() {
        val client =
            ProofKeyClient(Server.issuer, Server.clientId, LoopbackAuthenticator(following)) {
                resource = Server.resource
                scopes = Server.scopes.take(1)
            }
        repeat(2) {
            signIn(client).use { tokens ->
                assertEquals(Server.issuer, tokens.issuer)
                assertEquals(Server.resource, tokens.resource)
                assertEquals(Server.scopes.take(1), tokens.scopes)
                assertTrue(tokens.exposeAccessToken().isNotEmpty())
            }
        }
    }

    @Test
    fun `the issuer is asked once`() {
        Issuer().use { site ->
            val client = client(site.url)
            repeat(2) { signIn(client) }
            assertEquals(listOf(WELL_KNOWN, "/token", "/token"), site.paths)
            val head = site.requests[0].lowercase()
            assertTrue(head.startsWith("get $WELL_KNOWN http/1.1\r\n")) { head }
            for (field in listOf("accept: application/json", "accept-encoding: identity", "user-agent: proofkey")) {
                assertTrue("$field\r\n" in head) { head }
            }
        }
    }

    @Test
    fun `without S256 nobody signs in but by an exception`() {
        Issuer { metadata(it, methods = """["plain"]""") }.use { site ->
            val error = fails(client(site.url))
            assertEquals("pkce_unsupported", error.code)
            assertTrue(error is ProofKeyException.FixConfiguration)
            assertEquals(0, page.closed)
            assertTrue(signIn(client(site.url) { allowMissingS256 = true }).exposeAccessToken().isNotEmpty())
        }
    }

    /** P11: no page is shown for metadata that cannot be used, and no redirect is followed. */
    @TestFactory
    fun `metadata that cannot be used`(): List<DynamicTest> {
        val large = """{"a":"${"x".repeat(70_000)}"}"""
        val answers: List<Triple<String, (String) -> (Socket) -> Unit, Int>> =
            listOf(
                Triple("metadata_issuer_mismatch", { _ -> metadata("http://127.0.0.1:1") }, 1),
                Triple("metadata_issuer_mismatch", { url -> metadata("$url/") }, 1),
                Triple("redirect_refused", { url -> respond("", "302 Found", "Location: $url/x") }, 1),
                Triple("server_unavailable", { _ -> respond("{}", "500 Oops") }, 1),
                Triple("unreachable", { _ -> respond(large) }, 1),
                Triple("metadata_not_found", { _ -> respond("{}", "404 Not Found") }, 2),
            )
        return answers.mapIndexed { at, (code, says, asked) ->
            dynamicTest("$at $code") {
                Issuer(says).use { site ->
                    assertEquals(code, fails(client(site.url)).code)
                    assertEquals(asked, site.requests.size)
                    assertEquals(0, page.closed)
                }
            }
        }
    }

    @Test
    fun `what the metadata promises is insisted on`() {
        Issuer { metadata(it, """"authorization_response_iss_parameter_supported":true,""") }.use { site ->
            assertEquals("issuer_missing", fails(client(site.url)).code)
        }
        // Who asks the issuer hears it from there.
        for (promise in listOf<ClientOptions.() -> Unit>({ issPromised = true }, { revocationEndpoint = ISSUER })) {
            val error = assertThrows(ProofKeyException.FixConfiguration::class.java) { client(ISSUER, promise) }
            assertTrue("is given without authorization_endpoint" in error.message.orEmpty())
        }
    }

    @Test
    fun `a cancel ends the wait for the issuer`() {
        TokenEndpoint { it.getInputStream().read() }.use { silent ->
            val client = client(silent.url.removeSuffix("/token"))
            val out = CompletableDeferred<Throwable?>()
            runBlocking {
                withTimeout(LONG) {
                    val task =
                        launch(Dispatchers.Default) { out.complete(runCatching { client.signIn() }.exceptionOrNull()) }
                    silent.arrived.arrives()
                    val begun = System.nanoTime()
                    task.cancel(CancellationException("the caller's own words"))
                    task.join()
                    // The address has 15 s.
                    assertTrue(System.nanoTime() - begun < 10_000_000_000)
                    assertEquals("the caller's own words", (out.await() as? CancellationException)?.message)
                }
            }
            assertEquals(0, page.closed)
        }
    }

    @Test
    fun `settings are checked before anyone is asked`() {
        val wrong: List<Pair<String, () -> Any>> =
            listOf(
                "issuer" to { client("") },
                "issuer" to { client("http://as.example") },
                "issuer" to { client("$ISSUER/?a=b") },
                "issuer" to { client("\uD800") },
                "client_id" to { ProofKeyClient(ISSUER, "", page) },
                "scopes" to { client(ISSUER) { scopes = listOf("a b") } },
            )
        for ((field, make) in wrong) {
            val error = assertThrows(ProofKeyException.FixConfiguration::class.java) { make() }
            assertEquals("invalid_configuration", error.code)
            assertTrue(error.message.orEmpty().startsWith(field)) { error.message }
        }
        client(ISSUER).close()
    }
}
