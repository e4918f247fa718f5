internal import ProofKeyFFI

/// What a client is made of: the record that every flow starts from, and what a flow meets outside. It holds no secret.
struct Settings: Sendable {
    let store: any TokenStore
    let proofs: Proofs
    /// The scopes that no sign-in and no step-up goes beyond; none where there is no limit.
    var scopeCeiling: [String]? { config.scopeCeiling }
    private let config: AccessConfig
    private let authenticator: any WebAuthenticator
    private let confirmation: IssuerConfirmation
    private let showCode: DeviceCode.Show?

    /// What is wrong is said now, not when the user waits.
    init(
        _ config: AccessConfig, store: any TokenStore, confirmation: IssuerConfirmation,
        authenticator: any WebAuthenticator, signer: (any ProofKeySigner)?,
        showCode: DeviceCode.Show?
    ) throws {
        try crossing { try checkAccess(config: config) }
        guard (config.dpopKey == nil) == (signer == nil) else {
            throw ProofKeyError.invalidConfiguration(
                "dpopKey and signer go together: a key of the platform has a name, and somebody who signs with it",
                advice: "Give both, or neither.")
        }
        self.config = config
        self.store = store
        self.confirmation = confirmation
        self.authenticator = authenticator
        self.showCode = showCode
        proofs = try Proofs(signer: signer)
    }

    /// The record of one flow.
    func config(pastes: Bool, isResumable: Bool) -> AccessConfig {
        AccessConfig(
            issuer: config.issuer,
            resource: config.resource,
            endpoints: config.endpoints,
            clientId: config.clientId,
            clientDocument: config.clientDocument,
            clientName: config.clientName,
            scopes: config.scopes,
            scopeCeiling: config.scopeCeiling,
            account: config.account,
            redirect: config.redirect,
            paste: pastes,
            browseTimeoutMs: config.browseTimeoutMs,
            extraParameters: config.extraParameters,
            allowMissingS256: config.allowMissingS256,
            resumable: isResumable,
            dpop: config.dpop,
            dpopKey: config.dpopKey,
            push: config.push
        )
    }

    /// Fails for an address that lies outside of the client's resource.
    func checkResource(of url: String) throws {
        try crossing { try ProofKeyFFI.checkResource(resource: config.resource, url: url) }
    }

    /// What one flow meets.
    func platform(pastes: Bool) -> Platform {
        Platform(
            store: store, authenticator: authenticator, confirmation: confirmation,
            terminal: pastes ? .standard : nil, showCode: showCode ?? Self.showInTerminal, signer: proofs.signer)
    }

    /// Whether the user signs in on another device. Fails where nobody would see the code.
    func isOnDevice(_ interaction: Interaction) throws -> Bool {
        guard interaction == .device else { return false }
        guard showCode != nil || Terminal.standard.isShown else {
            throw ProofKeyError.invalidConfiguration(
                "interaction is device, and there is neither showCode nor a terminal to show a code at",
                advice: "Give the client a showCode.")
        }
        return true
    }

    private static let showInTerminal: DeviceCode.Show = { Terminal.standard.say($0.text) }

    /// Whether the user is asked in the terminal.
    func pastes(_ interaction: Interaction) -> Bool {
        switch interaction {
        case .never, .browser, .device: return false
        case .paste: return true
        case .auto:
            guard let loopback = authenticator as? LoopbackAuthenticator, !loopback.hasBrowser() else { return false }
            return Terminal.standard.isThere
        }
    }

    static let closed = ProofKeyError(
        code: .closed,
        family: .fixConfiguration,
        message: "this ProofKeyClient is closed",
        advice: "Make a new ProofKeyClient."
    )

    /// More parameters of the authorization request.
    static func parameters(_ given: KeyValuePairs<String, String>) -> [Parameter] {
        given.map { Parameter(name: $0.key, value: $0.value) }
    }

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
