package dev.proofkey.sample

import dev.proofkey.ClientOptions
import dev.proofkey.Dpop
import dev.proofkey.ProofKeyClient
import dev.proofkey.ResourceCall
import dev.proofkey.WebAuthenticator
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL

/** What the app knows of its server; `proofkey serve` is one. */
class Server(
    val issuer: String,
) {
    private val api = "$issuer/api"

    /** A client whose tokens are bound to a key where the server does that. [keeping] says where both are kept. */
    fun client(
        authenticator: WebAuthenticator,
        redirect: String,
        clientId: String = "sample",
        keeping: ClientOptions.() -> Unit = {},
    ): ProofKeyClient =
        ProofKeyClient(
            issuer = issuer,
            authorizationEndpoint = "$issuer/authorize",
            tokenEndpoint = "$issuer/token",
            clientId = clientId,
            authenticator = authenticator,
        ) {
            redirectUri = redirect
            resource = api
            dpop = Dpop.Preferred
            keeping()
        }

    /** Asks the resource, as often as it takes, and gives its answer. */
    suspend fun ask(client: ProofKeyClient): String {
        val call = client.call()
        var answer: String? = null
        while (answer == null) answer = withContext(Dispatchers.IO) { oneTry(call) }
        return answer
    }

    /** Null where the request is to be sent once more. */
    private suspend fun oneTry(call: ResourceCall): String? {
        val connection = URL(api).openConnection() as HttpURLConnection
        // Else the token would follow a redirect to another host.
        connection.instanceFollowRedirects = false
        for (field in call.headers("GET", api)) connection.setRequestProperty(field.name, field.value)
        try {
            val status = connection.responseCode
            if (call.answered(api, status, connection.headerFields)) return null
            if (status != HttpURLConnection.HTTP_OK) throw IOException("the resource says $status")
            return connection.inputStream.use { it.readBytes() }.toString(Charsets.UTF_8)
        } finally {
            connection.disconnect()
        }
    }
}
