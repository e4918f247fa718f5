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
            scopeCeiling = options.scopeCeiling?.mapIndexed { at, scope -> text("scope_ceiling[$at]", scope) },
            account = options.account?.let { text("account", it) },
            redirect = target(options.redirectUri, options.port, options.redirectPath),
            paste = false,
            browseTimeoutMs = milliseconds(options.timeoutMillis),
            extraParameters = parameters(options.extraParameters),
            allowMissingS256 = withoutS256(options),
            resumable = options.resumable ?: authenticator.mayEndTheProgram,
            dpop = options.dpop.native,
            dpopKey = options.dpopKey?.let { text("dpop_key", it) },
            push = options.push,
        )

    /** The scopes that no sign-in and no step-up goes beyond. */
    val scopeCeiling: List<String>?
        get() = config.scopeCeiling

    init {
        // What is wrong is said now, not when the user waits.
        native("ProofKeyClient") { checkAccess(config) }
        if ((options.dpopKey == null) != (options.signer == null)) {
            throw invalid(
                "dpop_key and signer go together: a key of the platform has a name, and somebody who signs with it",
                "Give both, or neither.",
            )
        }
    }

    /** The record of one flow. What waits for no redirect is not taken up again. */
    fun config(way: Way): AccessConfig =
        when (way) {
            Way.PAGE -> config
            Way.PASTE -> config.copy(paste = true)
            Way.CODE -> config.copy(resumable = false)
        }

    /** How the user is asked. */
    fun way(interaction: Interaction): Way =
        when (interaction) {
            Interaction.Never, Interaction.Browser -> {
                Way.PAGE
            }

            Interaction.Paste -> {
                Way.PASTE
            }

            Interaction.Auto -> {
                val loopback = authenticator as? LoopbackAuthenticator
                val pastes = loopback != null && !loopback.browser.isThere && terminal.isThere
                if (pastes) Way.PASTE else Way.PAGE
            }

            Interaction.Device -> {
                if (display == null) {
                    val reason = "show_code is missing, and there is no terminal: nobody would see a code"
                    throw invalid(reason, "Give showCode.")
                }
                Way.CODE
            }
        }

    private val terminal: Terminal = options.terminal ?: StandardTerminal

    private val display: CodeDisplay?
        get() = options.showCode ?: TerminalDisplay(terminal).takeIf { terminal.isThere }

    /** The user of one flow. */
    fun user(way: Way): User = User(authenticator, terminal.takeIf { way == Way.PASTE }, display.takeIf { way == Way.CODE })

    private fun withoutS256(options: ClientOptions): List<String> {
        if (!options.allowMissingS256) return emptyList()
        return listOf(issuer ?: throw invalid("allow_missing_s256 names no issuer", "Give the issuer too."))
    }
}

/** How the user signs in. */
internal enum class Way {
    /** At the page that the authenticator shows. */
    PAGE,

    /** By an address that they paste in the terminal. */
    PASTE,

    /** With a code, on another device. */
    CODE,
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
