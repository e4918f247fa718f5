package dev.proofkey

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.proofkey.runner.form
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors

/** An issuer and its resource. The tokens of a sign-in are never fresh; refreshed ones are. */
internal class Keeper : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
    private val threads = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }
    val url = "http://127.0.0.1:${server.address.port}"
    val resource = "$url/api"

    /** The grants that were asked for, revocations, and what the resource was shown. */
    val asked = CopyOnWriteArrayList<String>()
    val refreshes: Int get() = asked.count { it == "refresh_token" }

    /** A refresh has come, and is answered when the gate is open. */
    val arrived = CountDownLatch(1)

    @Volatile
    var gate = CountDownLatch(0)

    @Volatile
    var revokes = 200

    /** What the resource takes; the newest where there is none. */
    @Volatile
    private var newest = ""

    init {
        server.executor = threads
        server.createContext("/token") { it.answer(200, redeem(it)) }
        server.createContext("/revoke") { exchange ->
            asked += "revoke"
            exchange.requestBody.readBytes()
            exchange.answer(revokes, "")
        }
        server.createContext("/api") { exchange ->
            val shown = exchange.requestHeaders.getFirst("Authorization")
            asked += "shown $shown"
            exchange.answer(if (shown == "Bearer $newest") 200 else 401, "{}")
        }
        server.start()
    }

    /** The resource takes no token that was issued before. */
    fun forgets() {
        newest = ""
    }

    @Synchronized
    private fun number() = asked.count { it == "refresh_token" || it == "authorization_code" }

    private fun redeem(exchange: HttpExchange): String {
        val grant = form(exchange.requestBody.readBytes().toString(Charsets.UTF_8)).getValue("grant_type")
        asked += grant
        if (grant == "refresh_token") {
            arrived.countDown()
            gate.arrives()
        }
        newest = "canary-token-${number()}"
        val life = if (grant == "refresh_token") 3600 else 0
        return """{"access_token":"$newest","token_type":"Bearer","expires_in":$life,
            "refresh_token":"canary-refresh-${number()}"}"""
    }

    private fun HttpExchange.answer(
        status: Int,
        body: String,
    ) {
        responseHeaders.add("Content-Type", "application/json")
        sendResponseHeaders(status, if (body.isEmpty()) -1 else body.length.toLong())
        if (body.isNotEmpty()) responseBody.write(body.toByteArray())
        close()
    }

    fun client(
        kept: TokenStore = MemoryTokenStore(),
        options: ClientOptions.() -> Unit = {},
    ): ProofKeyClient =
        ProofKeyClient(url, "$url/authorize", "$url/token", "agent", AppAuthenticator()) {
            redirectUri = REDIRECT
            resource = this@Keeper.resource
            revocationEndpoint = "$url/revoke"
            store = kept
            options()
        }

    override fun close() {
        gate.countDown()
        server.stop(0)
        threads.shutdown()
    }
}
