package dev.proofkey

import dev.proofkey.internal.AccessConfig
import dev.proofkey.internal.Endpoints
import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.Parameter
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.checkAccess

/** What a client is made of, checked once: the record that every flow starts from. It holds no secret. */
internal class Settings(
    val issuer: String?,
    val resource: String?,
    val clientId: String?,
    endpoints: Endpoints?,
    val authenticator: WebAuthenticator,
    val options: ClientOptions,
) {
    val store: TokenStore = options.store ?: MemoryTokenStore()

    private val config =
        AccessConfig(
            issuer = issuer?.let { text("issuer", it) },
            resource = resource?.let { text("resource", it) },
            endpoints = endpoints,
            clientId = clientId?.let { text("client_id", it) },
            clientDocument = options.clientDocument?.let { text("client_document", it) },
            clientName = options.clientName?.let { text("client_name", it) },
            scopes = options.scopes.mapIndexed { at, scope -> text("scopes[$at]", scope) },
            account = options.account?.let { text("account", it) },
            redirect = target(options.redirectUri, options.port, options.redirectPath),
            paste = false,
            browseTimeoutMs = milliseconds(options.timeoutMillis),
            extraParameters = parameters(options.extraParameters),
            allowMissingS256 = withoutS256(options),
            resumable = options.resumable ?: authenticator.mayEndTheProgram,
        )

    init {
        // What is wrong is said now, not when the user waits.
        native("ProofKeyClient") { checkAccess(config) }
    }

    /** The record of one flow. */
    fun config(pastes: Boolean): AccessConfig = if (pastes) config.copy(paste = true) else config

    /** Whether the user is asked in the terminal. */
    fun pastes(interaction: Interaction): Boolean =
        when (interaction) {
            Interaction.Never, Interaction.Browser -> {
                false
            }

            Interaction.Paste -> {
                true
            }

            Interaction.Auto -> {
                val loopback = authenticator as? LoopbackAuthenticator
                loopback != null && !loopback.browser.isThere && terminal.isThere
            }
        }

    private val terminal: Terminal = options.terminal ?: StandardTerminal

    /** The user of one flow. */
    fun user(pastes: Boolean): User = User(authenticator, terminal.takeIf { pastes })

    private fun withoutS256(options: ClientOptions): List<String> {
        if (!options.allowMissingS256) return emptyList()
        return listOf(issuer ?: throw invalid("allow_missing_s256 names no issuer", "Give the issuer too."))
    }
}

/** More parameters of the authorization request. */
internal fun parameters(given: Map<String, String>): List<Parameter> =
    given.map { (name, value) -> Parameter(text("extra_parameters", name), text("extra_parameters", value)) }

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
