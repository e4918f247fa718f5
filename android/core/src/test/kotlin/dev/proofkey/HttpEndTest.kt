package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Lost
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.measureTimedValue

/** An exchange that is ended: the one who waits is free at once, and the server sees the connection close. */
class HttpEndTest {
    /** What has come when nothing more does, and whether it is the body that is waited for. */
    private val begun =
        listOf(
            "" to false,
            "HTTP/1.1 200 OK\r\nX: " to false,
            "HTTP/1.1 200 OK\r\n\r\nx" to true,
            "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nx" to true,
            "HTTP/1.1 200 OK\r\n$CHUNKED\r\n\r\n1ff\r\nx" to true,
            "HTTP/1.1 200 OK\r\n$CHUNKED\r\n\r\n1\r\nx\r\n" to true,
            "HTTP/1.1 401 No\r\n$CHUNKED\r\n\r\n1ff\r\nx" to true,
        )

    private fun name(head: String) = head.replace("\r\n", " ").ifEmpty { "nothing" }

    /** The request has a minute, and the connection is closed in seconds. */
    @TestFactory
    fun `a cancel closes the connection`(): List<DynamicTest> =
        SCHEMES.flatMap { scheme ->
            begun.map { (head, isBody) ->
                dynamicTest("$scheme: ${name(head)}") {
                    val gone = CountDownLatch(1)
                    val stall = { connection: Socket ->
                        connection.getOutputStream().write(head.toByteArray())
                        connection.getOutputStream().flush()
                        connection.goes()
                        gone.countDown()
                    }
                    endpoint(scheme, stall).use { endpoint ->
                        runBlocking {
                            withTimeout(LONG) {
                                val task = async(Dispatchers.Default) { exchange(request(endpoint.url, 60_000u)) }
                                withContext(Dispatchers.IO) { endpoint.arrived.arrives() }
                                if (isBody) withContext(Dispatchers.Default) { while (!readsABody()) yield() }
                                task.cancel()
                                task.join()
                            }
                        }
                        assertTrue(gone.await(5, TimeUnit.SECONDS)) { "the connection is still open" }
                        runBlocking { withTimeout(LONG) { while (isAnExchange()) yield() } }
                    }
                }
            }
        }

    private fun stacks() = Thread.getAllStackTraces().filterKeys { it.name == "proofkey-http" }.values

    private fun readsABody() = stacks().any { frames -> frames.any { it.methodName == "readBody" } }

    private fun isAnExchange() = stacks().isNotEmpty()

    /** A handshake that the server does not answer. */
    @Test
    fun `a cancel ends a handshake`() {
        val gone = CountDownLatch(1)
        ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")).use { listener ->
            runBlocking {
                withTimeout(LONG) {
                    val url = "https://127.0.0.1:${listener.localPort}/token"
                    val task = async(Dispatchers.Default) { exchange(request(url, 60_000u)) }
                    val connection = withContext(Dispatchers.IO) { listener.accept().also { it.getInputStream().read() } }
                    inBackground {
                        connection.goes()
                        gone.countDown()
                    }
                    task.cancel()
                    task.join()
                }
            }
            assertTrue(gone.await(5, TimeUnit.SECONDS)) { "the connection is still open" }
        }
    }

    /** A server that sends a byte now and then keeps no socket's timeout from being met. */
    @TestFactory
    fun `the timeout holds for the whole exchange`(): List<DynamicTest> =
        SCHEMES.flatMap { scheme ->
            begun.drop(1).map { (head, _) ->
                dynamicTest("$scheme: ${name(head)}") {
                    val over = CountDownLatch(1)
                    val gone = CountDownLatch(1)
                    val drip = { connection: Socket ->
                        try {
                            connection.getOutputStream().write(head.toByteArray())
                            while (!over.await(20, TimeUnit.MILLISECONDS)) {
                                connection.getOutputStream().write('1'.code)
                                connection.getOutputStream().flush()
                            }
                        } catch (_: IOException) {
                            gone.countDown()
                        }
                    }
                    endpoint(scheme, drip).use { endpoint ->
                        val (event, took) = measureTimedValue { runBlocking { exchange(request(endpoint.url, 250u)) } }
                        assertEquals(Lost.TIMED_OUT, (event as Event.Unreachable).reason)
                        assertTrue(took.inWholeMilliseconds in 200..10_000) { "$took" }
                        gone.arrives()
                        over.countDown()
                    }
                }
            }
        }
}
