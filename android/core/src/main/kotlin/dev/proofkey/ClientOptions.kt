package dev.proofkey

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/** What a client may set; each has a default. */
public class ClientOptions internal constructor() {
    /** What is asked for; nothing leaves it to the server (RFC 6749 §3.3). */
    public var scopes: List<String> = emptyList()

    /** The resource that the tokens are for (RFC 8707), where the client is made from an issuer. */
    public var resource: String? = null

    /**
     * The authorization server's identifier, where the client is made from a resource and it is known: it must be one
     * that the resource names.
     */
    public var issuer: String? = null

    /** The public client's identifier, where the client is made from a resource and was registered beforehand. */
    public var clientId: String? = null

    /** The address of the client's metadata document, for servers that take it as the identifier; see [ClientDocument]. */
    public var clientDocument: String? = null

    /** The client's name: with it the client is registered (RFC 7591) where there is no other way. */
    public var clientName: String? = null

    /** Which of several accounts of the user this is: a name of the program's own. */
    public var account: String? = null

    /** Where tokens are kept. By default a [MemoryTokenStore] of this client's own. */
    public var store: TokenStore? = null

    /** Which issuers the resource may name. By default any: the browser shows the host too. */
    public var confirm: IssuerConfirmation? = null

    /**
     * More parameters of the authorization request, such as `prompt` or `login_hint`. None may stand in for one that
     * ProofKey sets.
     */
    public var extraParameters: Map<String, String> = emptyMap()

    /** Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449). By default they are not. */
    public var dpop: Dpop = Dpop.Never

    /** Who keeps the key that tokens are bound to, under the name [dpopKey]. By default it is kept with the tokens. */
    public var signer: Signer? = null

    /** The name of the [signer]'s key. */
    public var dpopKey: String? = null

    /**
     * Whether the authorization request is pushed also to servers that only offer it (RFC 9126), so that the browser sees
     * none of it. Those that require it get it so in any case.
     */
    public var push: Boolean = false

    /**
     * The scopes that no sign-in goes beyond, whatever the resource lists or demands; those of [scopes] lie below. What is
     * demanded and lies above ends the sign-in or the request (`scope_ceiling`). `offline_access` is a scope like others.
     * By default there is no limit.
     */
    public var scopeCeiling: List<String>? = null

    /** Where tokens are revoked (RFC 7009), where the endpoints are given. */
    public var revocationEndpoint: String? = null

    /** Where authorization requests are pushed (RFC 9126), where the endpoints are given. */
    public var pushedAuthorizationRequestEndpoint: String? = null

    /** Where device codes come from (RFC 8628), where the endpoints are given. */
    public var deviceAuthorizationEndpoint: String? = null

    /**
     * Where the issuer's keys are, where the endpoints are given: without them nobody knows who has signed in.
     */
    public var jwksUri: String? = null

    /**
     * Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout), where the endpoints are
     * given.
     */
    public var endSessionEndpoint: String? = null

    /**
     * Whether [ProofKeyClient.resume] can take up a sign-in, should the system end the program meanwhile. By default what
     * [WebAuthenticator.mayEndTheProgram] says.
     */
    public var resumable: Boolean? = null

    /** Shows device codes, with [Interaction.Device]. By default the [terminal], where there is one. */
    public var showCode: CodeDisplay? = null

    /** Where the user pastes, with [Interaction.Paste]. By default standard input and standard error. */
    public var terminal: Terminal? = null

    /**
     * Is told what went wrong without ending a call, when it comes; [ProofKeyClient.lastWarning] holds it. Called on no
     * particular thread; what it throws ends the call.
     */
    public var onWarning: ((ProofKeyException) -> Unit)? = null

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
     * Whether the server's metadata promises `iss` in its answers (RFC 9207 §3), where the endpoints are given. Where
     * they come from the metadata, so does this.
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
