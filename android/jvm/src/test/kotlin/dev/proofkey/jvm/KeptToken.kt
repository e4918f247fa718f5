package dev.proofkey.jvm

import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import kotlin.system.exitProcess

/**
 * Signs in with the browser of the environment and keeps what comes in the store of this user, or prints the token that is
 * kept there, refreshed where it is old: `RESOURCE CLIENT_ID sign-in`, `RESOURCE CLIENT_ID token`.
 */
fun main(arguments: Array<String>) {
    val (resource, id, what) = arguments
    try {
        val client =
            ProofKeyClient(resource, LoopbackAuthenticator(SystemBrowser())) {
                clientId = id
                store = FileTokenStore()
            }
        when (what) {
            "sign-in" -> runBlocking { client.signIn() }.close()
            "token" -> println(runBlocking { client.accessToken() })
            else -> error("neither sign-in nor token: $what")
        }
    } catch (e: ProofKeyException) {
        System.err.println("${e.code}: ${e.message}")
        exitProcess(1)
    }
}
