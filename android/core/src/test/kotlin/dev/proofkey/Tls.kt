package dev.proofkey

import java.io.File
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import java.security.KeyStore
import java.util.concurrent.TimeUnit
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory

/** A name that no system knows, so that only a proxy finds it. */
internal const val ELSEWHERE = "as.example.invalid"

/** A certificate for 127.0.0.1 and [ELSEWHERE], made for this run, that the platform's HTTP trusts once this is used. */
internal object Tls {
    private const val PASSWORD = "of no secret"
    private val context = SSLContext.getInstance("TLS")

    init {
        val folder = Files.createTempDirectory("proofkey").toFile()
        val file = File(folder, "keys.p12")
        try {
            make(file)
            val keys = KeyStore.getInstance("PKCS12")
            file.inputStream().use { keys.load(it, PASSWORD.toCharArray()) }
            val ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
            ours.init(keys, PASSWORD.toCharArray())
            val trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            trusted.init(keys)
            context.init(ours.keyManagers, trusted.trustManagers, null)
        } finally {
            folder.deleteRecursively()
        }
        HttpsURLConnection.setDefaultSSLSocketFactory(context.socketFactory)
    }

    private fun make(file: File) {
        val keytool = File(System.getProperty("java.home"), "bin/keytool").path
        val key =
            listOf(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:127.0.0.1,dns:$ELSEWHERE",
                "-validity",
                "2",
            )
        val store = listOf("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.path)
        val process = ProcessBuilder(listOf(keytool) + key + store).redirectErrorStream(true).start()
        val said = process.inputReader().readText()
        check(process.waitFor(LONG, TimeUnit.MILLISECONDS) && process.exitValue() == 0) { said }
    }

    fun listen(): ServerSocket = context.serverSocketFactory.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))
}
