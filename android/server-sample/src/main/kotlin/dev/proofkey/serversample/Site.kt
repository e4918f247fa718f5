package dev.proofkey.serversample

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import dev.proofkey.server.Access
import dev.proofkey.server.AuthorizationRequest
import dev.proofkey.server.AuthorizationServer
import dev.proofkey.server.ClientRecord
import dev.proofkey.server.Decline
import dev.proofkey.server.Demands
import dev.proofkey.server.GrantStore
import dev.proofkey.server.Policy
import dev.proofkey.server.Proof
import dev.proofkey.server.TokenAnswer
import kotlinx.coroutines.runBlocking
import org.json.JSONObject
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.Executors

/**
 * An authorization server and a resource on this machine, over the JDK's HTTP server. The endpoints carry what comes to
 * ProofKey and what it says back; they judge nothing. Its one user is signed in always: who a user is, is yours to know.
 */
class Site(
    store: GrantStore,
    port: Int,
    private val user: String,
) : AutoCloseable {
    private val http = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0)
    private val threads = Executors.newFixedThreadPool(THREADS)

    /** What the outside calls the server. */
    val issuer = "http://127.0.0.1:${http.address.port}"
    val resource = "$issuer/notes"

    /** The one client that is known. */
    val client =
        ClientRecord("agent", "My agent", listOf("http://127.0.0.1/callback"), listOf("notes.read"), mayRefresh = true)
    private val server = AuthorizationServer(Policy(issuer), store, { id -> client.takeIf { it.clientId == id } })

    init {
        at("/authorize", "GET", "POST") { authorize(it) }
        at("/token", "POST") { asItIs(it, server.token(body(it), it.field("Content-Type"), it.authorization(), proof(it))) }
        at("/revoke", "POST") { asItIs(it, server.revoke(body(it), it.field("Content-Type"), it.authorization())) }
        at("/notes", "GET") { notes(it) }
        at("/.well-known/oauth-authorization-server", "GET") { it.json(serverMetadata(issuer)) }
        at("/.well-known/oauth-protected-resource/notes", "GET") { it.json(resourceMetadata(issuer, resource)) }
        http.executor = threads
        http.start()
    }

    private fun at(
        path: String,
        vararg methods: String,
        answer: suspend (HttpExchange) -> Unit,
    ) {
        http.createContext(path) { exchange ->
            exchange.use {
                if (exchange.requestURI.path != path) {
                    exchange.send(404)
                } else if (exchange.requestMethod !in methods) {
                    exchange.responseHeaders["Allow"] = methods.joinToString(", ")
                    exchange.send(405)
                } else {
                    runBlocking { answer(exchange) }
                }
            }
        }
    }

    /**
     * Asks the user (RFC 6749 §3.1). The form is posted to the same address, so that what the user has seen is judged
     * again when the answer comes.
     */
    private suspend fun authorize(exchange: HttpExchange) {
        exchange.responseHeaders["Content-Security-Policy"] = "frame-ancestors 'none'"
        exchange.responseHeaders["X-Frame-Options"] = "DENY"
        exchange.responseHeaders["Cache-Control"] = "no-store"
        exchange.responseHeaders["Referrer-Policy"] = "no-referrer"
        when (val judged = server.authorizationRequest(exchange.requestURI.rawQuery.orEmpty())) {
            is AuthorizationRequest.Page -> exchange.html(judged.status, "<p>${escaped(judged.description)}</p>")
            is AuthorizationRequest.Redirect -> exchange.seeOther(judged.location)
            is AuthorizationRequest.Accepted -> ask(exchange, judged)
        }
    }

    private suspend fun ask(
        exchange: HttpExchange,
        asked: AuthorizationRequest.Accepted,
    ) {
        // Nobody may be asked anything, and here everybody is.
        if ("none" in asked.prompt) return exchange.seeOther(server.deny(asked, Decline.ConsentNeeded).location)
        if (exchange.requestMethod == "GET") return exchange.html(200, page(asked, user, exchange.consentToken()))
        val form = form(body(exchange))
        if (!exchange.isOurs(form)) return exchange.html(403, "<p>This is no answer to a page of ours.</p>")
        if (form["decision"] != "allow") return exchange.seeOther(server.deny(asked).location)
        exchange.seeOther(server.approve(asked, user).location)
    }

    /** A resource: it wants a token that is meant for it. */
    private suspend fun notes(exchange: HttpExchange) {
        val demands = Demands(metadataUrl = "$issuer/.well-known/oauth-protected-resource/notes")
        val access = server.check(exchange.authorization(), resource, listOf("notes.read"), proof(exchange), demands)
        when (access) {
            is Access.Refused -> {
                access.headers.forEach { (name, value) -> exchange.responseHeaders[name] = value }
                exchange.send(access.status)
            }

            is Access.Granted -> {
                access.headers.forEach { (name, value) -> exchange.responseHeaders[name] = value }
                exchange.json(JSONObject().put("user", access.subject).put("notes", listOf("Water the plants")))
            }
        }
    }

    /** The proofs of possession that came with a request, and its address as clients know it. */
    private fun proof(exchange: HttpExchange): Proof {
        val fields = exchange.requestHeaders["DPoP"].orEmpty()
        return Proof(fields, exchange.requestMethod, issuer + exchange.requestURI.rawPath)
    }

    /** A byte more than ProofKey takes, so that it sees what is too long. */
    private fun body(exchange: HttpExchange): ByteArray = exchange.requestBody.readNBytes(MAX_BODY)

    private fun asItIs(
        exchange: HttpExchange,
        answer: TokenAnswer,
    ) {
        answer.headers.forEach { (name, value) -> exchange.responseHeaders[name] = value }
        exchange.send(answer.status, answer.body)
    }

    override fun close() {
        http.stop(0)
        threads.shutdown()
    }

    private companion object {
        const val THREADS = 8
        const val MAX_BODY = 64 * 1024 + 1
    }
}

