package dev.proofkey.jvm

import dev.proofkey.ClientOptions
import dev.proofkey.CodeDisplay
import dev.proofkey.Dpop
import dev.proofkey.Interaction
import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL
import kotlin.time.Duration.Companion.seconds

/**
 * What tests/faults has to do, a line each, and what comes of it, a line each: the codes of errors, and `ok` with the
 * scopes, with commas between them. `MEETS TRIES TIMEOUT_S WHERE CLIENT_ID STORE SCOPE...`
 */
fun main() {
    for (line in generateSequence(::readLine)) {
        println(runBlocking { FaultCase(line.split(' ')).outcomes() }.joinToString(","))
    }
}

private class FaultCase(
    words: List<String>,
) {
    private val meets = words[0]
    private val tries = words[1].toInt()
    private val timeout = words[2].toInt().seconds
    private val where = words[3]
    private val client = words[4]
    private val store = words[5]
    private val scopes = words.drop(6)

    suspend fun outcomes(): List<String> {
        val came = code { signIn() }
        return when {
            meets == "request" && came.startsWith("ok") -> listOf(code { request() })
            meets != "refresh" -> listOf(came)
            !came.startsWith("ok") -> listOf("sign-in: $came")
            else -> List(tries) { code { token() } }
        }
    }

    private suspend fun code(ask: suspend () -> String): String =
        try {
            ask()
        } catch (e: ProofKeyException) {
            e.code
        }

    private suspend fun signIn(): String =
        client().use { client ->
            client.signIn(if (meets == "device") Interaction.Device else Interaction.Browser).use { said(it.scopes) }
        }

    private suspend fun token(): String = client().use { client -> client.tokens().use { said(it.scopes) } }

    private suspend fun request(): String =
        client().use { client ->
            val call = client.call(Interaction.Auto)
            var status: Int
            do {
                val request = URL(where).openConnection(Proxy.NO_PROXY) as HttpURLConnection
                call.headers("GET", where).forEach { request.setRequestProperty(it.name, it.value) }
                status = request.responseCode
            } while (call.answered(where, status, request.headerFields))
            if (status == HttpURLConnection.HTTP_OK) "ok" else "http_$status"
        }

    private fun said(scopes: List<String>) = (listOf("ok") + scopes).joinToString(" ")

    private fun client(): ProofKeyClient {
        val authenticator = LoopbackAuthenticator(SystemBrowser())
        val options: ClientOptions.() -> Unit = {
            // With an issuer it stands beside it.
            if (meets == "request") clientId = client
            scopes = this@FaultCase.scopes
            store = FileTokenStore(this@FaultCase.store) {}
            timeout = this@FaultCase.timeout
            showCode = CodeDisplay { }
            push = meets == "push"
            dpop = if (meets == "dpop") Dpop.Required else Dpop.Never
        }
        return if (meets == "request") {
            ProofKeyClient(where, authenticator, options)
        } else {
            ProofKeyClient(where, client, authenticator, options)
        }
    }
}
