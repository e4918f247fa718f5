internal import ProofKeyFFI

/// What a client holds: the record that every sign-in starts from, and who shows the browser.
struct Settings: Sendable {
    /// Where the endpoints are to be discovered, the issuer stands in their place.
    let config: SignInConfig
    /// None where the caller has named the endpoints.
    let discovery: DiscoveryConfig?
    let authenticator: any WebAuthenticator

    /// What is wrong is said now, not when the user waits.
    init(config: SignInConfig, discovery: DiscoveryConfig?, authenticator: any WebAuthenticator) throws {
        self.config = config
        self.discovery = discovery
        self.authenticator = authenticator
        if let discovery {
            _ = try crossing { try Discovery(config: discovery) }
        }
        _ = try flow(at: nil)
    }

    /// A new sign-in, at this provider where one was discovered.
    func flow(at provider: Provider?) throws -> SignIn {
        let config = SignInConfig(
            issuer: config.issuer,
            authorizationEndpoint: provider?.authorizationEndpoint ?? config.authorizationEndpoint,
            tokenEndpoint: provider?.tokenEndpoint ?? config.tokenEndpoint,
            issPromised: config.issPromised || provider?.issPromised ?? false,
            clientId: config.clientId,
            redirect: config.redirect,
            scopes: config.scopes,
            resource: config.resource,
            browseTimeoutMs: config.browseTimeoutMs
        )
        return try crossing { try SignIn(config: config) }
    }

    static let closed = ProofKeyError(
        code: .closed,
        family: .fixConfiguration,
        message: "this ProofKeyClient is closed",
        advice: "Make a new ProofKeyClient."
    )

    /// The place of the redirect: from one URI, or from port and path.
    static func target(uri: String?, port: UInt16?, path: String?) throws -> RedirectTarget {
        guard let uri else {
            return .loopback(host: .v4, port: port ?? 0, path: path ?? "/callback")
        }
        guard port == nil, path == nil else {
            throw ProofKeyError.invalidConfiguration(
                "redirectURI and port or redirectPath name the same thing twice",
                advice: "Give redirectURI alone, or port and redirectPath."
            )
        }
        // All other schemes are the platform's; the core judges them.
        guard uri.hasPrefix("http://") else { return .fixed(uri: uri) }
        let loopback = #/http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?(/[^?#]*)/#
        guard let found = uri.wholeMatch(of: loopback), let port = UInt16(found.2 ?? "0") else {
            throw ProofKeyError.invalidConfiguration(
                "redirectURI is an http address, but not one on 127.0.0.1, [::1] or localhost with a path",
                advice: "Give such an address, a claimed https link or a private-use scheme."
            )
        }
        let host: LoopbackHost =
            switch found.1 {
            case "127.0.0.1": .v4
            case "[::1]": .v6
            default: .localhost
            }
        return .loopback(host: host, port: port, path: String(found.3))
    }

    /// A time to wait, in whole milliseconds. The core knows the bounds.
    static func milliseconds(_ time: Duration) throws -> UInt64 {
        let (seconds, attoseconds) = time.components
        guard time >= .zero else {
            throw ProofKeyError.invalidConfiguration("timeout is negative")
        }
        return UInt64(min(seconds, 1_000_000)) * 1000 + UInt64(attoseconds / 1_000_000_000_000_000)
    }
}
