package dev.proofkey

import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessOutcome
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.Discovered
import dev.proofkey.internal.DpopNonces
import dev.proofkey.internal.Endpoints
import dev.proofkey.internal.Goal
import dev.proofkey.internal.StepUp
import dev.proofkey.internal.Warning
import dev.proofkey.internal.checkResource
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withContext
import java.net.HttpURLConnection

/**
 * Access to one resource, or to what one issuer's tokens are good for: from an address to a token that stays fresh.
 *
 * ```
 * val client = ProofKeyClient("https://api.example/mcp", LoopbackAuthenticator(SystemBrowser())) {
 *     clientName = "My agent"
 *     store = FileTokenStore()
 * }
 * val token = client.accessToken(Interaction.Auto)
 * ```
 *
 * What comes of a sign-in is kept in the client's [TokenStore], and refreshed when it is needed: however many coroutines
 * ask at once, one refresh is made. A client may be shared, and is worth keeping: it knows what the servers said of
 * themselves within the hour.
 *
 * What every client needs is a parameter; what has a default is set in the block, so that a later version can
 * add to it and programs that are compiled against this one go on working.
 */
public class ProofKeyClient private constructor(
    private val settings: Settings,
) : AutoCloseable {
    /**
     * A client of a protected resource, an MCP server for instance, which names its authorization servers itself
     * (RFC 9728). Only the settings are checked now; nobody is asked.
     *
     * @param resource the resource's identifier. The tokens are for it alone (RFC 8707).
     * @param authenticator shows the page and catches the redirect.
     * @param options sets what has a default.
     * @throws ProofKeyException.FixConfiguration a setting cannot be used; the message names it. Also where the
     *   native library is missing (`library_missing`), which is loaded here.
     */
    @JvmOverloads
    public constructor(
        resource: String,
        authenticator: WebAuthenticator,
        options: ClientOptions.() -> Unit = {},
    ) : this(ofResource(resource, authenticator, ClientOptions().apply(options)))

    /**
     * A client whose endpoints the issuer's metadata names (RFC 8414, OpenID Connect Discovery). Only the settings are
     * checked now; nobody is asked.
     *
     * @param issuer the authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
     * @param clientId the public client's identifier; null where [ClientOptions.clientDocument] or
     *   [ClientOptions.clientName] stands in for it.
     * @param authenticator shows the page and catches the redirect.
     * @param options sets what has a default.
     * @throws ProofKeyException.FixConfiguration a setting cannot be used; the message names it. Also where the
     *   native library is missing (`library_missing`), which is loaded here.
     */
    @JvmOverloads
    public constructor(
        issuer: String,
        clientId: String?,
        authenticator: WebAuthenticator,
        options: ClientOptions.() -> Unit = {},
    ) : this(ofIssuer(issuer, clientId, authenticator, ClientOptions().apply(options)) { it.withoutEndpoints() })

    /**
     * A client of a server whose endpoints are known: nobody is asked for metadata.
     *
     * @param issuer the authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
     * @param authorizationEndpoint where the user is sent (RFC 6749 §3.1).
     * @param tokenEndpoint where codes and refresh tokens are redeemed (RFC 6749 §3.2).
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
        ofIssuer(issuer, clientId, authenticator, ClientOptions().apply(options)) { chosen ->
            chosen.endpoints(
                text("authorization_endpoint", authorizationEndpoint),
                text("token_endpoint", tokenEndpoint),
            )
        },
    )

    private val guard = Any()
    private val flights =
        // A dispatcher with a clock that runs: deadlines are kept, whatever the caller's does.
        Flights<Wanted, Landing>(CoroutineScope(SupervisorJob() + Dispatchers.Default))
    private var isClosed = false

    /** The tokens at hand. */
    private var held: TokenSet? = null

    /** Counts what replaces all that was before: a sign-in, a sign-out. */
    private var era = 0

    /** What the servers said of themselves last. */
    private var known: Discovered? = null

    /** What was demanded last, and the tokens of the sign-in for it. */
    private var met: Pair<StepUp, TokenSet>? = null

    /** What they want in proofs of possession (RFC 9449 §8): heard once, for all flows and requests. */
    internal val nonces: DpopNonces = native("ProofKeyClient") { DpopNonces() }

    /**
     * What went wrong in the last call without ending it, as the error that it would have been: a refresh that failed
     * while the old token is still good, tokens that could not be kept, a sign-out that the server did not hear of.
     * Null where nothing did.
     */
    @Volatile
    public var lastWarning: ProofKeyException? = null
        private set

    /**
     * Signs the user in, whatever is kept, and keeps what comes: finds the servers, shows the page, waits for the
     * redirect, redeems the code. May be called from any thread, the main thread too: it does not block.
     *
     * It returns when the user is done: at most after the timeout, 15 s for each document that is asked for, and 30 s for
     * the exchange. Each call is a sign-in of its own. A cancel ends the wait for the issuer and for the user at once.
     * While the code is being redeemed it waits for the answer, at most 30 s, and keeps it: the server may have used up
     * the code. In all cases the `CancellationException` comes out as it went in, and nothing is left open.
     *
     * @param interaction how the user is asked; [Interaction.Never] cannot be used here.
     * @return the tokens; whoever calls closes them. The client has its own.
     * @throws ProofKeyException one of its four families, which say what can be done about it.
     */
    @JvmOverloads
    public suspend fun signIn(interaction: Interaction = Interaction.Auto): TokenSet =
        flyAlone(Goal.SIGN_IN, interaction).tokens().shared()

    /**
     * Finishes a sign-in that an earlier run of the program began, with the same settings and a store that outlives the
     * program. Once: of two that try, one succeeds.
     *
     * @param redirect the address where the browser ended, whole and undecoded, where the program has it. Else it is
     *   waited for: on a phone for the one that the system hands to the app, else at the same port as before.
     * @param interaction [Interaction.Paste] asks the user for it.
     * @throws ProofKeyException.SignInAgain nothing waits to be finished (`nothing_pending`), or no longer
     *   (`session_expired`).
     * @throws ProofKeyException what ends a sign-in.
     */
    @JvmOverloads
    public suspend fun resume(
        redirect: String? = null,
        interaction: Interaction = Interaction.Browser,
    ): TokenSet = flyAlone(Goal.RESUME, interaction, redirect?.let { text("redirect", it) }).tokens().shared()

    /**
     * Ends the sign-in: the server is told to revoke (RFC 7009), and whatever it says, nothing is kept here any more.
     *
     * A cancel while the server is asked leaves all as it was.
     *
     * @throws ProofKeyException the store failed, or was in use for too long.
     */
    public suspend fun signOut(): SignedOut {
        val landing = flyAlone(Goal.SIGN_OUT, Interaction.Browser)
        return SignedOut(landing.isRevoked, landing.warning, landing.endSessionUrl)
    }

    /**
     * Tokens that are fresh: those at hand, else those that are kept, refreshed where they must be.
     *
     * All who ask at once wait for one and the same flow. A coroutine that is cancelled leaves at once, and the others
     * wait on; when nobody waits any more the flow ends, but a refresh that has begun runs to its end and is kept.
     *
     * @param interaction whether the user may be asked where there is no other way, and how.
     * @return whoever calls closes them. The client has its own.
     * @throws ProofKeyException of the family [SignInAgain][ProofKeyException.SignInAgain] where only the user can help.
     */
    @JvmOverloads
    public suspend fun tokens(interaction: Interaction = Interaction.Never): TokenSet = fresh(interaction).shared()

    /**
     * The access token of [tokens], for requests to its own resource and to no other.
     *
     * Kotlin cannot wipe the text that is given out: do not keep it, ask each time.
     *
     * @param interaction whether the user may be asked where there is no other way, and how.
     * @throws ProofKeyException as [tokens].
     */
    @JvmOverloads
    public suspend fun accessToken(interaction: Interaction = Interaction.Never): String =
        fresh(interaction).exposeAccessToken()

    /**
     * The value of the header field `Authorization` for a request to the client's resource. Do not keep the text, and
     * follow no redirect with it. For tokens that are bound to a key this field is not enough (`signing_failed`): see [call].
     *
     * @param url where the request goes.
     * @param interaction whether the user may be asked where there is no other way, and how.
     * @throws ProofKeyException.FixConfiguration the address does not lie in the client's resource (`wrong_resource`).
     * @throws ProofKeyException as [tokens].
     */
    @JvmOverloads
    public suspend fun authorization(
        url: String,
        interaction: Interaction = Interaction.Never,
    ): String {
        val asked = checked(url)
        return synchronized(guard) { held }?.authorization(asked) ?: fresh(interaction).authorizationNow(asked)
    }

    /**
     * The header field once more, after the resource has answered by 401: of a token that is refreshed, unless another is
     * at hand by now. Repeat the request once; if it is refused again, give up.
     *
     * @param url where the request went.
     * @param refused the field's value that was sent.
     * @param wwwAuthenticate the answer's fields of this name, which may say what the resource demands (RFC 9728 §5).
     * @param interaction whether the user may be asked where there is no other way, and how.
     * @throws ProofKeyException as [authorization].
     */
    @JvmOverloads
    public suspend fun authorizationAfter(
        url: String,
        refused: String,
        wwwAuthenticate: List<String> = emptyList(),
        interaction: Interaction = Interaction.Never,
    ): String {
        val asked = checked(url)
        // Where another is at hand by now, that one will do.
        val rejected = synchronized(guard) { held }?.takeIf { it.authorizationNow(asked) == refused }?.fingerprint()
        return fresh(interaction, rejected, wwwAuthenticate.map(::clean)).authorizationNow(asked)
    }

    /**
     * Sets the header fields of a connection to the client's resource that is not yet made, `Authorization` and where the
     * token is bound to a key `DPoP`, and lets it follow no redirect: the token would go along.
     *
     * @param connection with its method, and `doOutput` where there is a body. It is not touched where this throws.
     * @param interaction whether the user may be asked where there is no other way, and how.
     * @throws ProofKeyException as [authorization].
     */
    @JvmOverloads
    public suspend fun authorize(
        connection: HttpURLConnection,
        interaction: Interaction = Interaction.Never,
    ) {
        // With a body the connection makes a POST of what it calls a GET.
        val method = if (connection.doOutput && connection.requestMethod == "GET") "POST" else connection.requestMethod
        val fields = call(interaction).headers(method, connection.url.toString())
        connection.instanceFollowRedirects = false
        for (field in fields) connection.setRequestProperty(field.name, field.value)
    }

    /**
     * A request to the client's resource, with all of its tries: the header fields for each, also where the token is
     * bound to a key (RFC 9449 §7.1), and after an answer what it means for the token.
     *
     * @param interaction whether the user may be asked where there is no other way, and how.
     */
    @JvmOverloads
    public fun call(interaction: Interaction = Interaction.Never): ResourceCall {
        checkIsOpen()
        return ResourceCall(this, interaction, settings.scopeCeiling)
    }

    /** The fields of a request with these tokens; null where they must be refreshed first, and are not used [anyway]. */
    internal suspend fun fields(
        tokens: TokenSet,
        method: String,
        url: String,
        anyway: Boolean,
    ): List<HttpHeader>? = tokens.authorize(method, url, nonces, anyway).fields(settings.options.signer)

    /** The tokens at hand, whatever their age. */
    internal fun held(): TokenSet? = synchronized(guard) { held }

    /** An address in the resource: who asks for another is told before the user is asked. */
    internal fun checked(url: String): String {
        checkIsOpen()
        return text("url", url).also { native("ProofKeyClient") { checkResource(settings.resource, it) } }
    }

    /** Tokens that are fresh and not the ones with this fingerprint, which the resource did not take. */
    internal suspend fun fresh(
        interaction: Interaction,
        rejected: ByteArray? = null,
        wwwAuthenticate: List<String> = emptyList(),
    ): TokenSet {
        repeat(MOST_FLIGHTS) {
            checkIsOpen()
            currentCoroutineContext().ensureActive()
            atHand(rejected)?.let { return it }
            val tokens = flyTogether(interaction, rejected, wwwAuthenticate).tokens()
            // Of somebody else's flight, which did not know.
            if (rejected == null || !tokens.fingerprint().contentEquals(rejected)) return tokens
        }
        // A server may issue the same again.
        return flyTogether(interaction, rejected, wwwAuthenticate).tokens()
    }

    /** Tokens of a sign-in that asks for what a resource demands, with all who want the same now. */
    internal suspend fun steppedUp(
        interaction: Interaction,
        stepUp: StepUp,
    ): TokenSet {
        checkIsOpen()
        val way = settings.way(interaction)
        val landing =
            flights.join(Wanted(true, stepUp)) {
                fly(Goal.SIGN_IN, way) { key, known ->
                    AccessRun(key, null, stepUp.wwwAuthenticate, null, known, way == Way.CODE, stepUp, nonces)
                }
            }
        return landing.tokens().also { synchronized(guard) { met = stepUp to it } }
    }

    /** The tokens at hand, where they came of a sign-in for the same, after those that were [sent]. */
    internal fun metMeanwhile(
        stepUp: StepUp,
        sent: TokenSet,
    ): TokenSet? =
        synchronized(guard) {
            met?.takeIf { it.first == stepUp && it.second === held && it.second !== sent }?.second
        }

    /** The tokens at hand, if they can be used as they are. */
    private fun atHand(rejected: ByteArray?): TokenSet? =
        synchronized(guard) { held }?.takeIf { it.isFresh() }?.takeUnless {
            rejected != null && it.fingerprint().contentEquals(rejected)
        }

    /** A flow of the caller's own. */
    private suspend fun flyAlone(
        goal: Goal,
        interaction: Interaction,
        redirect: String? = null,
    ): Landing {
        checkIsOpen()
        if (interaction == Interaction.Never) {
            throw invalid("interaction is never, and this needs the user", "Name how the user is asked.")
        }
        val way = settings.way(interaction)
        if (goal == Goal.RESUME && way == Way.CODE) {
            throw invalid("interaction is device, and no other run of the program takes that up", "Sign in anew.")
        }
        return withContext(Dispatchers.Default) {
            fly(goal, way) { key, known ->
                AccessRun(key, redirectUri = redirect, known = known, device = way == Way.CODE, nonces = nonces)
            }
        }
    }

    /** A flow to tokens, with all who want some now. */
    private suspend fun flyTogether(
        interaction: Interaction,
        rejected: ByteArray?,
        wwwAuthenticate: List<String>,
    ): Landing {
        // Who may not ask the user does not wait for one who is asked.
        val asks = interaction != Interaction.Never
        val way = settings.way(interaction)
        return flights.join(Wanted(asks, null)) {
            fly(if (asks) Goal.TOKEN_OR_SIGN_IN else Goal.TOKEN, way) { key, known ->
                AccessRun(key, rejected, wwwAuthenticate, null, known, way == Way.CODE, null, nonces)
            }
        }
    }

    private suspend fun fly(
        goal: Goal,
        way: Way,
        run: (dev.proofkey.internal.DataKey?, Discovered?) -> AccessRun,
    ): Landing {
        val (began, known) = synchronized(guard) { era to known }
        val landing =
            try {
                val terms = run(settings.store.sealingKey(), known)
                native("ProofKeyClient") { Access(settings.config(way), goal, terms) }.use { flow ->
                    val (confirm, signer) = settings.options.confirm to settings.options.signer
                    val platform = Platform(settings.user(way), settings.store, confirm, signer, ::exchange)
                    Driver(flow, platform).use { Landing(it.run()) }
                }
            } catch (e: ProofKeyException) {
                // The caller's own cancel is no error.
                currentCoroutineContext().ensureActive()
                throw e
            }
        land(landing, goal, began)
        currentCoroutineContext().ensureActive()
        return landing
    }

    private fun land(
        landing: Landing,
        goal: Goal,
        began: Int,
    ) {
        val replaces = goal != Goal.TOKEN && goal != Goal.TOKEN_OR_SIGN_IN
        synchronized(guard) {
            // What has ended meanwhile does not come back.
            if ((replaces || era == began) && !isClosed) held = landing.tokens
            if (replaces) era++
            landing.discovered?.let { known = it }
        }
        lastWarning = landing.warning
        landing.warning?.let { settings.options.onWarning?.invoke(it) }
    }

    private fun checkIsOpen() {
        if (synchronized(guard) { isClosed }) throw closed("ProofKeyClient")
    }

    /** Ends the client: later calls are refused (`closed`), and its tokens at hand are wiped. What is kept stays. */
    override fun close() {
        val last =
            synchronized(guard) {
                isClosed = true
                held.also { held = null }
            }
        last?.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String =
        listOf("resource" to settings.resource, "issuer" to settings.issuer, "clientId" to settings.clientId)
            .filter { it.second != null }
            .joinToString(prefix = "ProofKeyClient(", postfix = ")") { (name, value) -> "$name=$value" }
}

private const val MOST_FLIGHTS = 3

private fun ofResource(
    resource: String,
    authenticator: WebAuthenticator,
    options: ClientOptions,
): Settings {
    if (options.resource != null) throw twice("resource")
    return Settings(options.issuer, resource, options.clientId, options.withoutEndpoints(), authenticator, options)
}

private fun ofIssuer(
    issuer: String,
    clientId: String?,
    authenticator: WebAuthenticator,
    options: ClientOptions,
    endpoints: (ClientOptions) -> Endpoints?,
): Settings {
    if (options.issuer != null) throw twice("issuer")
    if (options.clientId != null) throw twice("client_id")
    return Settings(issuer, options.resource, clientId, endpoints(options), authenticator, options)
}

/** What stands beside endpoints is a promise of the program's: the core says what is wrong with it without them. */
private fun ClientOptions.withoutEndpoints(): Endpoints? {
    val beside =
        listOf(
            revocationEndpoint,
            pushedAuthorizationRequestEndpoint,
            deviceAuthorizationEndpoint,
            jwksUri,
            endSessionEndpoint,
        )
    return if (issPromised || beside.any { it != null }) endpoints("", "") else null
}

private fun ClientOptions.endpoints(
    authorizationEndpoint: String,
    tokenEndpoint: String,
): Endpoints =
    Endpoints(
        authorizationEndpoint = authorizationEndpoint,
        tokenEndpoint = tokenEndpoint,
        revocationEndpoint = revocationEndpoint?.let { text("revocation_endpoint", it) },
        pushedAuthorizationRequestEndpoint =
            pushedAuthorizationRequestEndpoint?.let { text("pushed_authorization_request_endpoint", it) },
        deviceAuthorizationEndpoint = deviceAuthorizationEndpoint?.let { text("device_authorization_endpoint", it) },
        jwksUri = jwksUri?.let { text("jwks_uri", it) },
        endSessionEndpoint = endSessionEndpoint?.let { text("end_session_endpoint", it) },
        issPromised = issPromised,
    )

private fun twice(name: String): ProofKeyException = invalid("$name is given twice", "Give it once, as a parameter.")

/** What those who wait for one flight have in common. */
private data class Wanted(
    val asks: Boolean,
    val stepUp: StepUp?,
)

/** What a flow came to. */
private class Landing(
    outcome: AccessOutcome,
) {
    val tokens: TokenSet? = outcome.tokens?.let(::TokenSet)
    val isRevoked: Boolean? = outcome.revoked
    val warning: ProofKeyException? = outcome.warning?.asException()
    val endSessionUrl: String? = outcome.endSessionUrl
    val discovered: Discovered? = outcome.discovered

    /** The tokens of a flow that has some. */
    fun tokens(): TokenSet = tokens ?: throw internalError()
}

private fun Warning.asException(): ProofKeyException = exception(family, code, text, advice)
