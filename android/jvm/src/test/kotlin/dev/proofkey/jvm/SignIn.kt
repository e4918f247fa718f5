package dev.proofkey.jvm

import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import java.net.HttpURLConnection
import java.net.Proxy
import java.net.URL
import kotlin.system.exitProcess

/**
 * Signs in with the browser of the environment and prints what the resource answers, as the example of C does:
 * ISSUER AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID RESOURCE SCOPE...
 */
fun main(arguments: Array<String>) {
    try {
        val (issuer, authorization, token, client) = arguments
        val authenticator = LoopbackAuthenticator(SystemBrowser())
        val signIn =
            ProofKeyClient(issuer, authorization, token, client, authenticator) {
                resource = arguments[4]
                scopes = arguments.drop(5)
            }
        runBlocking { signIn.signIn() }.use { tokens ->
            val request = URL(arguments[4]).openConnection(Proxy.NO_PROXY) as HttpURLConnection
            request.setRequestProperty("Authorization", "Bearer ${tokens.exposeAccessToken()}")
            println("${request.responseCode} ${request.inputStream.reader().readText()}")
        }
    } catch (e: ProofKeyException) {
        System.err.println(e.message?.removeSuffix(". ${e.advice}"))
        System.err.println(e.advice)
        exitProcess(1)
    }
}
