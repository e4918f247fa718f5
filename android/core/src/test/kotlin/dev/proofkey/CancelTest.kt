package dev.proofkey

import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessConfig
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.Endpoints
import dev.proofkey.internal.Event
import dev.proofkey.internal.Goal
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.RedirectTarget
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger

private class OwnWords : CancellationException("the caller's own words")

/** The caller cancels, in each state: the cancel comes out as it went in, and nothing stays. */
class CancelTest {
    /**
     * Starts a sign-in, cancels it when [moment] is over, does [afterwards], and gives the exception that came out.
     */
    private fun cancelled(
        client: ProofKeyClient,
        afterwards: () -> Unit = {},
        moment: suspend () -> Unit,
    ): Throwable =
        runBlocking {
            withTimeout(LONG) {
                val out = CompletableDeferred<Throwable>()
                val task =
                    launch(Dispatchers.Default) {
                        try {
                            client.signIn()
                        } catch (e: Throwable) {
                            out.complete(e)
                            throw e
                        }
                    }
                moment()
                task.cancel(OwnWords())
                afterwards()
                task.join()
                assertTrue(task.isCancelled)
                out.await()
            }
        }

    private fun assertOwn(error: Throwable) {
        assertTrue(error is CancellationException) { "$error" }
        assertEquals("the caller's own words", error.message)
        assertFalse(generateSequence(error) { it.cause }.any { it is ProofKeyException })
    }

