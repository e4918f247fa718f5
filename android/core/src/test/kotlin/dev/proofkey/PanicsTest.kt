package dev.proofkey

import com.sun.jna.NativeLibrary
import dev.proofkey.internal.FfiConverterString
import dev.proofkey.internal.UniffiRustCallStatus
import dev.proofkey.runner.parameter
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.TestFactory

/**
 * A panic in every export that the hand-written layer reaches is `internal_error`. Run with the library that is
 * built with `test-panic`; the exports that only the generated layer reaches are gone through in Python's tests.
 */
@Tag("panics")
class PanicsTest {
    private val library = NativeLibrary.getInstance("proofkey_uniffi")

    /** Lets every call of this export panic; an empty name ends it. */
    private fun panicIn(name: String) {
        val status = UniffiRustCallStatus()
        val arguments = arrayOf(FfiConverterString.lower(name), status)
        library.getFunction("uniffi_proofkey_uniffi_fn_func_test_panic_in").invokeVoid(arguments)
        check(status.isSuccess())
    }

    private fun session() = PkceSession.begin(ISSUER, "$ISSUER/authorize", "$ISSUER/token", "agent", REDIRECT)

    private fun request(session: PkceSession = session()): TokenRequest {
        val state = parameter(session.authorizationUrl(), "state")
        return (session.complete("$REDIRECT?code=c-1&state=$state") as Completion.Accepted).request
    }

    private val fields = listOf(HttpHeader("Content-Type", "application/json"))

    private fun tokens(request: TokenRequest = request()) = request.tokens(200, fields, TOKENS.toByteArray())

    private fun app() =
        ProofKeyClient(ISSUER, "$ISSUER/authorize", "http://127.0.0.1:1/token", "agent", AppAuthenticator()) {
            redirectUri = REDIRECT
        }

    private fun loopback() =
        ProofKeyClient(ISSUER, "$ISSUER/authorize", "http://127.0.0.1:1/token", "agent", LoopbackAuthenticator(approving))

    private fun alone() =
        Issuer().let { site ->
            ProofKeyClient(site.url, "agent", AppAuthenticator()) { redirectUri = REDIRECT }
        }

    /** The export, and what makes the call that reaches it; what is made before the panic is made outside. */
    private val calls: Map<String, () -> (() -> Any?)> =
        mapOf(
            "pair" to { { pair() } },
            "verify" to { { verify("v".repeat(43), "A".repeat(43)) } },
            "CodePair.challenge" to { pair().let { { it.challenge } } },
            "CodePair.expose_verifier" to { pair().let { { it.exposeVerifier() } } },
            "PkceSession.begin" to { { session() } },
            "PkceSession.authorization_url" to { session().let { { it.authorizationUrl() } } },
            "PkceSession.complete" to { session().let { { it.complete(REDIRECT) } } },
            "TokenRequest.http_request" to { request().let { { it.httpRequest() } } },
            "TokenRequest.tokens" to { request().let { { tokens(it) } } },
            "TokenSet.expose_access_token" to { tokens().let { { it.exposeAccessToken() } } },
            "TokenSet.expose_refresh_token" to { tokens().let { { it.exposeRefreshToken() } } },
            "TokenSet.expires_at" to { tokens().let { { it.expiresAt } } },
            "TokenSet.scopes" to { tokens().let { { it.scopes } } },
            "TokenSet.issuer" to { tokens().let { { it.issuer } } },
            "TokenSet.client_id" to { tokens().let { { it.clientId } } },
            "TokenSet.resource" to { tokens().let { { it.resource } } },
            "SignIn.new" to { { app() } },
            "SignIn.advance" to { app().let { { runBlocking { it.signIn() } } } },
            "Discovery.new" to { { alone() } },
            "Discovery.advance" to { alone().let { { runBlocking { it.signIn() } } } },
            "Discovery.outcome" to { alone().let { { runBlocking { it.signIn() } } } },
            "provider_sign_in" to { alone().let { { runBlocking { it.signIn() } } } },
            "provider_is_fresh" to { alone().also { runBlocking { it.signIn() } }.let { { runBlocking { it.signIn() } } } },
            "LoopbackReceiver.bind" to { loopback().let { { runBlocking { it.signIn() } } } },
            "LoopbackReceiver.port" to { loopback().let { { runBlocking { it.signIn() } } } },
            "LoopbackReceiver.wait" to { loopback().let { { runBlocking { it.signIn() } } } },
        )

    @TestFactory
    fun `a panic is an internal error`(): List<DynamicTest> =
        calls.map { (name, make) ->
            dynamicTest(name) {
                val call = make()
                val error =
                    try {
                        panicIn(name)
                        runCatching { call() }.exceptionOrNull()
                    } finally {
                        panicIn("")
                    }
                assertFalse("injected" in "$error")
                if (name.startsWith("LoopbackReceiver")) {
                    // The flow says that the port could not be had, as for every other failure of it.
                    assertEquals(true, error is ProofKeyException) { "$error" }
                } else {
                    assertEquals("internal_error", (error as? ProofKeyException.FixConfiguration)?.code) { "$error" }
                }
            }
        }
}
