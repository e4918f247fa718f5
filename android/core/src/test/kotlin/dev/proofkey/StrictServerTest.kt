package dev.proofkey

import dev.proofkey.okhttp.ResourceTokens
import okhttp3.OkHttpClient
import okhttp3.Request
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.Proxy

/** `proofkey serve` that takes pushed requests alone, and tokens with proofs alone, each with a word of its own. */
private object Strict {
    private val ready = serve("--require-par", "--require-dpop", "--dpop-nonce", "--device-interval", "0")
    val issuer: String = ready.getString("issuer")
    val resource: String = ready.getString("resource")

    fun client(options: ClientOptions.() -> Unit = {}) =
        ProofKeyClient(resource, LoopbackAuthenticator(following)) {
            clientName = "My agent"
            dpop = Dpop.Required
            options()
        }
}

/** All of it at once: P15, P16. */
class StrictServerTest {
    private fun get(
        client: ProofKeyClient,
        url: String,
        interaction: Interaction = Interaction.Never,
    ): Int {
        val http = ResourceTokens(client, interaction).addTo(OkHttpClient.Builder().proxy(Proxy.NO_PROXY)).build()
        return http.newCall(Request.Builder().url(url).build()).execute().use { it.code }
    }

    @Test
    fun `who signed in is known, and the browser's session can be ended`() {
        val client = Strict.client { scopes = listOf("openid", "read") }
        running {
            client.signIn().use { tokens ->
                assertEquals("DPoP", tokens.tokenType)
                val identity = checkNotNull(tokens.identity)
                assertEquals(Strict.issuer to listOf(tokens.clientId), identity.issuer to identity.audience)
                assertTrue(identity.subject.isNotEmpty() && identity.subject !in "$identity")
                assertTrue(identity.expiresAt > identity.issuedAt && identity.claims.startsWith("{"))
                assertEquals(identity, client.tokens().use { it.identity })
                assertEquals(listOf("openid", "read"), tokens.requestedScopes)
            }
            assertEquals(200, get(client, Strict.resource))
            val out = client.signOut()
            assertEquals(true, out.isRevoked)
            val url = checkNotNull(out.endSessionUrl)
            assertTrue(url.startsWith("${Strict.issuer}/") && url !in "$out")
            assertEquals(200, visit(url))
        }
    }

    @Test
    fun `without openid nobody is known`() {
        val client = Strict.client { scopes = listOf("read") }
        running {
            client.signIn().use { assertNull(it.identity) }
            assertNull(client.signOut().endSessionUrl)
        }
    }

    @Test
    fun `who names no scopes stays below the ceiling`() {
        running {
            Strict.client { scopeCeiling = listOf("read") }.signIn().use { assertEquals(listOf("read"), it.requestedScopes) }
            val nothing = Strict.client { scopeCeiling = emptyList() }
            val error = assertThrows(ProofKeyException::class.java) { running { nothing.signIn().close() } }
            assertEquals("scope_ceiling", error.code)
        }
    }

    @Test
    fun `a key of the platform, a device, and a step up`() {
        val keys = JvmSigner()
        val client =
            Strict.client {
                scopes = listOf("read")
                signer = keys
                dpopKey = "key-1"
                showCode = CodeDisplay { code -> inBackground { visit(checkNotNull(code.verificationUriComplete)) } }
            }
        running { client.signIn(Interaction.Device).use { assertEquals(listOf("read"), it.scopes) } }
        assertEquals(200, get(client, Strict.resource))
        assertEquals(200, get(client, "${Strict.resource}/admin", Interaction.Browser))
        assertEquals(200, get(client, "${Strict.resource}/fresh", Interaction.Browser))
        running { client.tokens().use { assertTrue("admin" in it.scopes && it.missingScopes.isEmpty()) } }
        assertFalse(keys.asked.any { "key-1" !in it })
        assertNotNull(keys.asked.firstOrNull { it == "sign key-1" })
    }
}
