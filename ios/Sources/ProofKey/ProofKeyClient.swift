import Foundation
internal import ProofKeyFFI

/// Access to one resource, or to what one issuer's tokens are good for: from an address to a token that stays fresh.
///
/// ```swift
/// let client = try ProofKeyClient(resource: "https://api.example/mcp", clientName: "My agent")
/// try await client.signIn()
/// let token = try await client.accessToken()
/// ```
///
/// What comes of a sign-in is kept in the client's ``TokenStore``, and refreshed when it is needed: however many tasks ask
/// at once, one refresh is made.
public actor ProofKeyClient {
    let settings: Settings
    let onWarning: (@Sendable (ProofKeyError) -> Void)?
    var isClosed = false
    /// The tokens at hand.
    var held: TokenSet?
    /// Counts what replaces all that was before: a sign-in, a sign-out.
    var era = 0
    /// What the servers said of themselves last.
    var known: Discovered?
    /// What the resource had demanded that the last sign-in was for, if it was for such a thing.
    var met: StepUp?
    /// The flights that are shared.
    var flights: [Course: Flight<Landing>] = [:]

    /// What went wrong in the last call without ending it, as the error that it would have been: a refresh that failed while
    /// the old token is still good, tokens that could not be kept, a sign-out that the server did not hear of. `nil` where
    /// nothing did.
    public internal(set) var lastWarning: ProofKeyError?

    /// For a protected resource, an MCP server for instance, which names its authorization servers itself (RFC 9728). Checks
    /// the settings; nothing else happens yet.
    ///
    /// - Parameters:
    ///   - resource: The resource's identifier. The tokens are for it alone (RFC 8707).
    ///   - issuer: The authorization server's identifier, where it is known: one of those that the resource names.
    ///   - clientID: The public client's identifier, where it was registered beforehand.
    ///   - clientDocument: The address of the client's metadata document, for servers that take it as the identifier; see
    ///     ``ClientDocument``.
    ///   - clientName: The client's name. With it the client is registered (RFC 7591) where there is no other way.
    ///   - scopes: What is asked for; nothing leaves it to what the resource demands or lists.
    ///   - account: Which of several accounts of the user this is: a name of the program's own.
    ///   - store: Where tokens are kept. By default in memory, for this client alone.
    ///   - confirm: Which issuers the resource may name, as in `["as.example"]`. By default any.
    ///   - redirectURI: Where the redirect arrives: a loopback address such as `http://127.0.0.1/callback`, for which
    ///     the system chooses a port where none is named, or a claimed `https` link or a private-use scheme that
    ///     `authenticator` watches. It stands in for `port` and `redirectPath`.
    ///   - port: A fixed port on 127.0.0.1. By default the system chooses one.
    ///   - redirectPath: The path of the redirect on 127.0.0.1. By default `/callback`.
    ///   - extraParameters: More parameters of the authorization request, such as `prompt` or `login_hint`. None may stand in
    ///     for one that ProofKey sets.
    ///   - issuersWithoutS256: The issuers that may leave S256 out of their metadata, by name: for servers that are known to do
    ///     PKCE and not to say so. All others are refused.
    ///   - dpop: Whether the tokens are bound to a key, so that who steals one cannot use it (RFC 9449).
    ///   - dpopKey: The name of that key at the `signer`; by default it is made here for each sign-in, and kept with the tokens.
    ///   - signer: Who keeps the key and signs with it, such as ``SecureEnclaveSigner``. It needs a `dpopKey`.
    ///   - pushesRequests: Whether the authorization request is pushed also to servers that only offer it (RFC 9126), so that
    ///     the browser sees none of it. Those that require it get it so in any case.
    ///   - scopeCeiling: The scopes that no sign-in goes beyond, whatever the resource lists or demands; `scopes` lie below.
    ///     What is demanded and lies above is an error, ``ProofKeyError/Code/scopeCeiling``. `offline_access` is a scope like
    ///     others. By default there is no limit.
    ///   - showCode: Shows a device code, for ``Interaction/device``. It may come back at once, or stay until what it shows is
    ///     closed: its task is cancelled when the sign-in is over. Where it throws, the user has closed it. By default the code
    ///     is shown in the terminal, where there is one.
    ///   - authenticator: Who shows the user the server's page and receives the redirect. By default
    ///     ``LoopbackAuthenticator``.
    ///   - timeout: How long the user may take, from one second to one hour.
    ///   - onWarning: Is told what ``lastWarning`` holds, when it comes.
    /// - Throws: ``ProofKeyError``: a setting cannot be used; the message names it.
    public init(
        resource: String,
        issuer: String? = nil,
        clientID: String? = nil,
        clientDocument: String? = nil,
        clientName: String? = nil,
        scopes: [String] = [],
        account: String? = nil,
        store: any TokenStore = MemoryTokenStore(),
        confirm: IssuerConfirmation = .any,
        redirectURI: String? = nil,
        port: UInt16? = nil,
        redirectPath: String? = nil,
        extraParameters: KeyValuePairs<String, String> = [:],
        issuersWithoutS256: [String] = [],
        dpop: DPoP = .never,
        dpopKey: String? = nil,
        signer: (any ProofKeySigner)? = nil,
        pushesRequests: Bool = false,
        scopeCeiling: [String]? = nil,
        showCode: DeviceCode.Show? = nil,
        authenticator: any WebAuthenticator = LoopbackAuthenticator(),
        timeout: Duration = .seconds(300),
        onWarning: (@Sendable (ProofKeyError) -> Void)? = nil
    ) throws {
        let config = AccessConfig(
            issuer: issuer,
            resource: resource,
            endpoints: nil,
            clientId: clientID,
            clientDocument: clientDocument,
            clientName: clientName,
            scopes: scopes,
            scopeCeiling: scopeCeiling,
            account: account,
            redirect: try Settings.target(uri: redirectURI, port: port, path: redirectPath),
            paste: false,
            browseTimeoutMs: try Settings.milliseconds(timeout),
            extraParameters: Settings.parameters(extraParameters),
            allowMissingS256: issuersWithoutS256,
            resumable: false,
            dpop: dpop.native,
            dpopKey: dpopKey,
            push: pushesRequests
        )
        settings = try Settings(
            config, store: store, confirmation: confirm, authenticator: authenticator, signer: signer,
            showCode: showCode)
        self.onWarning = onWarning
    }

    /// For an authorization server that is known. Checks the settings; nothing else happens yet.
    ///
    /// - Parameters:
    ///   - issuer: The authorization server's identifier, exactly as the server writes it.
    ///   - endpoints: Where its endpoints are. By default the first sign-in asks the issuer for its metadata (RFC 8414,
    ///     OpenID Connect Discovery), and later ones ask again when an hour has passed.
    ///   - clientID: The public client's identifier, where it was registered beforehand.
    ///   - scopes: What is asked for; nothing leaves it to the server.
    ///   - resource: The resource that the tokens are for (RFC 8707). Requests to it can be authorized.
    ///   - redirectURI: As for the initialiser with `resource` alone, like all that follows but `allowsMissingS256`.
    ///   - port: A fixed port on 127.0.0.1. By default the system chooses one.
    ///   - redirectPath: The path of the redirect on 127.0.0.1. By default `/callback`.
    ///   - allowsMissingS256: Whether this issuer may leave S256 out of its metadata. It has no meaning with `endpoints`.
    ///   - dpop: Whether the tokens are bound to a key (RFC 9449).
    ///   - dpopKey: The name of that key at the `signer`.
    ///   - signer: Who keeps the key and signs with it.
    ///   - pushesRequests: Whether the authorization request is pushed also to servers that only offer it (RFC 9126).
    ///   - scopeCeiling: The scopes that no sign-in goes beyond, whatever the resource lists or demands.
    ///   - showCode: Shows a device code.
    ///   - authenticator: Who shows the user the server's page and receives the redirect.
    ///   - timeout: How long the user may take, from one second to one hour.
    ///   - clientDocument: The address of the client's metadata document.
    ///   - clientName: The client's name, to register it by.
    ///   - account: Which of several accounts of the user this is.
    ///   - store: Where tokens are kept.
    ///   - extraParameters: More parameters of the authorization request.
    ///   - onWarning: Is told what ``lastWarning`` holds, when it comes.
    /// - Throws: ``ProofKeyError``: a setting cannot be used; the message names it.
    public init(
        issuer: String,
        endpoints: Endpoints? = nil,
        clientID: String? = nil,
        clientDocument: String? = nil,
        clientName: String? = nil,
        scopes: [String] = [],
        resource: String? = nil,
        account: String? = nil,
        store: any TokenStore = MemoryTokenStore(),
        redirectURI: String? = nil,
        port: UInt16? = nil,
        redirectPath: String? = nil,
        extraParameters: KeyValuePairs<String, String> = [:],
        allowsMissingS256: Bool = false,
        dpop: DPoP = .never,
        dpopKey: String? = nil,
        signer: (any ProofKeySigner)? = nil,
        pushesRequests: Bool = false,
        scopeCeiling: [String]? = nil,
        showCode: DeviceCode.Show? = nil,
        authenticator: any WebAuthenticator = LoopbackAuthenticator(),
        timeout: Duration = .seconds(300),
        onWarning: (@Sendable (ProofKeyError) -> Void)? = nil
    ) throws {
        let config = AccessConfig(
            issuer: issuer,
            resource: resource,
            endpoints: endpoints.map(\.native),
            clientId: clientID,
            clientDocument: clientDocument,
            clientName: clientName,
            scopes: scopes,
            scopeCeiling: scopeCeiling,
            account: account,
            redirect: try Settings.target(uri: redirectURI, port: port, path: redirectPath),
            paste: false,
            browseTimeoutMs: try Settings.milliseconds(timeout),
            extraParameters: Settings.parameters(extraParameters),
            allowMissingS256: allowsMissingS256 ? [issuer] : [],
            resumable: false,
            dpop: dpop.native,
            dpopKey: dpopKey,
            push: pushesRequests
        )
        settings = try Settings(
            config, store: store, confirmation: .any, authenticator: authenticator, signer: signer,
            showCode: showCode)
        self.onWarning = onWarning
    }

    /// Ends the client: later calls are refused. Those that run are not touched, and what is kept stays.
    public func close() {
        isClosed = true
    }
}
