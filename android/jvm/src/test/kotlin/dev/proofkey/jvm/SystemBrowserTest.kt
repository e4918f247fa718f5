package dev.proofkey.jvm

import dev.proofkey.Browser
import dev.proofkey.BrowserFailedException
import dev.proofkey.LoopbackAuthenticator
import dev.proofkey.ProofKeyClient
import dev.proofkey.ProofKeyException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.jar.JarFile

private const val LONG = 30_000L

/** The packaged jar, its library and the system's browser. */
class SystemBrowserTest {
    private fun client(browser: Browser) =
        ProofKeyClient(
            issuer = ready.getString("issuer"),
            authorizationEndpoint = ready.getString("authorization_endpoint"),
            tokenEndpoint = ready.getString("token_endpoint"),
            clientId = ready.getString("client_id"),
            authenticator = LoopbackAuthenticator(browser),
        ) {
            resource = ready.getString("resource")
            issPromised = true
        }

    private fun signIn(browser: Browser) {
        runBlocking { withTimeout(LONG) { client(browser).signIn() } }.use { tokens ->
            assertTrue(tokens.exposeAccessToken().isNotEmpty())
        }
    }

    /** A browser without a window, whose name would do harm in a shell. */
    private fun browserIn(folder: File): File {
        val program = File(folder, "a browser; touch \$(pwned)")
        program.writeText(
            """
            |#!/usr/bin/env python3
            |import sys, urllib.request
            |assert len(sys.argv) == 2
            |opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            |opener.open(sys.argv[1], timeout=30).read()
            |
            """.trimMargin(),
        )
        check(program.setExecutable(true))
        return program
    }

    @Test
    fun `it is the jar that is tested, and its library is stripped`() {
        val place =
            File(
                SystemBrowser::class.java.protectionDomain.codeSource.location
                    .toURI(),
            )
        assertTrue(place.isFile && place.extension == "jar") { "$place" }
        JarFile(place).use { jar ->
            val libraries =
                jar
                    .entries()
                    .toList()
                    .map { it.name }
                    .filter { "proofkey_uniffi" in it }
            assertTrue(
                "linux-x86-64/libproofkey_uniffi.so" in libraries || "linux-aarch64/libproofkey_uniffi.so" in libraries,
            )
            for (name in libraries) {
                val bytes = jar.getInputStream(jar.getEntry(name)).use { it.readBytes() }
                assertFalse(".symtab" in String(bytes, Charsets.ISO_8859_1), name)
            }
        }
    }

    @Test
    fun `a browser program gets the address as its only argument`(
        @TempDir folder: File,
    ) {
        // Threat: an address that reaches a shell (CVE-2025-6514).
        signIn(SystemBrowser(browserIn(folder).path))
    }

    @Test
    fun `the environment names the browser`(
        @TempDir folder: File,
    ) {
        val places =
            listOf("issuer", "authorization_endpoint", "token_endpoint", "client_id", "resource").map { ready.getString(it) }
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process =
            ProcessBuilder(listOf(java, "-cp", System.getProperty("java.class.path"), "dev.proofkey.jvm.SignInKt") + places)
                .apply { environment()["BROWSER"] = browserIn(folder).path }
                .redirectErrorStream(true)
                .start()
        val said = process.inputReader().readText()
        assertEquals(0, process.waitFor()) { said }
        assertEquals(ready.getString("client_id"), JSONObject(said.removePrefix("200 ")).getString("client_id"))
    }

    @Test
    fun `a browser that is missing says so`() {
        val error =
            assertThrows(ProofKeyException.FixConfiguration::class.java) { signIn(SystemBrowser("/nowhere/a-browser")) }
        assertEquals("browser_failed", error.code)
        assertTrue("/nowhere/a-browser" in error.message.orEmpty())
        assertFalse("state=" in error.message.orEmpty())
    }

    @Test
    fun `what is no address of a page is not opened`() {
        val wrong =
            listOf(
                "http://as.example/",
                "http://127.0.0.1.evil.example/",
                "file:///etc/passwd",
                "https://as.example/ x",
                "https://as.example/\"",
                "-x",
                "https://as.example/" + "x".repeat(20_000),
            )
        for (url in wrong) {
            assertThrows(BrowserFailedException::class.java, { runBlocking { SystemBrowser("/bin/true").open(url) } }, url)
        }
        runBlocking { SystemBrowser("/bin/true").open("http://127.0.0.1:1/x?y=z") }
    }

    private companion object {
        /** What the development server says of itself; it ends with this program. */
        val ready: JSONObject by lazy {
            val program = System.getenv("PROOFKEY_PROGRAM") ?: "${System.getProperty("proofkey.target")}/debug/proofkey"
            val process =
                ProcessBuilder(program, "serve", "--auto-approve", "--json", "--port", "0")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
            Runtime.getRuntime().addShutdownHook(Thread { process.destroy() })
            JSONObject(process.inputReader().readLine())
        }
    }
}
