package dev.proofkey.android

import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import dev.proofkey.server.AuthorizationServer
import dev.proofkey.server.Clients
import dev.proofkey.server.MemoryGrantStore
import dev.proofkey.server.Policy
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** What the library for phones is without says so. All tests of this module run with that library. */
@RunWith(RobolectricTestRunner::class)
class NoServerTest {
    @Test
    fun aServerSaysWhenItIsMadeThatThereIsNone() {
        val error =
            assertThrows(ProofKeyException.FixConfiguration::class.java) {
                AuthorizationServer(Policy("https://as.example"), MemoryGrantStore(), Clients { null })
            }
        assertEquals("grants_unavailable", error.code)
        assertTrue(error.advice, "a package for servers or desktops" in error.advice)
    }

    @Test
    fun aSignInThatWantsALoopbackReceiverSaysThatThereIsNone() {
        val client =
            ProofKeyClient(
                issuer = "https://as.example",
                authorizationEndpoint = "https://as.example/authorize",
                tokenEndpoint = "https://as.example/token",
                clientId = "app",
                authenticator = LoopbackAuthenticator { error("there is nothing to be shown") },
            )
        val error = assertThrows(ProofKeyException.FixConfiguration::class.java) { runBlocking { client.signIn() } }
        assertEquals("loopback_unavailable", error.code)
    }
}
