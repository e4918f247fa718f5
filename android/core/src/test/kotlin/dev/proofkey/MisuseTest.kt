package dev.proofkey

import dev.proofkey.runner.parameter
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** What cannot be used is an error of its family that says what to do. */
class MisuseTest {
    private fun client(
        issuer: String = ISSUER,
        token: String = "$ISSUER/token",
        id: String = "agent",
        options: ClientOptions.() -> Unit = {},
    ) = ProofKeyClient(issuer, "$ISSUER/authorize", token, id, AppAuthenticator(), options)

    private fun fixes(call: () -> Any?): ProofKeyException.FixConfiguration =
        assertThrows(ProofKeyException.FixConfiguration::class.java) { call() }

    @TestFactory
    fun `a setting that cannot be used`(): List<DynamicTest> {
        val half = "\uD800"
        val wrong: List<Pair<String, () -> Any>> =
            listOf(
                "issuer" to { client(issuer = "http://as.example") },
                "issuer" to { client(issuer = "") },
                "issuer" to { client(issuer = half) },
                "token_endpoint" to { client(token = "https://as.example/token#fragment") },
                "client_id" to { client(id = "") },
                "client_id" to { client(id = "ä") },
                "scopes[1]" to { client { scopes = listOf("a", half) } },
                "scopes" to { client { scopes = listOf("a b") } },
                "resource" to { client { resource = "not a uri" } },
                "port" to { client { port = 65536 } },
                "port" to { client { port = -1 } },
                "redirect_path" to { client { redirectPath = "callback" } },
                "redirect_path" to { client { redirectPath = half } },
                "browse_timeout_ms" to { client { timeout = Duration.ZERO } },
                "browse_timeout_ms" to { client { timeout = 2.hours } },
                "browse_timeout_ms" to { client { timeout = Duration.INFINITE } },
                "timeout" to { client { timeout = (-1).seconds } },
                "redirect_uri" to { client { redirectUri = "http://127.0.0.1" } },
                "redirect_uri" to { client { redirectUri = "http://127.0.0.1.evil.example/callback" } },
                "redirect_uri" to { client { redirectUri = "http://127.0.0.1/callback?a=b" } },
                "port" to { client { redirectUri = "http://127.0.0.1:99999/callback" } },
                "redirect_uri" to { client { redirectUri = "javascript:alert(1)" } },
                "dpop_key" to { client { dpopKey = "a-key" } },
                "dpop_key" to { client { signer = JvmSigner() } },
                "scopes" to
                    {
                        client {
                            scopes = listOf("read", "admin")
                            scopeCeiling = listOf("read")
                        }
                    },
                "scope_ceiling" to { client { scopeCeiling = listOf("a b") } },
                "scope_ceiling[0]" to { client { scopeCeiling = listOf(half) } },
                "pushed_authorization_request_endpoint" to
                    { client { pushedAuthorizationRequestEndpoint = "http://as.example/par" } },
                "device_authorization_endpoint" to { client { deviceAuthorizationEndpoint = half } },
                "jwks_uri" to { ProofKeyClient(ISSUER, "agent", AppAuthenticator()) { jwksUri = "$ISSUER/keys" } },
                "end_session_endpoint" to
                    { ProofKeyClient(ISSUER, "agent", AppAuthenticator()) { endSessionEndpoint = "$ISSUER/out" } },
                "redirect_uri" to
                    {
                        client {
                            redirectUri = "http://127.0.0.1/callback"
                            port = 1
                        }
                    },
            )
        return wrong.mapIndexed { at, (name, make) ->
            dynamicTest("$at $name") {
                val error = fixes(make)
                assertEquals("invalid_configuration", error.code)
                assertTrue(error.message.orEmpty().startsWith(name)) { error.message }
                assertTrue(error.advice.endsWith(".") && error.advice in error.message.orEmpty())
                assertNull(error.cause)
            }
        }
    }

