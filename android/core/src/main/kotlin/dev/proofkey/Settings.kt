package dev.proofkey

import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.SignInConfig

/** The settings of a client, checked once: the record that every sign-in starts from. */
internal class Settings(
    val issuer: String,
    authorizationEndpoint: String,
    tokenEndpoint: String,
    val clientId: String,
    options: ClientOptions,
) {
    private val config =
        SignInConfig(
            issuer = text("issuer", issuer),
            authorizationEndpoint = text("authorization_endpoint", authorizationEndpoint),
            tokenEndpoint = text("token_endpoint", tokenEndpoint),
            issPromised = options.issPromised,
            clientId = text("client_id", clientId),
            redirect = target(options.redirectUri, options.port, options.redirectPath),
            scopes = options.scopes.mapIndexed { at, scope -> text("scopes[$at]", scope) },
            resource = options.resource?.let { text("resource", it) },
            browseTimeoutMs = milliseconds(options.timeoutMillis),
        )

    init {
        flow().close() // What is wrong is said now, not when the user waits.
    }

    /** A new sign-in. */
    fun flow(): SignIn = native("ProofKeyClient") { SignIn(config) }
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
