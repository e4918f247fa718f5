package dev.proofkey

import dev.proofkey.internal.Discovered
import dev.proofkey.internal.Discovery
import dev.proofkey.internal.DiscoveryConfig
import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.Provider
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.SignInConfig
import dev.proofkey.internal.TokenSet
import dev.proofkey.internal.providerIsFresh
import dev.proofkey.internal.providerSignIn

/** Where the user is sent and where the code is redeemed (RFC 6749 §3). */
internal class Endpoints(
    val authorization: String,
    val token: String,
)

/** How long a server's metadata is believed without asking again, in seconds. */
private const val METADATA_AGE = 3600uL

/**
 * The settings of a client, checked once: the record that every sign-in starts from, and what the issuer says of
 * itself where the [endpoints] were not given.
 */
internal class Settings(
    val issuer: String,
    endpoints: Endpoints?,
    val clientId: String,
    options: ClientOptions,
) {
    private val config =
        SignInConfig(
            issuer = text("issuer", issuer),
            // Where they are to be discovered any address that the issuer may have stands for them, so that all
            // else can be checked now.
            authorizationEndpoint = text("authorization_endpoint", endpoints?.authorization ?: issuer),
            tokenEndpoint = text("token_endpoint", endpoints?.token ?: issuer),
            issPromised = options.issPromised,
            clientId = text("client_id", clientId),
            redirect = target(options.redirectUri, options.port, options.redirectPath),
            scopes = options.scopes.mapIndexed { at, scope -> text("scopes[$at]", scope) },
            resource = options.resource?.let { text("resource", it) },
            browseTimeoutMs = milliseconds(options.timeoutMillis),
        )

    private val asks =
        if (endpoints != null) {
            null
        } else {
            DiscoveryConfig(
                issuer = issuer,
                resource = null,
                wwwAuthenticate = emptyList(),
                allowMissingS256 = if (options.allowMissingS256) listOf(issuer) else emptyList(),
            )
        }

    @Volatile
    private var provider: Provider? = null

    init {
        // What is wrong is said now, not when the user waits.
        signIn().close()
        discovery()?.close()
    }

    /**
     * What has to be asked before a sign-in, if anything: the endpoints were not given, and the issuer's metadata is
     * not known, or no longer fresh [at] this time. Two sign-ins at once may both ask.
     */
    fun discovery(at: ULong = now()): Flow<Discovered>? {
        val config = asks ?: return null
        return native("ProofKeyClient") {
            val known = provider
            if (known != null && providerIsFresh(known, at, METADATA_AGE)) null else DiscoveryFlow(Discovery(config))
        }
    }

    /** Keeps what the issuer has said. */
    fun found(found: Discovered) {
        provider = found.provider
    }

    /** A new sign-in. */
    fun signIn(): Flow<TokenSet> =
        native("ProofKeyClient") { SignInFlow(SignIn(provider?.let { discovered(it) } ?: config)) }

    private fun discovered(provider: Provider): SignInConfig {
        val found = providerSignIn(provider, config.clientId, config.redirect)
        return found.copy(
            issPromised = found.issPromised || config.issPromised,
            scopes = config.scopes,
            resource = config.resource,
            browseTimeoutMs = config.browseTimeoutMs,
        )
    }
}

private const val LAST_PORT = 65535

private val LOOPBACK = Regex("""http://(127\.0\.0\.1|\[::1]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)""")

private val HOSTS =
    mapOf(
        "127.0.0.1" to LoopbackHost.V4,
        "[::1]" to LoopbackHost.V6,
        "localhost" to LoopbackHost.LOCALHOST,
    )

/** Where the redirect arrives: from one URI, or from port and path. The core judges what they are worth. */
private fun target(
    uri: String?,
    port: Int?,
    path: String?,
): RedirectTarget {
    if (uri == null) {
        return RedirectTarget.Loopback(LoopbackHost.V4, port(port ?: 0), text("redirect_path", path ?: "/callback"))
    }
    if (port != null || path != null) {
        throw invalid(
            "redirect_uri and port or redirect_path name the same thing twice",
            "Give redirectUri alone, or port and redirectPath.",
        )
    }
    text("redirect_uri", uri)
    if (!uri.startsWith("http://")) return RedirectTarget.Fixed(uri)
    val (host, number, place) =
        LOOPBACK.matchEntire(uri)?.destructured ?: throw invalid(
            "redirect_uri is http and not an address on 127.0.0.1, [::1] or localhost with a path",
            "Give such an address, a claimed https link, or a private-use scheme.",
        )
    return RedirectTarget.Loopback(HOSTS.getValue(host), port(number.toIntOrNull() ?: 0), place)
}

private fun port(value: Int): UShort {
    if (value !in 0..LAST_PORT) throw invalid("port is not between 0 and $LAST_PORT")
    return value.toUShort()
}

/** The core knows the bounds. */
private fun milliseconds(value: Long): ULong {
    if (value < 0) throw invalid("timeout is not a time that can be waited")
    return value.toULong()
}
