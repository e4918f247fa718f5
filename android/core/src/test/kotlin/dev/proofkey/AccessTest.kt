package dev.proofkey

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL
import java.util.concurrent.CountDownLatch

/** From an address to a token that stays fresh. */
class AccessTest {
    private inline fun <reified E : ProofKeyException> fails(crossinline call: suspend () -> Any?): E =
        assertThrows(E::class.java) { running { call() } }

    /** M1 to M8: the issuer, an identifier, a sign-in; afterwards nothing is asked any more. */
    @Test
    fun `an address is enough`() {
        val client = ProofKeyClient(Server.resource, LoopbackAuthenticator(following)) { clientName = "My agent" }
        running {
            client.signIn().use { tokens ->
                assertEquals(Server.resource, tokens.resource)
                assertEquals(tokens.exposeAccessToken(), client.accessToken())
            }
            val request = URL("${Server.resource}?it=too").openConnection(Proxy.NO_PROXY) as HttpURLConnection
            client.authorize(request)
            assertEquals(200, request.responseCode)
            assertEquals(true, client.signOut().isRevoked)
        }
        assertEquals("sign_in_required", fails<ProofKeyException.SignInAgain> { client.accessToken() }.code)
        assertNull(client.lastWarning)
    }

    @Test
    fun `an issuer that is not confirmed`() {
        val opened = CountDownLatch(1)
        val heard = mutableListOf<String>()
        val client =
            ProofKeyClient(Server.resource, LoopbackAuthenticator { opened.countDown() }) {
                clientName = "My agent"
                confirm =
                    IssuerConfirmation { issuer, resource ->
                        heard += listOf(issuer, resource)
                        IssuerConfirmation.hosts("other.example").allows(issuer, resource)
                    }
            }
        assertEquals("issuer_refused", fails<ProofKeyException.UserCancelled> { client.signIn() }.code)
        assertEquals(List(2) { URL(Server.issuer).authority }, heard)
        assertEquals(1, opened.count)
        running { assertTrue(IssuerConfirmation.hosts("AS.example").allows("as.example", "")) }
    }

    @Test
    fun `nobody is asked unless that is wanted`() {
        Keeper().use { site ->
            val client = site.client()
            assertEquals("sign_in_required", fails<ProofKeyException.SignInAgain> { client.tokens() }.code)
            assertEquals("invalid_configuration", fails<ProofKeyException> { client.signIn(Interaction.Never) }.code)
            assertEquals("nothing_pending", fails<ProofKeyException> { client.resume() }.code)
            assertEquals(emptyList<String>(), site.asked)
            running { assertEquals("canary-token-1", client.accessToken(Interaction.Browser)) }
        }
    }

    /** P14, T26: one refresh, whoever asks, and the new tokens are the ones that are used. */
    @Test
    fun `a thousand coroutines cause one refresh`() {
        Keeper().use { site ->
            val client = site.client()
            site.gate = CountDownLatch(1)
            val got =
                running {
                    client.signIn().close()
                    val asking = List(1000) { async { client.accessToken() } }
                    withContext(Dispatchers.IO) { site.arrived.arrives() }
                    site.gate.countDown()
                    asking.awaitAll()
                }
            assertEquals(setOf("canary-token-2"), got.toSet())
            assertEquals(1, site.refreshes)
        }
    }

    @Test
    fun `who is cancelled leaves, and the others wait on`() {
        Keeper().use { site ->
            val client = site.client()
            site.gate = CountDownLatch(1)
            running {
                client.signIn().close()
                val first = async { client.accessToken() }
                withContext(Dispatchers.IO) { site.arrived.arrives() }
                val second = async(start = CoroutineStart.UNDISPATCHED) { client.accessToken() }
                first.cancel(CancellationException("the first one's own words"))
                // At once: the gate is closed still.
                first.join()
                assertTrue(first.isCancelled)
                assertFalse(second.isCompleted)
                site.gate.countDown()
                assertEquals("canary-token-2", second.await())
            }
            assertEquals(1, site.refreshes)
        }
    }

