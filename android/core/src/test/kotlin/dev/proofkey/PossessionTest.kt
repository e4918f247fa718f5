package dev.proofkey

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL

/** Tokens that are bound to a key: P15, RFC 9449. */
class PossessionTest {
    private inline fun <reified E : ProofKeyException> fails(crossinline call: suspend () -> Any?): E =
        assertThrows(E::class.java) { running { call() } }

    private fun connect(url: String) = URL(url).openConnection(Proxy.NO_PROXY) as HttpURLConnection

    /** A request by hand, with all its tries; the last status. */
    private suspend fun asked(
        call: ResourceCall,
        url: String,
    ): Int {
        while (true) {
            val connection = connect(url)
            for (field in call.headers("GET", url)) connection.setRequestProperty(field.name, field.value)
            val status = connection.responseCode
            if (!call.answered(url, status, connection.headerFields)) return status
        }
    }

    /** RFC 9449 §8, §9: each server is asked once more for its word's sake, and never again. */
    @Test
    fun `a proof goes along, with the word that the server wants`() {
        Prover().use { site ->
            val client = site.client()
            running {
                client.signIn().use { tokens ->
                    assertEquals("DPoP", tokens.tokenType)
                    assertEquals(listOf("token nonce_missing", "authorization_code"), site.heard)
                    val error = fails<ProofKeyException.SignInAgain> { tokens.authorization(site.resource) }
                    assertEquals("signing_failed", error.code)
                }
                assertEquals(200, asked(client.call(), site.resource))
                site.word = "word-2"
                assertEquals(200, asked(client.call(), site.resource))
                val connection = connect(site.resource)
                client.authorize(connection)
                assertEquals(200, connection.responseCode)
            }
            assertEquals(listOf("api 200", "api nonce", "api 200", "api 200"), site.heard.drop(2))
            assertEquals(1, site.keys.toSet().size)
        }
    }

    @Test
    fun `a refresh is proven by the same key`() {
        Prover().use { site ->
            val client = site.client()
            running {
                client.signIn().close()
                site.demands += 401 to """DPoP error="invalid_token""""
                assertEquals(200, asked(client.call(), site.resource))
            }
            assertEquals(listOf("api 401", "refresh_token", "api 200"), site.heard.drop(2))
            assertEquals(1, site.keys.toSet().size)
        }
    }

    @Test
    fun `a key of the platform signs`() {
        Prover().use { site ->
            val signer = JvmSigner()
            val client =
                site.client {
                    this.signer = signer
                    dpopKey = "key-1"
                }
            running {
                client.signIn().close()
                assertEquals(200, asked(client.call(), site.resource))
            }
            assertEquals(listOf("key key-1") + List(3) { "sign key-1" }, signer.asked)
            assertEquals(1, site.keys.toSet().size)
        }
    }

    private class Failing(
        private val at: String,
        private val error: Exception,
    ) : JvmSigner() {
        override suspend fun publicKey(keyId: String): ByteArray = if (at == "key") throw error else super.publicKey(keyId)

        override suspend fun sign(
            keyId: String,
            input: ByteArray,
        ): ByteArray =
            when {
                at == "sign" -> throw error
                at == "noise" -> ByteArray(3)
                at == "resource" && "api" in payload(input) -> throw error
                else -> super.sign(keyId, input)
            }

        private fun payload(input: ByteArray) =
            dev.proofkey.runner
                .base64url(input.toString(Charsets.US_ASCII).substringAfter("."))
                .toString(Charsets.UTF_8)
    }

    @TestFactory
    fun `a signer that fails says so, and no more than it should`(): List<DynamicTest> =
        listOf("key", "sign", "noise", "resource").flatMap { at ->
            listOf(
                SignerException("the key is gone") to "the key is gone",
                IllegalStateException("canary-pin was wrong") to "IllegalStateException",
            ).map { (error, words) ->
                dynamicTest("$at ${error.javaClass.simpleName}") {
                    Prover().use { site ->
                        val client =
                            site.client {
                                signer = Failing(at, error)
                                dpopKey = "key-1"
                            }
                        if (at == "resource") running { client.signIn().close() }
                        val failed =
                            fails<ProofKeyException.SignInAgain> {
                                if (at == "resource") asked(client.call(), site.resource) else client.signIn()
                            }
                        assertEquals("signing_failed", failed.code)
                        assertTrue(at == "noise" || words in failed.message.orEmpty()) { failed.message }
                        assertFalse("canary" in failed.message.orEmpty())
                        assertEquals(at == "resource", "authorization_code" in site.heard)
                    }
                }
            }
        }

    @Test
    fun `tokens that are bound to another's key cannot be used without it`() {
        Prover().use { site ->
            val kept = MemoryTokenStore()
            running {
                site
                    .client {
                        store = kept
                        signer = JvmSigner()
                        dpopKey = "key-1"
                    }.signIn()
                    .close()
            }
            val error = fails<ProofKeyException.SignInAgain> { asked(site.client { store = kept }.call(), site.resource) }
            assertEquals("signing_failed", error.code)
            assertTrue("has no signer" in error.message.orEmpty())
        }
    }

    /** Nothing was sent: a cancel at the signer loses nothing. */
    @TestFactory
    fun `a cancel ends the wait for a signer`(): List<DynamicTest> =
        listOf("key", "sign").map { at ->
            dynamicTest(at) {
                Prover().use { site ->
                    val waits = CompletableDeferred<Unit>()
                    val slow =
                        object : JvmSigner() {
                            override suspend fun publicKey(keyId: String) =
                                if (at == "key") forEver() else super.publicKey(keyId)

                            override suspend fun sign(
                                keyId: String,
                                input: ByteArray,
                            ) = forEver()

                            private suspend fun forEver(): Nothing {
                                waits.complete(Unit)
                                awaitCancellation()
                            }
                        }
                    val client =
                        site.client {
                            signer = slow
                            dpopKey = "key-1"
                        }
                    running {
                        val task = launch { client.signIn() }
                        waits.await()
                        task.cancel()
                        task.join()
                        assertTrue(task.isCancelled)
                    }
                    assertEquals(emptyList<String>(), site.heard)
                }
            }
        }

    @Test
    fun `a signer and the name of its key go together`() {
        val alone: List<ClientOptions.() -> Unit> = listOf({ signer = JvmSigner() }, { dpopKey = "key-1" })
        for (options in alone) {
            val error = fails<ProofKeyException.FixConfiguration> { Prover().use { it.client(options = options) } }
            assertEquals("invalid_configuration", error.code)
            assertTrue(error.message.orEmpty().startsWith("dpop_key"))
        }
    }

    @Test
    fun `a server that does not bind`() {
        Prover().use { site ->
            site.bindsTokens = false
            assertEquals("token_not_bound", fails<ProofKeyException> { site.client { dpop = Dpop.Required }.signIn() }.code)
            running {
                site.client { dpop = Dpop.Preferred }.signIn().use { assertEquals("Bearer", it.tokenType) }
            }
        }
    }
}
