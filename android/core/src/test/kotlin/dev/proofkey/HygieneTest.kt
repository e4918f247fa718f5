package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpResponse
import dev.proofkey.panics.POINT
import dev.proofkey.panics.SIGNATURE
import dev.proofkey.panics.identity
import dev.proofkey.panics.unsigned
import dev.proofkey.runner.form
import dev.proofkey.runner.parameter
import dev.proofkey.runner.top
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.io.PrintWriter
import java.io.StringWriter

/** What the package must not do: show a secret, know the protocol. */
class HygieneTest {
    private val canary = "canary-"

    /** What is printed while [run] runs. */
    private fun printed(run: () -> Unit): String {
        val out = System.out
        val err = System.err
        val caught = ByteArrayOutputStream()
        try {
            System.setOut(PrintStream(caught, true))
            System.setErr(PrintStream(caught, true))
            run()
        } finally {
            System.setOut(out)
            System.setErr(err)
        }
        return caught.toString()
    }

    @Test
    fun `no secret is shown when a sign-in fails`() {
        // Threat "Secrets in logs": code, verifier and answer, in exceptions and output.
        val answer = """{"error":"invalid_grant","error_description":"no $CODE here"}"""
        TokenEndpoint(respond(answer, "400 Bad Request")).use { endpoint ->
            var error: ProofKeyException? = null
            val output =
                printed {
                    error =
                        assertThrows(ProofKeyException.SignInAgain::class.java) {
                            runBlocking { endpoint.client().signIn() }
                        }
                }
            val sent = form(endpoint.requests[0].substringAfter("\r\n\r\n"))
            assertEquals(CODE, sent["code"], "the control: this is what was sent")
            val trace = StringWriter().also { checkNotNull(error).printStackTrace(PrintWriter(it)) }
            for (text in listOf("$error", "$trace", output)) {
                assertFalse(canary in text || sent.getValue("code_verifier") in text) { text }
            }
        }
    }

    @Test
    fun `nothing that holds a secret shows it`() {
        val session = PkceSession.begin(ISSUER, "$ISSUER/authorize", "$ISSUER/token", "agent", REDIRECT)
        val state = parameter(session.authorizationUrl(), "state")
        val accepted = session.complete("$REDIRECT?code=$CODE&state=$state") as Completion.Accepted
        val request = accepted.request.httpRequest()
        val body = checkNotNull(request.exposeBody()).toString(Charsets.UTF_8)
        val verifier = form(body).getValue("code_verifier")
        val field = HttpHeader("Content-Type", "application/json")
        val tokens = accepted.request.tokens(200, listOf(field), TOKENS.toByteArray())
        val pair = pair()
        val secrets = listOf(canary, verifier, state, pair.exposeVerifier())
        val native = HttpResponse(200u, listOf(Header("Authorization", CODE)), CODE.toByteArray())
        val holders =
            listOf(
                session,
                accepted,
                accepted.request,
                request,
                HttpHeader("Authorization", CODE),
                tokens,
                pair,
                WebPage(session.let { "$ISSUER/authorize?state=$state" }, REDIRECT, 1),
                WebResult.Redirect("$REDIRECT?code=$CODE&state=$state"),
                DataKey.of(ByteArray(32) { 99 }),
                StoredToken(1, canary.toByteArray()),
                MemoryTokenStore(),
                ProofKeyClient(ISSUER, "agent", AppAuthenticator()) { redirectUri = REDIRECT },
                native,
                native.headers[0],
                Event.Loaded(1u, canary.toByteArray()),
                dev.proofkey.internal.Step
                    .Swap("key", 1u, canary.toByteArray()),
                Event.Response(native),
                Event.Redirect(CODE),
                SignedOut(true, null, "$ISSUER/logout?hint=$canary"),
                DeviceCode("canary-code", ISSUER, "$ISSUER?c=canary-code", 1, ""),
                Identity(identity().copy(subject = canary, name = canary, email = canary, claims = canary)),
                unsigned(),
                unsigned().proof.signed(SIGNATURE),
                Event.PublicKey(POINT),
                Event.Signed(SIGNATURE),
                dev.proofkey.internal.Step
                    .Sign("key-1", "ES256", canary),
                ProofKeyClient(ISSUER, "agent", AppAuthenticator()) { redirectUri = REDIRECT }.call(),
            )
        assertEquals("canary-token-0123456789", tokens.exposeAccessToken(), "the control")
        for (holder in holders) {
            val text = "$holder"
            assertTrue(secrets.none { it in text }) { "${holder.javaClass} shows a secret" }
            assertFalse("@" in text, "every class says what it is: $text")
        }
    }

    @Test
    fun `the protocol is in the core alone`() {
        val words =
            "code_verifier code_challenge code_challenge_method response_type nonce grant_type authorization_code " +
                "refresh_token access_token expires_in token_type error_description error_uri id_token invalid_request " +
                "invalid_client invalid_grant unauthorized_client unsupported_grant_type unsupported_response_type " +
                "invalid_scope invalid_target access_denied server_error temporarily_unavailable login_required " +
                "consent_required interaction_required slow_down authorization_pending expired_token use_dpop_nonce " +
                "invalid_dpop_proof insufficient_scope insufficient_user_authentication device_code request_uri dpop_jkt"
        val pattern = Regex("(?<![A-Za-z_])(${words.replace(" ", "|")})(?![A-Za-z_])")
        assertTrue(pattern.containsMatchIn("an invalid_grant"))
        val sources =
            listOf("core", "jvm").flatMap { module ->
                File(top, "android/$module/src/main").walk().filter { it.extension == "kt" }.toList()
            }
        assertTrue(sources.size > 8)
        for (source in sources) {
            val found = pattern.findAll(source.readText()).map { it.value }.toSet()
            // A column of a server's store has the name that the specifications use.
            val columns = if ("dev/proofkey/server" in source.invariantSeparatorsPath) setOf("nonce") else emptySet()
            assertEquals(emptySet<String>(), found - columns, source.name)
        }
    }
}

internal const val ISSUER = "https://as.example"

internal const val REDIRECT = "https://app.example/callback"
