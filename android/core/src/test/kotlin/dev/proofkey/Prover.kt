package dev.proofkey

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.proofkey.internal.CheckedProof
import dev.proofkey.internal.checkDpopProof
import dev.proofkey.runner.form
import java.net.InetAddress
import java.net.InetSocketAddress
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors

/**
 * An issuer and its resource that take proofs of possession (RFC 9449) and want a word of their own in each, and a
 * device endpoint (RFC 8628) whose user says yes when [answers] does.
 */
internal class Prover : AutoCloseable {
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
    private val threads = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }
    val url = "http://127.0.0.1:${server.address.port}"
    val resource = "$url/api"

    /** What came, and how it was answered. */
    val heard = CopyOnWriteArrayList<String>()

    /** The keys that proofs were made with, by their thumbprints. */
    val keys = CopyOnWriteArrayList<String>()

    /** What the token endpoint says to a device, one after the other; then it gives tokens. */
    val answers = CopyOnWriteArrayList<String>()

    /** What the resource demands of tokens that it would take, one after the other; then it takes them. */
    val demands = CopyOnWriteArrayList<Pair<Int, String>>()

    /** The scopes that were asked for. */
    val scopes = CopyOnWriteArrayList<String>()

    /** What stands in a good proof (RFC 9449 §8), at both places: they are of one origin. */
    @Volatile
    var word = "word-1"

    @Volatile
    var bindsTokens = true

    init {
        server.executor = threads
        server.createContext("/token") { if (proven(it, "token", null)) it.answer(200, tokens(it)) }
        server.createContext("/device") { exchange ->
            exchange.requestBody.readBytes()
            val code = """"device_code":"canary-device","user_code":"WDJB-MJHT","expires_in":600,"interval":0"""
            val place = """"verification_uri":"$url/enter","verification_uri_complete":"$url/enter?c=WDJB-MJHT""""
            exchange.answer(200, "{$code,$place}")
        }
        server.createContext("/api") { exchange ->
            val token = exchange.requestHeaders.getFirst("Authorization").orEmpty()
            if (!bindsTokens || proven(exchange, "api", token.removePrefix("DPoP "))) judge(exchange)
        }
        server.start()
    }

    private fun judge(exchange: HttpExchange) {
        val demand = synchronized(demands) { demands.removeFirstOrNull() }
        if (demand == null) {
            heard += "api 200"
            exchange.answer(200, "{}")
        } else {
            heard += "api ${demand.first}"
            exchange.responseHeaders.add("WWW-Authenticate", demand.second)
            exchange.answer(demand.first, "{}")
        }
    }

    /** Whether the proof is good, and holds the word; else the answer says what is wrong. */
    private fun proven(
        exchange: HttpExchange,
        place: String,
        token: String?,
    ): Boolean {
        if (!bindsTokens) return true
        val proof = exchange.requestHeaders.getFirst("DPoP").orEmpty()
        val at = "$url/$place"
        val now = (System.currentTimeMillis() / 1000).toULong()
        val checked = checkDpopProof(proof, exchange.requestMethod, at, token, word, now, 60u)
        if (checked is CheckedProof.Good) return true.also { keys += checked.thumbprint }
        val why = (checked as CheckedProof.Refused).code
        heard += "$place $why"
        exchange.requestBody.readBytes()
        exchange.responseHeaders.add("DPoP-Nonce", word)
        exchange.responseHeaders.add("WWW-Authenticate", """DPoP error="use_dpop_nonce"""")
        exchange.answer(if (token == null) 400 else 401, """{"error":"use_dpop_nonce"}""")
        return false
    }

    private fun tokens(exchange: HttpExchange): String {
        val asked = form(exchange.requestBody.readBytes().toString(Charsets.UTF_8)).getValue("grant_type")
        heard += asked.substringAfterLast(":")
        val undecided = synchronized(answers) { if ("device" in asked) answers.removeFirstOrNull() else null }
        if (undecided != null) return """{"error":"$undecided"}"""
        val type = if (bindsTokens) "DPoP" else "Bearer"
        return """{"access_token":"canary-token-${heard.size}","token_type":"$type","expires_in":3600,
            "refresh_token":"canary-refresh-${heard.size}"}"""
    }

    private fun HttpExchange.answer(
        status: Int,
        body: String,
    ) {
        responseHeaders.add("Content-Type", "application/json")
        val refuses = status == 200 && body.startsWith("""{"error"""")
        sendResponseHeaders(if (refuses) 400 else status, body.length.toLong())
        responseBody.write(body.toByteArray())
        close()
    }

    fun client(
        authenticator: WebAuthenticator =
            AppAuthenticator { url ->
                scopes += parameter(url, "scope")
                "$REDIRECT?code=$CODE&state=${parameter(url, "state")}"
            },
        options: ClientOptions.() -> Unit = {},
    ): ProofKeyClient =
        ProofKeyClient(url, "$url/authorize", "$url/token", "agent", authenticator) {
            redirectUri = REDIRECT
            resource = this@Prover.resource
            deviceAuthorizationEndpoint = "$url/device"
            dpop = if (bindsTokens) Dpop.Required else Dpop.Never
            scopes = listOf("read")
            options()
        }

    private fun parameter(
        url: String,
        name: String,
    ) = dev.proofkey.runner.parameter(url, name)

    override fun close() {
        server.stop(0)
        threads.shutdown()
    }
}

/** A key that the JVM keeps, as a phone would. */
internal open class JvmSigner : Signer {
    private val keys = HashMap<String, KeyPair>()
    val asked = CopyOnWriteArrayList<String>()

    private fun pair(keyId: String): KeyPair =
        synchronized(keys) {
            keys.getOrPut(keyId) {
                val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
                generator.generateKeyPair()
            }
        }

    override suspend fun publicKey(keyId: String): ByteArray {
        asked += "key $keyId"
        val point = (pair(keyId).public as ECPublicKey).w
        val numbers =
            listOf(point.affineX, point.affineY).flatMap { number ->
                val bytes = number.toByteArray().takeLast(32)
                List(32 - bytes.size) { 0.toByte() } + bytes
            }
        return byteArrayOf(4) + numbers
    }

    override suspend fun sign(
        keyId: String,
        input: ByteArray,
    ): ByteArray {
        asked += "sign $keyId"
        return Signature.getInstance("SHA256withECDSA").run {
            initSign(pair(keyId).private)
            update(input)
            sign()
        }
    }
}
