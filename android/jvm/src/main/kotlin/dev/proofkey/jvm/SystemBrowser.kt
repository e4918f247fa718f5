package dev.proofkey.jvm

import dev.proofkey.Browser
import dev.proofkey.BrowserFailedException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * The user's browser on a desktop: one program that gets the address as its only argument, never a shell.
 *
 * Without [program] it is the one that the environment variable `BROWSER` names, else the system's default
 * browser (`xdg-open`, `open` or `rundll32`). `BROWSER` names **one** program; lists and templates (`a:b`, `x %s`)
 * are not expanded, for that is how addresses have ended up in shells (CVE-2025-6514).
 *
 * @param program a path, or a name that is looked up in `PATH`.
 */
public class SystemBrowser
    @JvmOverloads
    constructor(
        private val program: String? = null,
    ) : Browser {
        /** Starts the browser, and does not wait for it. */
        override suspend fun open(url: String) {
            check(url)
            val command = command() + url
            // Starting a program reads the disk.
            withContext(Dispatchers.IO) { launch(command) }
        }

        /** On Linux without `BROWSER`: whether there is a display to show one on. */
        override val isThere: Boolean
            get() =
                program != null || BROWSERS.any { !System.getenv(it).isNullOrEmpty() } ||
                    System.getProperty("os.name").let { it.startsWith("Windows") || it.startsWith("Mac") }

        private fun command(): List<String> {
            val named = program ?: System.getenv("BROWSER")?.takeUnless { it.isEmpty() }
            return if (named != null) listOf(named) else systems(System.getProperty("os.name"))
        }

        /** For people; it holds no secret. */
        override fun toString(): String = "SystemBrowser(${program ?: "default"})"
    }

/** The user's own choice, and the displays. */
private val BROWSERS = listOf("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")

private const val LONGEST_URL = 16 * 1024

private val LOCAL = Regex("""http://(?:127\.0\.0\.1|\[::1]|localhost)(?::[0-9]*)?(?:[/?#].*)?""")

/** Nothing else belongs in a URI (RFC 3986 §2): no space, no control character, no quote. */
private val IN_A_URI = Regex("""[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*""")

private fun check(url: String) {
    val wrong =
        when {
            url.length > LONGEST_URL -> "is longer than 16 KiB"
            !IN_A_URI.matches(url) -> "has a character that does not belong in a URL"
            url.startsWith("https://") || LOCAL.matches(url) -> return
            url.startsWith("http://") -> "is http and not on loopback; expected https"
            else -> "is not an https URL"
        }
    throw BrowserFailedException("the sign-in address $wrong")
}

private fun systems(name: String): List<String> =
    when {
        name.startsWith("Windows") -> listOf("rundll32", "url.dll,FileProtocolHandler")
        name.startsWith("Mac") -> listOf("open")
        else -> listOf("xdg-open")
    }

/** Starts the program beside this one; it may run for as long as the user keeps the window. */
private fun launch(command: List<String>) {
    // Redirect.DISCARD came with Java 9.
    val nowhere = File(if (File.separatorChar == '\\') "NUL" else "/dev/null")
    try {
        ProcessBuilder(command)
            .redirectInput(
                if (File.separatorChar ==
                    '\\'
                ) {
                    ProcessBuilder.Redirect.PIPE
                } else {
                    ProcessBuilder.Redirect.from(nowhere)
                },
            ).redirectOutput(ProcessBuilder.Redirect.to(nowhere))
            .redirectError(ProcessBuilder.Redirect.to(nowhere))
            .start()
    } catch (_: IOException) {
        // Its text would repeat the address.
        throw BrowserFailedException("the program \"${command.first()}\" cannot be started")
    }
}
