internal import ProofKeyFFI

/// A public client of one authorization server. It holds settings and no secret; each sign-in stands for itself.
///
/// ```swift
/// let client = try ProofKeyClient(issuer: "https://as.example", clientID: "my-agent", scopes: ["read"])
/// let tokens = try await client.signIn()
/// ```
public actor ProofKeyClient {
    private let settings: Settings
    private var closed = false
    /// What the issuer's metadata said last.
    private var provider: Provider?

    /// Where a server's endpoints are, for who knows them.
    public struct Endpoints: Hashable, Sendable {
        /// Where the user is sent (RFC 6749 §3.1).
        public var authorization: String

        /// Where the code is redeemed (RFC 6749 §3.2).
        public var token: String

        /// Whether the server's metadata promises `iss` in its answers (RFC 9207 §3).
        public var issPromised: Bool

        /// From the server's metadata, or its manual.
        public init(authorization: String, token: String, issPromised: Bool = false) {
            self.authorization = authorization
            self.token = token
            self.issPromised = issPromised
        }
    }

    /// Checks the settings; nothing else happens yet.
    ///
    /// - Parameters:
    ///   - issuer: The authorization server's identifier, exactly as the server writes it.
    ///   - endpoints: Where its endpoints are. By default the first sign-in asks the issuer for its metadata (RFC 8414,
    ///     OpenID Connect Discovery), and later ones ask again when an hour has passed.
    ///   - clientID: The public client's identifier.
    ///   - scopes: What is asked for; nothing leaves it to the server.
    ///   - resource: The resource that the tokens are for (RFC 8707).
    ///   - redirectURI: Where the redirect arrives: a loopback address such as `http://127.0.0.1/callback`, for which
    ///     the system chooses a port where none is named, or a claimed `https` link or a private-use scheme that
    ///     `authenticator` watches. It stands in for `port` and `redirectPath`.
    ///   - port: A fixed port on 127.0.0.1. By default the system chooses one.
    ///   - redirectPath: The path of the redirect on 127.0.0.1. By default `/callback`.
    ///   - allowsMissingS256: Whether this issuer may leave S256 out of its metadata: for servers that are known to do
    ///     PKCE and not to say so. By default the sign-in is refused. It has no meaning with `endpoints`.
    ///   - authenticator: Who shows the user the server's page and receives the redirect. By default
    ///     ``LoopbackAuthenticator``.
    ///   - timeout: How long the user may take, from one second to one hour.
    /// - Throws: ``ProofKeyError``: a setting cannot be used; the message names it.
    public init(
        issuer: String,
        endpoints: Endpoints? = nil,
        clientID: String,
        scopes: [String] = [],
        resource: String? = nil,
        redirectURI: String? = nil,
        port: UInt16? = nil,
        redirectPath: String? = nil,
        allowsMissingS256: Bool = false,
        authenticator: any WebAuthenticator = LoopbackAuthenticator(),
        timeout: Duration = .seconds(300)
    ) throws {
        let config = SignInConfig(
            issuer: issuer,
            // What can be checked before the endpoints are known is checked with the issuer in their place.
            authorizationEndpoint: endpoints?.authorization ?? issuer,
            tokenEndpoint: endpoints?.token ?? issuer,
            issPromised: endpoints?.issPromised ?? false,
            clientId: clientID,
            redirect: try Settings.target(uri: redirectURI, port: port, path: redirectPath),
            scopes: scopes,
            resource: resource,
            browseTimeoutMs: try Settings.milliseconds(timeout)
        )
        let discovery = DiscoveryConfig(
            issuer: issuer,
            resource: nil,
            wwwAuthenticate: [],
            allowMissingS256: allowsMissingS256 ? [issuer] : []
        )
        settings = try Settings(
            config: config,
            discovery: endpoints == nil ? discovery : nil,
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
        return try await Driver.run(settings.flow(at: await known()), by: settings.authenticator)
    }

    /// The provider, where its endpoints were not named. Two sign-ins that come first at once may both ask; what they
    /// hear is the same.
    private func known() async throws -> Provider? {
        guard let discovery = settings.discovery else { return nil }
        if let provider {
            let now = secondsSinceTheEpoch()
            let fresh = try crossing { try providerIsFresh(provider: provider, now: now, maxAgeS: 3600) }
            if fresh { return provider }
        }
        let flow = try crossing { try Discovery(config: discovery) }
        let found = try await Driver.run(flow, by: settings.authenticator).provider
        provider = found
        return found
    }

    /// Ends the client: later sign-ins are refused. Those that run are not touched.
    public func close() {
        closed = true
    }
}