    @Test
    fun `a refresh that nobody waits for any more is kept`() {
        Keeper().use { site ->
            val store = MemoryTokenStore()
            site.gate = CountDownLatch(1)
            running {
                val client = site.client(store)
                client.signIn().close()
                val only = launch { client.accessToken() }
                withContext(Dispatchers.IO) { site.arrived.arrives() }
                only.cancel()
                only.join()
                site.gate.countDown()
                // Another client of the store: it waits for the lock.
                assertEquals("canary-token-2", site.client(store).accessToken())
            }
            assertEquals(1, site.refreshes)
        }
    }

    /** M8, with and without tokens at hand; nobody is asked to sign in for another's sake. */
    @Test
    fun `a token is shown to its own resource alone`() {
        Keeper().use { site ->
            val strangers =
                listOf("https://evil.example/api", "${site.url}/other", "${site.resource}x", "http://localhost/api")
            val client = site.client()
            for (signedIn in listOf(false, true)) {
                if (signedIn) running { client.signIn().close() }
                for (url in strangers) {
                    val error = fails<ProofKeyException.FixConfiguration> { client.authorization(url, Interaction.Browser) }
                    assertEquals("wrong_resource", error.code)
                }
            }
            assertEquals(listOf("authorization_code"), site.asked)
            running { assertEquals("Bearer canary-token-2", client.authorization("${site.resource}/below")) }
        }
    }

    @Test
    fun `a header that was refused is not given again`() {
        Keeper().use { site ->
            val client = site.client()
            running {
                client.signIn().close()
                val first = client.authorization(site.resource)
                val second = client.authorizationAfter(site.resource, first, listOf("Bearer"))
                assertEquals(listOf("Bearer canary-token-2", "Bearer canary-token-3"), listOf(first, second))
                // Who comes late finds that it was refreshed already.
                assertEquals(second, client.authorizationAfter(site.resource, first))
            }
            assertEquals(2, site.refreshes)
        }
    }

    @Test
    fun `a sign-out that the server did not hear of is a warning`() {
        Keeper().use { site ->
            site.revokes = 500
            val heard = mutableListOf<ProofKeyException>()
            val client = site.client { onWarning = { heard += it } }
            val said =
                running {
                    client.signIn().close()
                    client.signOut()
                }
            assertEquals(false, said.isRevoked)
            assertEquals(listOf(said.warning, client.lastWarning), List(2) { heard.single() })
            assertEquals("sign_in_required", fails<ProofKeyException> { client.accessToken() }.code)
            running { assertNull(client.signOut().isRevoked) }
        }
    }

    /** What the user pastes by mistake ends nothing. */
    @Test
    fun `the address is pasted`() {
        val said = StringBuilder()
        val user =
            object : Terminal {
                private var asked = 0

                override suspend fun say(text: String) {
                    said.append(text)
                }

                override suspend fun ask(prompt: String): String? {
                    val url = Regex("https?://[^ ]+/authorize[^ \n]*").find(said)!!.value
                    return listOf("", "http://127.0.0.1/callback?code=x&state=y", " ${granted(url)} ").getOrNull(asked++)
                }
            }
        val client =
            ProofKeyClient(Server.resource, LoopbackAuthenticator { error("no browser is wanted") }) {
                clientName = "My agent"
                terminal = user
            }
        running { client.signIn(Interaction.Paste).use { assertTrue(it.exposeAccessToken().isNotEmpty()) } }
        assertTrue("never send it to anyone" in said && "Try again" in said) { "$said" }
    }

    @Test
    fun `a closed client refuses all`() {
        Keeper().use { site ->
            val client = site.client()
            running { client.signIn().use { client.close() } }
            val calls: List<suspend () -> Any> =
                listOf(
                    { client.signIn() },
                    { client.resume() },
                    { client.tokens() },
                    { client.accessToken() },
                    { client.authorization(site.resource) },
                    { client.authorizationAfter(site.resource, "x") },
                    { client.call() },
                    { client.signOut() },
                )
            for (call in calls) assertEquals("closed", fails<ProofKeyException.FixConfiguration> { call() }.code)
        }
    }
}

/** Where the server sends the browser that the user has said yes in. */
internal fun granted(url: String): String {
    val asked = URL(url).openConnection(Proxy.NO_PROXY) as HttpURLConnection
    asked.instanceFollowRedirects = false
    return checkNotNull(asked.getHeaderField("Location")) { "no redirect: ${asked.responseCode}" }
}
