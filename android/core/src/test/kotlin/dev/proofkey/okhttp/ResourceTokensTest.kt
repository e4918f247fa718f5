package dev.proofkey.okhttp

import dev.proofkey.Keeper
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import okhttp3.OkHttpClient
import okhttp3.Request
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.Proxy

class ResourceTokensTest {
    private val site = Keeper()
    private val client = site.client()
    private val http = ResourceTokens(client).addTo(OkHttpClient.Builder().proxy(Proxy.NO_PROXY)).build()

    private fun get(
        url: String,
        header: String? = null,
    ): Int {
        val request = Request.Builder().url(url)
        header?.let { request.header("Authorization", it) }
        return http.newCall(request.build()).execute().use { it.code }
    }

    @Test
    fun `a request has the token, and a 401 refreshes it once`() {
        site.use {
            runBlocking { client.signIn().close() }
            assertEquals(200, get(site.resource))
            site.forgets()
            assertEquals(200, get("${site.resource}/below"))
            assertEquals(listOf(2, 2, 3).map { "shown Bearer canary-token-$it" }, site.asked.filter { "shown" in it })
            assertEquals(2, site.refreshes)
            // What the program set is its own.
            assertEquals(401, get(site.resource, "Bearer own"))
            assertEquals(2, site.refreshes)
        }
    }

    @Test
    fun `no other place gets it`() {
        site.use {
            runBlocking { client.signIn().close() }
            val error = assertThrows(IOException::class.java) { get("${site.url}/revoke") }
            assertEquals("wrong_resource", (error.cause as ProofKeyException).code)
            assertEquals(listOf("authorization_code"), site.asked)
        }
    }

    @Test
    fun `who must sign in first hears it`() {
        site.use {
            val error = assertThrows(IOException::class.java) { get(site.resource) }
            assertEquals("sign_in_required", (error.cause as ProofKeyException).code)
        }
    }
}
