package dev.proofkey.android

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URLDecoder
import java.security.MessageDigest
import java.util.Base64
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** A token endpoint on loopback that redeems the code `right` for the verifier of [challenge] (RFC 7636 §4.6). */
class TokenEndpoint : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
    private val threads = Executors.newCachedThreadPool()
    private val counted = AtomicInteger()

    @Volatile
    var challenge = ""

    val issuer = "http://127.0.0.1:${server.address.port}"
    val url = "$issuer/token"

    /** Answers come when this is open. */
    @Volatile
    var gate = CountDownLatch(0)

    /** How many requests it had. */
    val redemptions: Int get() = counted.get()

    init {
        server.executor = threads
        server.createContext("/token", ::redeem)
        server.start()
    }

    private fun redeem(exchange: HttpExchange) {
        counted.incrementAndGet()
        val body = exchange.requestBody.readBytes().toString(Charsets.US_ASCII)
        val form =
            body
                .split(
                    '&',
                ).associate { it.substringBefore('=') to URLDecoder.decode(it.substringAfter('='), "UTF-8") }
        val hash = MessageDigest.getInstance("SHA-256").digest(form["code_verifier"].orEmpty().toByteArray())
        val right =
            form["code"] == "right" && form["redirect_uri"] == REDIRECT &&
                Base64.getUrlEncoder().withoutPadding().encodeToString(hash) == challenge
        val answer =
            if (right) {
                """{"access_token":"secret-access","token_type":"Bearer","expires_in":60}"""
            } else {
                """{"error":"invalid_grant"}"""
            }.toByteArray()
        gate.await(3 * SECONDS, TimeUnit.SECONDS)
        exchange.responseHeaders.add("Content-Type", "application/json")
        exchange.sendResponseHeaders(if (right) 200 else 400, answer.size.toLong())
        exchange.responseBody.use { it.write(answer) }
    }

    override fun close() {
        server.stop(0)
        threads.shutdown()
    }
}
