package dev.proofkey.sample

import dev.proofkey.LoopbackAuthenticator
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import java.net.HttpURLConnection
import java.net.URL

/** The app's code without a phone: `main ISSUER CLIENT-ID`, where the server allows without asking. */
fun main(arguments: Array<String>) {
    val (issuer, clientId) = arguments
    val browser = LoopbackAuthenticator { url -> withContext(Dispatchers.IO) { visit(url) } }
    val server = Server(issuer)
    val answer =
        runBlocking {
            server.client(browser, "http://127.0.0.1/callback", clientId).use { client ->
                client.signIn().close()
                server.ask(client)
            }
        }
    println(answer)
}

/** As a browser does: the server's redirect leads to the receiver. */
private fun visit(url: String) {
    val connection = URL(url).openConnection() as HttpURLConnection
    check(connection.responseCode == HttpURLConnection.HTTP_OK) { "the browser got ${connection.responseCode}" }
    connection.disconnect()
}
