package dev.proofkey

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/**
 * A public client of one authorization server. It holds settings and no secret, and may be shared: each
 * sign-in stands for itself.
 *
 * ```
 * val client = ProofKeyClient(
 *     issuer = "https://as.example",
 *     clientId = "my-agent",
 *     authenticator = LoopbackAuthenticator(SystemBrowser()),
 * ) {
 *     scopes = listOf("read")
 * }
 * client.signIn().use { tokens -> call(tokens.exposeAccessToken()) }
 * ```
 *
 * What every client needs is a parameter; what has a default is set in the block, so that a later version can
 * add to it and programs that are compiled against this one go on working.
 *
 * A client that is given the issuer alone asks it for its metadata at the first sign-in (RFC 8414), and again when
 * an hour has passed. A client that is given both endpoints asks nobody.
 */
public class ProofKeyClient private constructor(
    private val settings: Settings,
    private val authenticator: WebAuthenticator,
) : AutoCloseable {
    /**
     * A client whose endpoints the issuer's metadata names. Only the settings are checked now; nobody is asked.
     *
     * @param issuer the authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
     * @param clientId the public client's identifier.
     * @param authenticator shows the page and catches the redirect.
     * @param options sets what has a default.
     * @throws ProofKeyException.FixConfiguration a setting cannot be used; the message names it. Also where the
     *   native library is missing (`library_missing`), which is loaded here.
     */
    @JvmOverloads
    public constructor(
        issuer: String,
        clientId: String,
        authenticator: WebAuthenticator,
        options: ClientOptions.() -> Unit = {},
    ) : this(Settings(issuer, null, clientId, ClientOptions().apply(options)), authenticator)

    /**
     * A client of a server whose endpoints are known.
     *
     * @param issuer the authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
     * @param authorizationEndpoint where the user is sent (RFC 6749 §3.1).
     * @param tokenEndpoint where the code is redeemed (RFC 6749 §3.2).
     * @param clientId the public client's identifier.
     * @param authenticator shows the page and catches the redirect.
     * @param options sets what has a default.
     * @throws ProofKeyException.FixConfiguration a setting cannot be used; the message names it. Also where the
     *   native library is missing (`library_missing`), which is loaded here.
     */
    @JvmOverloads
    public constructor(
        issuer: String,
        authorizationEndpoint: String,
        tokenEndpoint: String,
        clientId: String,
        authenticator: WebAuthenticator,
        options: ClientOptions.() -> Unit = {},
    ) : this(
        Settings(issuer, Endpoints(authorizationEndpoint, tokenEndpoint), clientId, ClientOptions().apply(options)),
        authenticator,
    )

    private val closed = AtomicBoolean()

    /**
     * Signs the user in: shows the page, waits for the redirect, redeems the code. May be called from any
     * thread, the main thread too: it does not block.
     *
     * Where the endpoints were not given it first asks the issuer for its metadata, unless it has done so within
     * the hour; each address has 15 s. It returns when the user is done: at most after the timeout, and 30 s for
     * the exchange. A cancel ends the wait for the issuer and for the user at once. While the code is being
     * redeemed it waits for the answer, at most 30 s: the server may have used up the code. In all cases the
     * `CancellationException` comes out as it went in, and nothing is left open.
     *
     * @throws ProofKeyException one of its four families, which say what can be done about it.
     */
    public suspend fun signIn(): TokenSet {
        if (closed.get()) throw closed("ProofKeyClient")
        // A dispatcher with a clock that runs: deadlines are kept, whatever the caller's does.
        val tokens =
            withContext(Dispatchers.Default) {
                settings.discovery()?.let { settings.found(drive(it)) }
                drive(settings.signIn())
            }
        return TokenSet(tokens)
    }

    private suspend fun <T : Any> drive(flow: Flow<T>): T =
        flow.use { Driver(it, authenticator, ::exchange).use { driver -> driver.run() } }

    /** Ends the client: later sign-ins are refused (`closed`). Those that run are not touched. */
    override fun close() {
        closed.set(true)
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "ProofKeyClient(issuer=${settings.issuer}, clientId=${settings.clientId})"
}

/** What a client may set; each has a default. */
public class ClientOptions internal constructor() {
    /** What is asked for; nothing leaves it to the server (RFC 6749 §3.3). */
    public var scopes: List<String> = emptyList()

    /** The resource that the tokens are for (RFC 8707). */
    public var resource: String? = null

    /**
     * Where the redirect arrives: a loopback address such as `http://127.0.0.1/callback`, where without a port
     * the system chooses one, or what the platform watches: a claimed https link or a private-use scheme
     * (RFC 8252 §7). It stands in for [port] and [redirectPath].
     */
    public var redirectUri: String? = null

    /** A fixed port on 127.0.0.1. By default the system chooses one. */
    public var port: Int? = null

    /** The path of the redirect on 127.0.0.1. By default `/callback`. */
    public var redirectPath: String? = null

    /**
     * Whether the server's metadata promises `iss` in its answers (RFC 9207 §3). Where the endpoints come from the
     * metadata, so does this; true still insists.
     */
    public var issPromised: Boolean = false

    /**
     * Whether this issuer may leave S256 out of its metadata: for servers that are known to do PKCE and not to say
     * so. By default a sign-in is refused then (`pkce_unsupported`). Where the endpoints are given it says nothing.
     */
    public var allowMissingS256: Boolean = false

    /** How long the user may take, from a second to an hour. By default five minutes. */
    public var timeout: Duration = 5.minutes

    /** [timeout] in milliseconds, for Java. */
    public var timeoutMillis: Long
        get() = timeout.inWholeMilliseconds
        set(value) {
            timeout = value.milliseconds
        }
}
