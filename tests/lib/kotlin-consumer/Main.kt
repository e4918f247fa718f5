import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import dev.proofkey.jvm.SystemBrowser
import kotlinx.coroutines.runBlocking

/** Signs in at a development server: Main PROGRAM BROWSER. */
fun main(arguments: Array<String>) {
    val (program, browser) = arguments
    val server = ProcessBuilder(program, "serve", "--auto-approve", "--json", "--port", "0").start()
    try {
        val ready = server.inputStream.bufferedReader().readLine()
        val client =
            ProofKeyClient(
                issuer = ready.member("issuer"),
                authorizationEndpoint = ready.member("authorization_endpoint"),
                tokenEndpoint = ready.member("token_endpoint"),
                clientId = ready.member("client_id"),
                authenticator = LoopbackAuthenticator(SystemBrowser(browser)),
            ) {
                resource = ready.member("resource")
                issPromised = true
            }
        runBlocking { client.signIn() }.use { check(it.exposeAccessToken().isNotEmpty()) }
        println("signed in")
    } catch (e: ProofKeyException) {
        // Four families, and no `else`.
        val again =
            when (e) {
                is ProofKeyException.Retry -> true
                is ProofKeyException.SignInAgain -> true
                is ProofKeyException.FixConfiguration -> false
                is ProofKeyException.UserCancelled -> false
            }
        error("${e.code}, again: $again: ${e.message}")
    } finally {
        server.destroy()
    }
}

private fun String.member(name: String): String =
    checkNotNull(Regex("\"$name\":\\s*\"([^\"]*)\"").find(this)) { "no $name" }.groupValues[1]