    @Test
    fun `before the first step`() {
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val opened = AtomicInteger()
            val client = endpoint.client({ opened.incrementAndGet() })
            runBlocking {
                val task = async(start = CoroutineStart.UNDISPATCHED) { awaitOwnCancel { client.signIn() } }
                task.cancel(OwnWords())
                task.join()
            }
            assertEquals(0, opened.get())
        }
    }

    /** Calls when the cancel has come. */
    private suspend fun awaitOwnCancel(call: suspend () -> Unit) {
        try {
            awaitCancellation()
        } finally {
            assertThrows(CancellationException::class.java) { runBlockingIn { call() } }
        }
    }

    /** In a coroutine that is cancelled already. */
    private fun runBlockingIn(call: suspend () -> Unit) =
        runBlocking {
            coroutineContext[kotlinx.coroutines.Job]!!.cancel(OwnWords())
            call()
        }

    @Test
    fun `while the browser opens`() {
        val opening = CompletableDeferred<String>()
        val client =
            Server.client(
                LoopbackAuthenticator { url ->
                    opening.complete(url)
                    awaitCancellation()
                },
            )
        assertOwn(cancelled(client) { opening.await() })
        assertTrue(isFree(portOf(runBlocking { opening.await() })))
    }

    @Test
    fun `while the user is waited for the port is free when the cancel comes out`() {
        val opened = CompletableDeferred<String>()
        val client = Server.client(LoopbackAuthenticator { opened.complete(it) })
        val error =
            cancelled(client) {
                opened.await()
                waitFor { "proofkey-wait" in threads() }
            }
        assertOwn(error)
        assertTrue(isFree(portOf(runBlocking { opened.await() })))
    }

    private fun threads() = Thread.getAllStackTraces().keys.map { it.name }

    private suspend fun waitFor(condition: () -> Boolean) =
        withContext(Dispatchers.Default) { while (!condition()) kotlinx.coroutines.yield() }

    @Test
    fun `a redemption runs to its end although the caller has cancelled`() {
        val goOn = CountDownLatch(1)
        val seen = CompletableDeferred<Event>()
        val answer = { connection: java.net.Socket ->
            goOn.arrives()
            respond(TOKENS)(connection)
        }
        TokenEndpoint(answer).use { endpoint ->
            val send: suspend (HttpRequest) -> Event = { request -> exchange(request).also { seen.complete(it) } }
            val store = MemoryTokenStore()
            val platform = Platform(User(LoopbackAuthenticator(approving), null), store, null, null, send)
            val flow = Access(config(endpoint.url), Goal.SIGN_IN, AccessRun())
            runBlocking {
                withTimeout(LONG) {
                    val task =
                        async(Dispatchers.Default) { Driver(flow, platform).use { it.run() } }
                    withContext(Dispatchers.IO) { endpoint.arrived.arrives() }
                    repeat(3) { task.cancel(OwnWords()) }
                    assertFalse(task.isCompleted, "the exchange was given up")
                    goOn.countDown()
                    task.join()
                    assertTrue(task.isCancelled)
                }
            }
            // The answer was given to the flow, and what came is kept.
            assertTrue(runBlocking { seen.await() } is Event.Response)
            assertEquals(1, endpoint.requests.size)
        }
    }

    private fun config(tokenEndpoint: String) =
        AccessConfig(
            issuer = ISSUER,
            resource = null,
            endpoints = Endpoints("$ISSUER/authorize", tokenEndpoint, null, issPromised = false),
            clientId = "agent",
            clientDocument = null,
            clientName = null,
            scopes = emptyList(),
            account = null,
            redirect = RedirectTarget.Loopback(LoopbackHost.V4, 0u, "/callback"),
            paste = false,
            browseTimeoutMs = 60_000u,
            extraParameters = emptyList(),
            allowMissingS256 = emptyList(),
            resumable = false,
            dpop = dev.proofkey.internal.Dpop.NEVER,
        )

    @Test
    fun `while an issuer is confirmed`() {
        val (asked, opened) = CompletableDeferred<Unit>() to AtomicInteger()
        val client =
            ProofKeyClient(Server.resource, LoopbackAuthenticator { opened.incrementAndGet() }) {
                clientName = "My agent"
                confirm =
                    IssuerConfirmation { _, _ ->
                        asked.complete(Unit)
                        awaitCancellation()
                    }
            }
        assertOwn(cancelled(client) { asked.await() })
        assertEquals(0, opened.get())
    }

    @Test
    fun `while a record is read`() {
        Keeper().use { site ->
            val kept = MemoryTokenStore()
            runBlocking { site.client(kept).signIn().close() }
            val (reading, over) = CompletableDeferred<Unit>() to AtomicInteger()
            val slow =
                object : TokenStore by kept {
                    override suspend fun load(key: String): StoredToken? {
                        reading.complete(Unit)
                        try {
                            awaitCancellation()
                        } finally {
                            over.incrementAndGet()
                        }
                    }
                }
            runBlocking(Dispatchers.Default) {
                withTimeout(LONG) {
                    val task = async { site.client(slow).accessToken() }
                    reading.await()
                    task.cancel(OwnWords())
                    assertOwn(runCatching { task.await() }.exceptionOrNull()!!)
                    // The lock is free again, and what was kept is as it was.
                    assertEquals("canary-token-2", site.client(kept).accessToken())
                }
            }
            assertEquals(listOf(1, 1), listOf(over.get(), site.refreshes))
        }
    }

    @Test
    fun `the public client keeps a redemption and then gives the cancel`() {
        val goOn = CountDownLatch(1)
        val sent = CountDownLatch(1)
        val answer = { connection: java.net.Socket ->
            goOn.arrives()
            respond(TOKENS)(connection)
            sent.countDown()
        }
        TokenEndpoint(answer).use { endpoint ->
            val client = endpoint.client()
            val error =
                cancelled(client, afterwards = goOn::countDown) {
                    withContext(Dispatchers.IO) { endpoint.arrived.arrives() }
                }
            assertOwn(error)
            sent.arrives()
            // What came is kept, and nobody is asked again.
            assertTrue(runBlocking { client.accessToken() }.startsWith("canary"))
            assertEquals(1, endpoint.requests.size)
        }
    }

    @Test
    fun `a deadline of the caller's`() {
        val client = Server.client(LoopbackAuthenticator {})
        assertThrows(TimeoutCancellationException::class.java) {
            runBlocking { withTimeout(200) { client.signIn() } }
        }
    }

    @Test
    fun `others go on when one is cancelled`() {
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val client = endpoint.client()
            val quiet = endpoint.client({})
            runBlocking(Dispatchers.Default) {
                withTimeout(LONG) {
                    val task = launch { quiet.signIn() }
                    val tokens = client.signIn()
                    task.cancel()
                    task.join()
                    assertTrue(tokens.exposeAccessToken().startsWith("canary"))
                }
            }
        }
    }

    @Test
    fun `a call that races close works or says closed`() {
        TokenEndpoint(respond(TOKENS)).use { endpoint ->
            val closed = AtomicInteger()
            val read = AtomicInteger()
            runBlocking(Dispatchers.Default) {
                withTimeout(LONG) {
                    repeat(20) {
                        val client = endpoint.client(AppAuthenticator()) { redirectUri = "https://app.example/cb" }
                        val tokens = client.signIn()
                        val readers =
                            List(4) {
                                launch {
                                    repeat(50) {
                                        try {
                                            check(tokens.exposeAccessToken().startsWith("canary"))
                                            read.incrementAndGet()
                                        } catch (e: ProofKeyException.FixConfiguration) {
                                            check(e.code == "closed") { e }
                                            closed.incrementAndGet()
                                        }
                                    }
                                }
                            }
                        val closer =
                            launch {
                                tokens.close()
                                client.close()
                            }
                        (readers + closer).joinAll()
                        assertThrows(ProofKeyException.FixConfiguration::class.java) { tokens.scopes }
                        assertEquals("TokenSet(closed)", "$tokens")
                    }
                }
            }
            assertEquals(20 * 4 * 50, closed.get() + read.get())
        }
    }
}
