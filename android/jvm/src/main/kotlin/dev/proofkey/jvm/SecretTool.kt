package dev.proofkey.jvm

import dev.proofkey.Keyring
import dev.proofkey.TokenStoreException
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** The desktop's keyring, by the program `secret-tool`. */
internal class SecretTool(
    private val program: String,
) : Keyring {
    override fun lookUp(
        service: String,
        account: String,
    ): String? {
        val (status, said, complaint) = run(listOf("lookup") + attributes(service, account), null)
        if (status == 0) return said
        // It has nothing to say of an entry that is not there.
        if (complaint.isNotEmpty()) throw TokenStoreException(complaint)
        return null
    }

    override fun keep(
        service: String,
        account: String,
        text: String,
    ) {
        val command = listOf("store", "--label=ProofKey") + attributes(service, account)
        val (status, _, complaint) = run(command, text)
        if (status != 0) throw TokenStoreException(complaint.ifEmpty { "secret-tool ended with $status" })
    }

    /** As Python's keyring and the program `proofkey` name them. */
    private fun attributes(
        service: String,
        account: String,
    ) = listOf("service", service, "username", account)

    private fun run(
        arguments: List<String>,
        input: String?,
    ): Triple<Int, String, String> {
        val process =
            try {
                ProcessBuilder(listOf(program) + arguments).start()
            } catch (_: IOException) {
                throw TokenStoreException("secret-tool cannot be started")
            }
        var said = ""
        // What it says fits into a pipe; but it may say nothing for as long as the user thinks.
        val reader = thread(isDaemon = true, name = "proofkey-keyring") { said = text(process.inputStream) }
        try {
            process.outputStream.use { if (input != null) it.write(input.toByteArray()) }
        } catch (_: IOException) {
            // It has ended, and its status says why.
        }
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly()
            throw TokenStoreException("secret-tool did not answer within $PATIENCE_S s")
        }
        reader.join()
        return Triple(process.exitValue(), said, text(process.errorStream))
    }

    private fun text(from: InputStream): String =
        try {
            from.use { it.readBytes() }.toString(Charsets.UTF_8).trim()
        } catch (_: IOException) {
            ""
        }

    internal companion object {
        /** The user may have to unlock it. */
        private const val PATIENCE_S = 60L

        /** Where it is installed, by [path]; never in the folder that the program happens to be in. */
        fun find(path: String): SecretTool? =
            path
                .split(File.pathSeparatorChar)
                .map { File(it, "secret-tool") }
                .firstOrNull { it.isAbsolute && it.canExecute() }
                ?.let { SecretTool(it.path) }
    }
}
