package dev.proofkey.jvm

import dev.proofkey.TokenStoreException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** The keyring by `secret-tool`, which stands here as a script. */
class SecretToolTest {
    @TempDir
    lateinit var folder: File

    /** It keeps what it is given in a file of the account's name, and says how it was called. */
    private fun tool(
        script: String =
            """
            echo "${'$'}*" >>"${'$'}(dirname "${'$'}0")/calls"
            for account; do :; done
            case ${'$'}1 in
                lookup) cat "${'$'}(dirname "${'$'}0")/${'$'}account" 2>/dev/null ;;
                store) cat >"${'$'}(dirname "${'$'}0")/${'$'}account" ;;
            esac
            """.trimIndent(),
    ): SecretTool {
        val program = File(folder, "secret-tool")
        program.writeText("#!/bin/sh\n$script\n")
        program.setExecutable(true)
        return checkNotNull(SecretTool.find("relative:${folder.path}"))
    }

    @Test
    fun `an entry is kept and found`() {
        val tool = tool()
        assertNull(tool.lookUp("proofkey", "data-key"))
        tool.keep("proofkey", "data-key", "the text")
        assertEquals("the text", tool.lookUp("proofkey", "data-key"))
        val entry = "service proofkey username data-key"
        val calls = listOf("lookup $entry", "store --label=ProofKey $entry", "lookup $entry")
        // The text is no argument: others can see those.
        assertEquals(calls, File(folder, "calls").readLines())
    }

    @Test
    fun `a keyring that does not answer is none`() {
        val tool = tool("echo 'the keyring is locked' >&2; exit 1")
        for (call in listOf<() -> Any?>({ tool.lookUp("s", "a") }, { tool.keep("s", "a", "t") })) {
            assertEquals("the keyring is locked", assertThrows(TokenStoreException::class.java) { call() }.message)
        }
        File(folder, "secret-tool").delete()
        assertThrows(TokenStoreException::class.java) { tool.lookUp("s", "a") }
        assertNull(SecretTool.find(folder.path))
    }

    @Test
    fun `a store is made by its name`() {
        val store = FileTokenStore(File(folder, "store").path) {}
        assertEquals(File(folder, "store").canonicalPath, store.folder)
    }
}
