package dev.proofkey

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Sign-in on another device: P15, RFC 8628. */
class DeviceTest {
    private inline fun <reified E : Throwable> fails(crossinline call: suspend () -> Any?): E =
        assertThrows(E::class.java) { running { call() } }

    @Test
    fun `the code is shown until the sign-in has ended`() {
        Prover().use { site ->
            site.answers += List(2) { "authorization_pending" }
            val seen = mutableListOf<DeviceCode>()
            var isShown = false
            val client =
                site.client {
                    showCode =
                        CodeDisplay { code ->
                            seen += code
                            isShown = true
                            try {
                                awaitCancellation()
                            } finally {
                                isShown = false
                            }
                        }
                }
            running { client.signIn(Interaction.Device).use { assertTrue(it.exposeAccessToken().startsWith("canary")) } }
            assertFalse(isShown)
            val code = seen.single()
            assertEquals("WDJB-MJHT" to "${site.url}/enter", code.userCode to code.verificationUri)
            assertEquals("${site.url}/enter?c=WDJB-MJHT" to 600L, code.verificationUriComplete to code.expiresInSeconds)
            assertTrue("never enter a code that somebody sent you" in code.advice)
            assertFalse("WDJB" in "$code")
            assertEquals(3, site.heard.count { it == "device_code" })
            assertEquals(emptyList<String>(), site.scopes, "no page was opened")
        }
    }

    /** A token is had with its interaction as well. */
    @Test
    fun `a display may come back at once, and the terminal is one`() {
        val said = StringBuilder()
        val screen =
            object : Terminal {
                override suspend fun say(text: String) {
                    said.append(text)
                }

                override suspend fun ask(prompt: String): String? = error("nobody is asked")
            }
        Prover().use { site ->
            site.answers += "authorization_pending"
            val client = site.client { terminal = screen }
            running { assertTrue(client.accessToken(Interaction.Device).startsWith("canary")) }
            assertTrue("${site.url}/enter\n" in said && "WDJB-MJHT" in said && "within 10 min" in said) { "$said" }
            assertTrue("never enter a code that somebody sent you" in said)
        }
    }

    @Test
    fun `a code that nobody would see is not asked for`() {
        val nowhere =
            object : Terminal {
                override val isThere = false

                override suspend fun say(text: String) = error("it is not there")

                override suspend fun ask(prompt: String): String? = error("it is not there")
            }
        Prover().use { site ->
            val client = site.client { terminal = nowhere }
            val error = fails<ProofKeyException.FixConfiguration> { client.signIn(Interaction.Device) }
            assertEquals("invalid_configuration", error.code)
            assertTrue(error.message.orEmpty().startsWith("show_code"))
            assertEquals("invalid_configuration", fails<ProofKeyException> { client.resume(null, Interaction.Device) }.code)
            assertEquals(emptyList<String>(), site.heard)
        }
    }

    @Test
    fun `it is never chosen by itself`() {
        Prover().use { site ->
            val client = site.client { showCode = CodeDisplay { error("nobody has asked for it") } }
            running {
                client.signIn(Interaction.Auto).close()
                client.accessToken(Interaction.Auto)
            }
            assertFalse("device_code" in site.heard)
        }
    }

    @Test
    fun `the user gives up, and what else a display throws is the caller's`() {
        Prover().use { site ->
            site.answers += List(100_000) { "authorization_pending" }
            val gone = site.client { showCode = CodeDisplay { throw CodeDismissedException() } }
            assertEquals("user_cancelled", fails<ProofKeyException.UserCancelled> { gone.signIn(Interaction.Device) }.code)
            val broken = site.client { showCode = CodeDisplay { throw UnsupportedOperationException("the caller's") } }
            fails<UnsupportedOperationException> { broken.signIn(Interaction.Device) }
        }
    }

    @Test
    fun `the user says no`() {
        Prover().use { site ->
            site.answers += "access_denied"
            val client = site.client { showCode = CodeDisplay {} }
            assertEquals("access_denied", fails<ProofKeyException.UserCancelled> { client.signIn(Interaction.Device) }.code)
            site.answers += "expired_token"
            val late = fails<ProofKeyException.SignInAgain> { client.signIn(Interaction.Device) }
            assertEquals("device_code_expired", late.code)
        }
    }

    /** The first wait is that of the code that is shown, the later ones are waits. */
    @TestFactory
    fun `a cancel ends a wait`(): List<DynamicTest> =
        listOf("while the code is shown" to 0, "between two polls" to 3).map { (name, polls) ->
            dynamicTest(name) {
                Prover().use { site ->
                    site.answers += List(100_000) { "authorization_pending" }
                    val (shown, ended) = CompletableDeferred<Unit>() to CompletableDeferred<Unit>()
                    val display =
                        CodeDisplay {
                            try {
                                while (site.heard.count { it == "device_code" } < polls) kotlinx.coroutines.yield()
                                shown.complete(Unit)
                                awaitCancellation()
                            } finally {
                                ended.complete(Unit)
                            }
                        }
                    val client = site.client { showCode = display }
                    running {
                        val task = launch { client.signIn(Interaction.Device) }
                        shown.await()
                        task.cancel()
                        task.join()
                        assertTrue(task.isCancelled && ended.isCompleted)
                    }
                    assertEquals("sign_in_required", fails<ProofKeyException> { client.accessToken() }.code)
                }
            }
        }
}
