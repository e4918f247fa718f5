package dev.proofkey.sample

import dev.proofkey.ProofKeyClient
import dev.proofkey.WebAuthenticator
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.net.HttpURLConnection
import java.net.URL

/** What the app knows of its server; `proofkey serve` is one. */
class Server(
    val issuer: String,
) {
    /** Signs in, asks the resource with the token, and gives its answer. */
    suspend fun ask(
        authenticator: WebAuthenticator,
        redirect: String,
        clientId: String = "sample",
    ): String {
        val client =
            ProofKeyClient(
                issuer = issuer,
                authorizationEndpoint = "$issuer/authorize",
                tokenEndpoint = "$issuer/token",
                clientId = clientId,
                authenticator = authenticator,
            ) {
                redirectUri = redirect
            }
        return client.signIn().use { tokens -> get("$issuer/api", tokens.exposeAccessToken()) }
    }

    private suspend fun get(
        url: String,
        token: String,
    ): String =
        withContext(Dispatchers.IO) {
            val connection = URL(url).openConnection() as HttpURLConnection
            // Else the token would follow a redirect to another host.
            connection.instanceFollowRedirects = false
            connection.setRequestProperty("Authorization", "Bearer $token")
            try {
                connection.inputStream.use { it.readBytes() }.toString(Charsets.UTF_8)
            } finally {
                connection.disconnect()
            }
        }
}
