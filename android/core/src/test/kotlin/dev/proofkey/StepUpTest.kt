package dev.proofkey

import dev.proofkey.okhttp.ResourceTokens
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.RequestBody.Companion.toRequestBody
import okio.BufferedSink
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.Proxy

/** A resource that wants more than the token has, asked by OkHttp: M7, RFC 9470. */
class StepUpTest {
    private fun http(
        client: ProofKeyClient,
        interaction: Interaction,
    ) = ResourceTokens(client, interaction).addTo(OkHttpClient.Builder().proxy(Proxy.NO_PROXY)).build()

    private fun get(
        client: ProofKeyClient,
        url: String,
        interaction: Interaction = Interaction.Never,
        body: RequestBody? = null,
    ): Int {
        val request = Request.Builder().url(url)
        body?.let { request.post(it) }
        return http(client, interaction).newCall(request.build()).execute().use { it.code }
    }

    private fun refused(call: () -> Any): ProofKeyException {
        val error = assertThrows(IOException::class.java) { call() }
        return error.cause as? ProofKeyException ?: throw error
    }

    private val wantsMore = 403 to """DPoP error="insufficient_scope", scope="write""""

    @Test
    fun `what is demanded is asked for with what was asked for before`() {
        Prover().use { site ->
            val client = site.client()
            running { client.signIn().close() }
            site.demands += wantsMore
            assertEquals(200, get(client, site.resource, Interaction.Browser))
            assertEquals(listOf("read", "read write"), site.scopes)
            running {
                client.tokens().use {
                    assertEquals(listOf("read", "write"), it.requestedScopes)
                    assertEquals(emptyList<String>(), it.missingScopes)
                }
            }
            assertEquals(listOf("api 403", "authorization_code", "api 200"), site.heard.drop(2))
        }
    }

    /** However many requests are told the same. */
    @Test
    fun `the user is asked once`() {
        Prover().use { site ->
            val client = site.client()
            val (status, demand) = wantsMore
            val fields = mapOf("WWW-Authenticate" to listOf(demand))
            running {
                client.signIn().close()
                val calls = List(3) { client.call(if (it < 2) Interaction.Browser else Interaction.Never) }
                for (call in calls) call.headers("GET", site.resource)
                for (call in calls) {
                    assertTrue(call.answered(site.resource, status, fields))
                    call.headers("GET", site.resource)
                }
                assertEquals(listOf("read", "read write"), site.scopes)
                // It has what it wants.
                val error =
                    runCatching { calls[0].answered(site.resource, status, fields) }.exceptionOrNull() as ProofKeyException
                assertEquals("step_up_refused", error.code)
            }
        }
    }

    @Test
    fun `nobody is asked unless that is wanted`() {
        Prover().use { site ->
            val client = site.client()
            running { client.signIn().close() }
            site.demands += wantsMore
            val error = refused { get(client, site.resource) }
            assertEquals("sign_in_required", error.code)
            assertTrue(error is ProofKeyException.SignInAgain)
            assertEquals(listOf("read"), site.scopes)
            // The tokens are as good as before.
            assertEquals(200, get(client, site.resource))
        }
    }

    @Test
    fun `the ceiling is not passed, and a resource that demands for ever is given up on`() {
        Prover().use { site ->
            val client = site.client { scopeCeiling = listOf("read") }
            running { client.signIn().close() }
            site.demands += wantsMore
            assertEquals("scope_ceiling", refused { get(client, site.resource, Interaction.Browser) }.code)
            assertEquals(listOf("read"), site.scopes)
            site.demands += List(100) { 401 to """DPoP error="insufficient_user_authentication", acr_values="urn:$it"""" }
            assertEquals("step_up_refused", refused { get(client, site.resource, Interaction.Browser) }.code)
            assertEquals(3, site.scopes.size)
        }
    }

    @Test
    fun `a body that can be sent once is sent once`() {
        Prover().use { site ->
            val client = site.client()
            running { client.signIn().close() }
            val once =
                object : RequestBody() {
                    override fun contentType() = null

                    override fun isOneShot() = true

                    override fun writeTo(sink: BufferedSink) {
                        sink.writeUtf8("body")
                    }
                }
            site.word = "word-2"
            assertEquals(401, get(client, site.resource, body = once))
            // What it said is known by now.
            assertEquals(200, get(client, site.resource, body = once))
            assertEquals(200, get(client, site.resource, body = "body".toRequestBody()))
            site.word = "word-3"
            assertEquals(200, get(client, site.resource, body = "body".toRequestBody()))
            assertEquals(listOf("api nonce", "api 200", "api 200", "api nonce", "api 200"), site.heard.drop(2))
        }
    }
}