private operator fun com.sun.net.httpserver.Headers.set(
    name: String,
    value: String,
) = set(name, value)

private fun HttpExchange.field(name: String): String? = requestHeaders.getFirst(name)

private fun HttpExchange.authorization(): String? = field("Authorization")

private fun HttpExchange.seeOther(location: String) {
    responseHeaders["Location"] = location
    send(303)
}

private fun HttpExchange.html(
    status: Int,
    page: String,
) {
    responseHeaders["Content-Type"] = "text/html; charset=utf-8"
    send(status, page.toByteArray())
}

private fun HttpExchange.json(document: JSONObject) {
    responseHeaders["Content-Type"] = "application/json"
    send(200, document.toString().toByteArray())
}

private fun HttpExchange.send(
    status: Int,
    body: ByteArray = ByteArray(0),
) {
    sendResponseHeaders(status, if (body.isEmpty()) -1 else body.size.toLong())
    if (body.isNotEmpty()) responseBody.write(body)
}

/** What clients find about the server (RFC 8414). */
private fun serverMetadata(issuer: String): JSONObject =
    JSONObject()
        .put("issuer", issuer)
        .put("authorization_endpoint", "$issuer/authorize")
        .put("token_endpoint", "$issuer/token")
        .put("revocation_endpoint", "$issuer/revoke")
        .put("scopes_supported", listOf("notes.read"))
        .put("response_types_supported", listOf("code"))
        .put("grant_types_supported", listOf("authorization_code", "refresh_token"))
        .put("token_endpoint_auth_methods_supported", listOf("none"))
        .put("revocation_endpoint_auth_methods_supported", listOf("none"))
        .put("code_challenge_methods_supported", listOf("S256"))
        .put("authorization_response_iss_parameter_supported", true)
        .put("dpop_signing_alg_values_supported", listOf("ES256"))

/** Where a token for the resource comes from (RFC 9728). */
private fun resourceMetadata(
    issuer: String,
    resource: String,
): JSONObject =
    JSONObject()
        .put("resource", resource)
        .put("authorization_servers", listOf(issuer))
        .put("scopes_supported", listOf("notes.read"))
        .put("bearer_methods_supported", listOf("header"))
        .put("dpop_signing_alg_values_supported", listOf("ES256"))
