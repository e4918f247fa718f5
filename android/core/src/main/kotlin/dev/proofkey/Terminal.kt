package dev.proofkey

import kotlinx.coroutines.CompletableDeferred

/** Where a program talks with its user, for [Interaction.Paste]. */
public interface Terminal {
    /** Whether the user can be asked here. */
    public val isThere: Boolean
        get() = true

    /** Shows a text, which ends with a line break. */
    public suspend fun say(text: String)

    /**
     * Asks for a line. What is entered holds a code, and should not be shown.
     *
     * @return the line without its end; null where there are no more.
     */
    public suspend fun ask(prompt: String): String?
}

/** The terminal of the program: standard input and standard error. */
internal object StandardTerminal : Terminal {
    override val isThere: Boolean
        get() = System.console() != null

    override suspend fun say(text: String) = System.err.print(text)

    override suspend fun ask(prompt: String): String? {
        System.err.print(prompt)
        System.err.flush()
        return Lines.next()
    }
}

/** The lines of standard input. One that nobody waits for any more is there for the next one who asks. */
private object Lines {
    private var asked: CompletableDeferred<String?>? = null

    suspend fun next(): String? {
        val line = synchronized(this) { asked ?: CompletableDeferred<String?>().also(::read) }
        return line.await().also { synchronized(this) { if (asked === line) asked = null } }
    }

    /** Nothing ends such a read but a line, so it has a thread of its own. */
    private fun read(line: CompletableDeferred<String?>) {
        asked = line
        daemon("proofkey-paste") { line.complete(System.console()?.readPassword()?.concatToString() ?: typed()) }
    }

    private fun typed(): String? = runCatching { readlnOrNull() }.getOrNull()
}

/** The user opens the address wherever a browser is, and pastes the address where it ended. */
internal class PastedRedirects(
    private val terminal: Terminal,
    private val url: String?,
) : WebSession {
    private var hasBegun = false

    suspend fun refused(why: String) {
        terminal.say("That is not where this sign-in ended ($why). Try again.\n")
    }

    override suspend fun next(): WebResult {
        if (!hasBegun) {
            hasBegun = true
            terminal.say(invitation() + WARNING)
        }
        while (true) {
            val line = terminal.ask("The address where the browser ended: ") ?: return WebResult.Dismissed
            if (line.isNotBlank()) return WebResult.Redirect(line.trim())
        }
    }

    override fun close() {}

    private fun invitation(): String =
        if (url == null) {
            ""
        } else {
            """
            |
            |Open this address in a browser, on this machine or another, and sign in:
            |
            |$url
            |
            |At the end the browser goes to an address at 127.0.0.1, [::1] or localhost, and may say that it cannot
            |be reached. Copy that whole address from its address bar and paste it here.
            |
            """.trimMargin()
        }

    private companion object {
        /** RFC 8252 §8.1: what is pasted holds a code. */
        const val WARNING =
            "Paste it nowhere else, and never send it to anyone who asks for it: whoever has it may get into your " +
                "account. If somebody else gave you the address above, stop here.\n"
    }
}
