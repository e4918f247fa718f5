package dev.proofkey

import dev.proofkey.runner.parameter
import dev.proofkey.runner.target
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.json.JSONObject
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketTimeoutException
import java.net.URL
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

// What the package talks to in the tests.

/** No test waits longer for anything, in milliseconds. */
internal const val LONG = 30_000L

internal fun CountDownLatch.arrives() = check(await(LONG, TimeUnit.MILLISECONDS)) { "nothing came" }

/** Runs a test, which ends. */
internal fun <T> running(test: suspend CoroutineScope.() -> T): T =
    runBlocking(Dispatchers.Default) { withTimeout(LONG, test) }

/** Goes where a browser would go, redirects included; the last status. */
internal fun visit(url: String): Int {
    val connection = URL(url).openConnection(Proxy.NO_PROXY) as HttpURLConnection
    connection.readTimeout = LONG.toInt()
    return connection.responseCode.also { connection.disconnect() }
}

internal fun inBackground(run: () -> Unit) {
    thread(isDaemon = true, name = "test-browser", block = run)
}

internal const val CODE = "canary-code-0123456789"

/** A browser in which the user says yes at once, at no server, to a program that may have gone. */
internal val approving =
    Browser { url ->
        inBackground {
            try {
                visit("${parameter(url, "redirect_uri")}?code=$CODE&state=${parameter(url, "state")}")
            } catch (_: IOException) {
            }
        }
    }

/** A browser that follows the server's redirect to the program. */
internal val following = Browser { url -> inBackground { visit(url) } }

/** A token endpoint that answers as it is told, each connection on a thread, and keeps what it was sent. */
internal class TokenEndpoint(
    private val listener: ServerSocket,
    scheme: String,
    private val answer: (Socket) -> Unit,
) : AutoCloseable {
    constructor(answer: (Socket) -> Unit) : this(ServerSocket(0, 2000, InetAddress.getByName("127.0.0.1")), "http", answer)

    val requests = CopyOnWriteArrayList<String>()
    val arrived = CountDownLatch(1)
    val url = "$scheme://127.0.0.1:${listener.localPort}/token"

    init {
        inBackground {
            while (!listener.isClosed) {
                val connection =
                    try {
                        listener.accept()
                    } catch (_: IOException) {
                        break
                    }
                inBackground { serve(connection) }
            }
        }
    }

    private fun serve(connection: Socket) {
        connection.soTimeout = LONG.toInt()
        // A visitor may leave at any time.
        try {
            connection.use {
                requests += readRequest(it.getInputStream())
                arrived.countDown()
                answer(it)
            }
        } catch (_: IOException) {
        }
    }

    fun client(
        browser: Browser = approving,
        options: ClientOptions.() -> Unit = {},
    ): ProofKeyClient = client(LoopbackAuthenticator(browser), options)

    fun client(
        authenticator: WebAuthenticator,
        options: ClientOptions.() -> Unit = {},
    ): ProofKeyClient =
        ProofKeyClient("https://as.example", "https://as.example/authorize", url, "agent", authenticator, options)

    override fun close() = listener.close()
}

/** The ways to an endpoint: over the package's own HTTP, and over the platform's. */
internal val SCHEMES = listOf("http", "https")

internal fun endpoint(
    scheme: String,
    answer: (Socket) -> Unit,
) = if (scheme == "http") TokenEndpoint(answer) else TokenEndpoint(Tls.listen(), "https", answer)

/** Waits for the other side to close the connection, or to cut it. */
internal fun Socket.goes() {
    try {
        while (getInputStream().read() >= 0) continue
    } catch (e: SocketTimeoutException) {
        throw AssertionError("it stays", e)
    } catch (_: IOException) {
    }
}

internal fun readRequest(from: InputStream): String {
    val data = ByteArrayOutputStream()
    while (!data.toString(Charsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        val byte = from.read()
        if (byte < 0) return data.toString(Charsets.ISO_8859_1)
        data.write(byte)
    }
    val length = Regex("(?i)\r\ncontent-length: *([0-9]+)").find(data.toString(Charsets.ISO_8859_1))?.groupValues?.get(1)
    data.write(from.readNBytes(length?.toInt() ?: 0))
    return data.toString(Charsets.ISO_8859_1)
}

/** An answer with a body. The connection ends with it, and the answer says so (RFC 9112 §9.6). */
internal fun respond(
    body: String,
    status: String = "200 OK",
    vararg fields: String,
): (Socket) -> Unit =
    { connection ->
        val head = mutableListOf("HTTP/1.1 $status", "Content-Type: application/json", "Connection: close", *fields)
        if (fields.none { it.startsWith("Content-Length") || it.startsWith("Transfer") }) {
            head +=
                "Content-Length: ${body.length}"
        }
        val text = head.joinToString("\r\n") + "\r\n\r\n" + body
        connection.getOutputStream().write(text.toByteArray(Charsets.ISO_8859_1))
    }

internal const val TOKENS = """{"access_token":"canary-token-0123456789","token_type":"Bearer","expires_in":60}"""

/** Runs `proofkey serve --auto-approve` until the JVM ends; what its ready line says. */
internal fun serve(vararg options: String): JSONObject {
    val program = System.getenv("PROOFKEY_PROGRAM") ?: File(target, "debug/proofkey").path
    val process =
        ProcessBuilder(program, "serve", "--auto-approve", "--json", "--port", "0", *options)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
    Runtime.getRuntime().addShutdownHook(Thread { process.destroy() })
    return JSONObject(process.inputReader().readLine())
}

/** One for all tests. */
internal object Server {
    private val ready = serve()

    val issuer: String = ready.getString("issuer")
    val clientId: String = ready.getString("client_id")
    val resource: String = ready.getString("resource")
    val scopes: List<String> = ready.getJSONArray("scopes").map { it as String }

    fun client(
        authenticator: WebAuthenticator = LoopbackAuthenticator(following),
        options: ClientOptions.() -> Unit = {},
    ): ProofKeyClient =
        ProofKeyClient(
            issuer,
            ready.getString("authorization_endpoint"),
            ready.getString("token_endpoint"),
            clientId,
            authenticator,
        ) {
            resource = Server.resource
            issPromised = true
            options()
        }
}

internal fun isFree(port: Int): Boolean =
    try {
        Socket().use { it.connect(InetSocketAddress("127.0.0.1", port), LONG.toInt()) }
        false
    } catch (_: IOException) {
        true
    }

internal fun portOf(url: String): Int = URL(parameter(url, "redirect_uri")).port