    @Test
    fun `a closed client says what to do`() {
        val client = client()
        client.close()
        client.close()
        val error = fixes { runBlocking { client.signIn() } }
        assertEquals("closed", error.code)
        assertTrue("ProofKeyClient is closed" in error.message.orEmpty())
    }

    @Test
    fun `pairs`() {
        val first = pair()
        pair().use { second ->
            assertNotEquals(first.exposeVerifier(), second.exposeVerifier())
            assertTrue(verify(first.exposeVerifier(), first.challenge))
            assertFalse(verify(first.exposeVerifier(), second.challenge))
        }
        first.close()
        first.close()
        assertEquals("closed", fixes { first.challenge }.code)
        assertEquals("CodePair(closed)", "$first")
    }

    @Test
    fun `verify judges the grammar`() {
        val good = "A".repeat(43)
        assertEquals("invalid_verifier", fixes { verify("too-short", good) }.code)
        assertEquals("invalid_challenge", fixes { verify(good, "short") }.code)
        assertEquals("invalid_verifier", fixes { verify("$good\u0000", good) }.code)
        assertEquals("invalid_verifier", fixes { verify("A".repeat(10_000_000), good) }.code)
        assertEquals("invalid_configuration", fixes { verify("\uDCFF".repeat(43), good) }.code)
    }

    private fun session() =
        PkceSession.begin(ISSUER, "$ISSUER/authorize", "$ISSUER/token", "agent", REDIRECT) {
            scopes =
                listOf("read")
        }

    private fun redirect(
        session: PkceSession,
        answer: String,
    ) = "$REDIRECT?state=${parameter(session.authorizationUrl(), "state")}&$answer"

    @Test
    fun `a session by hand`() {
        val session = session()
        val noise = session.complete("$REDIRECT?code=stolen&state=guessed") as Completion.NotOurs
        assertEquals("state_mismatch", noise.code)
        assertFalse("stolen" in "$noise")
        assertEquals(noise, session.complete("$REDIRECT?code=stolen&state=guessed"))
        val request = (session.complete(redirect(session, "code=a-code")) as Completion.Accepted).request
        val http = request.httpRequest()
        assertEquals("POST" to "$ISSUER/token", http.method to http.url)
        assertEquals(30_000L to 65_536L, http.timeoutMillis to http.maxBody)
        val body = """{"access_token":"a-token","token_type":"bearer","expires_in":"60"}""".toByteArray()
        val fields = listOf(HttpHeader("Content-Type", "application/json"))
        request.tokens(200, fields, body, now = 1000).use { tokens ->
            assertEquals("a-token", tokens.exposeAccessToken())
            assertEquals(1060L, tokens.expiresAt)
            assertEquals(listOf("read"), tokens.scopes)
            assertNull(tokens.exposeRefreshToken())
            assertNull(tokens.resource)
        }
        assertEquals("flow_ended", fixes { request.tokens(200, fields, body) }.code)
        assertEquals("invalid_configuration", fixes { request.tokens(70_000, fields, body) }.code)
        assertEquals("invalid_configuration", fixes { request.tokens(200, fields, body, -1) }.code)
    }

    @Test
    fun `a session is used once`() {
        session().use { session ->
            assertThrows(
                ProofKeyException.UserCancelled::class.java,
            ) { session.complete(redirect(session, "error=access_denied")) }
            assertEquals("flow_ended", fixes { session.authorizationUrl() }.code)
            assertEquals("flow_ended", fixes { session.complete(REDIRECT) }.code)
            session.close()
            assertEquals("closed", fixes { session.authorizationUrl() }.code)
        }
    }

    @Test
    fun `there are four families`() {
        val families = ProofKeyException::class.java.permittedOrNested()
        assertEquals(listOf("FixConfiguration", "Retry", "SignInAgain", "UserCancelled"), families)
    }

    private fun Class<*>.permittedOrNested() =
        declaredClasses.filter { superclassOf(it) == this }.map { it.simpleName }.sorted()

    private fun superclassOf(it: Class<*>): Class<*>? = it.superclass
}
