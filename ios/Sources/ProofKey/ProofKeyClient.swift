internal import ProofKeyFFI

/// A public client of one authorization server. It holds settings and no secret; each sign-in stands for itself.
///
/// ```swift
/// let client = try ProofKeyClient(
///     issuer: "https://as.example",
///     authorizationEndpoint: "https://as.example/authorize",
///     tokenEndpoint: "https://as.example/token",
///     clientID: "my-agent",
///     scopes: ["read"]
/// )
/// let tokens = try await client.signIn()
/// ```
public actor ProofKeyClient {
    private let settings: Settings
    private var closed = false

    /// Checks the settings; nothing else happens yet.
    ///
    /// - Parameters:
    ///   - issuer: The authorization server's identifier, exactly as the server writes it.
    ///   - authorizationEndpoint: Where the user is sent.
    ///   - tokenEndpoint: Where the code is redeemed.
    ///   - clientID: The public client's identifier.
    ///   - scopes: What is asked for; nothing leaves it to the server.
    ///   - resource: The resource that the tokens are for (RFC 8707).
    ///   - redirectURI: Where the redirect arrives: a loopback address such as `http://127.0.0.1/callback`, for which
    ///     the system chooses a port where none is named, or a claimed `https` link or a private-use scheme that
    ///     `authenticator` watches. It stands in for `port` and `redirectPath`.
    ///   - port: A fixed port on 127.0.0.1. By default the system chooses one.
    ///   - redirectPath: The path of the redirect on 127.0.0.1. By default `/callback`.
    ///   - issPromised: Whether the server's metadata promises `iss` in its answers (RFC 9207 §3).
    ///   - authenticator: Who shows the user the server's page and receives the redirect. By default
    ///     ``LoopbackAuthenticator``.
    ///   - timeout: How long the user may take, from one second to one hour.
    /// - Throws: ``ProofKeyError``: a setting cannot be used; the message names it.
    public init(
        issuer: String,
        authorizationEndpoint: String,
        tokenEndpoint: String,
        clientID: String,
        scopes: [String] = [],
        resource: String? = nil,
        redirectURI: String? = nil,
        port: UInt16? = nil,
        redirectPath: String? = nil,
        issPromised: Bool = false,
        authenticator: any WebAuthenticator = LoopbackAuthenticator(),
        timeout: Duration = .seconds(300)
    ) throws {
        settings = try Settings(
            config: SignInConfig(
                issuer: issuer,
                authorizationEndpoint: authorizationEndpoint,
                tokenEndpoint: tokenEndpoint,
                issPromised: issPromised,
                clientId: clientID,
                redirect: Settings.target(uri: redirectURI, port: port, path: redirectPath),
                scopes: scopes,
                resource: resource,
                browseTimeoutMs: Settings.milliseconds(timeout)
            ),
            authenticator: authenticator
        )
    }

    /// Signs the user in: shows the server's page, waits for the redirect, redeems the code.
    ///
    /// It returns when the user is done: at most after the timeout, and 30 s for the exchange. A client may serve many
    /// sign-ins at once.
    ///
    /// A cancel of the calling task ends the wait for the user, closes what was opened and throws `CancellationError`.
    /// While the code is being redeemed it throws that at once too, but the exchange runs on to its end: the server may
    /// have used up the code.
    ///
    /// - Throws: ``ProofKeyError``, whose family says what can be done about it, or `CancellationError`.
    public func signIn() async throws -> TokenSet {
        guard !closed else { throw Settings.closed }
        return try await Driver.signIn(settings.flow(), by: settings.authenticator)
    }

    /// Ends the client: later sign-ins are refused. Those that run are not touched.
    public func close() {
        closed = true
    }
}
