package dev.proofkey

import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

private fun client(
    resource: String,
    folder: String,
    browser: Browser,
) = ProofKeyClient(resource, LoopbackAuthenticator(browser)) {
    clientName = "My agent"
    resumable = true
    store = FileTokenStore(null, folder) {}
}

/** A sign-in that outlives the program: killed while the user is at the browser, and finished by the next. */
class ResumeTest {
    @TempDir
    lateinit var folder: File

    private fun next() = client(Server.resource, folder.path) { error("no browser is wanted") }

    /** Begins a sign-in in a program of its own, and kills it; the address that the user is at. */
    private fun killed(): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val options = listOf("-XX:TieredStopAtLevel=1", "-Djna.library.path=${System.getProperty("jna.library.path")}")
        val program = listOf("-cp", System.getProperty("java.class.path"), Begun::class.java.name)
        val child =
            ProcessBuilder(listOf(java) + options + program + listOf(Server.resource, folder.path))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
        val url = child.inputReader().readLine()
        child.destroyForcibly().waitFor()
        return checkNotNull(url)
    }

    @Test
    fun `the redirect starts the next program`() {
        val redirect = granted(killed())
        running {
            next().resume(redirect).use { tokens -> assertEquals(tokens.exposeAccessToken(), next().accessToken()) }
        }
        val error = assertThrows(ProofKeyException.SignInAgain::class.java) { running { next().resume(redirect) } }
        assertEquals("nothing_pending", error.code)
    }

    @Test
    fun `the next program waits at the same port`() {
        val url = killed()
        assertTrue(isFree(portOf(url)))
        running {
            val resumed = async { next().resume() }
            while (isFree(portOf(url))) yield()
            inBackground { visit(url) }
            resumed.await().use { assertEquals(Server.resource, it.resource) }
        }
    }
}

/** What is killed. */
internal object Begun {
    @JvmStatic
    fun main(arguments: Array<String>) {
        runBlocking { client(arguments[0], arguments[1]) { println(it) }.signIn() }
    }
}
