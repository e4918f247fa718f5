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
    private let onWarning: (@Sendable (ProofKeyError) -> Void)?
    private var isClosed = false
    /// The tokens at hand.
    private var held: TokenSet?
    /// Counts what replaces all that was before: a sign-in, a sign-out.
    private var era = 0
    /// What the servers said of themselves last.
    private var known: Discovered?
    /// The flights that are shared, by whether they may ask the user.
    private var flights: [Bool: Flight<Landing>] = [:]

    /// What went wrong in the last call without ending it, as the error that it would have been: a refresh that failed while
    /// the old token is still good, tokens that could not be kept, a sign-out that the server did not hear of. `nil` where
    /// nothing did.
    public private(set) var lastWarning: ProofKeyError?

    /// Where a server's endpoints are, for who knows them.
    public struct Endpoints: Hashable, Sendable {
        /// Where the user is sent (RFC 6749 §3.1).
        public var authorization: String

        /// Where codes and refresh tokens are redeemed (RFC 6749 §3.2).
        public var token: String

        /// Where tokens are revoked (RFC 7009).
        public var revocation: String?

        /// Whether the server's metadata promises `iss` in its answers (RFC 9207 §3).
        public var issPromised: Bool

        /// From the server's metadata, or its manual.
        public init(authorization: String, token: String, revocation: String? = nil, issPromised: Bool = false) {
            self.authorization = authorization
            self.token = token
            self.revocation = revocation
            self.issPromised = issPromised
        }
    }

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
            account: account,
            redirect: try Settings.target(uri: redirectURI, port: port, path: redirectPath),
            paste: false,
            browseTimeoutMs: try Settings.milliseconds(timeout),
            extraParameters: Settings.parameters(extraParameters),
            allowMissingS256: issuersWithoutS256,
            resumable: false
        )
        settings = try Settings(config, store: store, confirmation: confirm, authenticator: authenticator)
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
        authenticator: any WebAuthenticator = LoopbackAuthenticator(),
        timeout: Duration = .seconds(300),
        onWarning: (@Sendable (ProofKeyError) -> Void)? = nil
    ) throws {
        let config = AccessConfig(
            issuer: issuer,
            resource: resource,
            endpoints: endpoints.map {
                ProofKeyFFI.Endpoints(
                    authorizationEndpoint: $0.authorization,
                    tokenEndpoint: $0.token,
                    revocationEndpoint: $0.revocation,
                    issPromised: $0.issPromised
                )
            },
            clientId: clientID,
            clientDocument: clientDocument,
            clientName: clientName,
            scopes: scopes,
            account: account,
            redirect: try Settings.target(uri: redirectURI, port: port, path: redirectPath),
            paste: false,
            browseTimeoutMs: try Settings.milliseconds(timeout),
            extraParameters: Settings.parameters(extraParameters),
            allowMissingS256: allowsMissingS256 ? [issuer] : [],
            resumable: false
        )
        settings = try Settings(config, store: store, confirmation: .any, authenticator: authenticator)
        self.onWarning = onWarning
    }

    /// Ends the client: later calls are refused. Those that run are not touched, and what is kept stays.
    public func close() {
        isClosed = true
    }
}

// MARK: - The user

extension ProofKeyClient {
    /// Signs the user in, whatever is kept, and keeps what comes: finds the servers, shows the server's page, waits for the
    /// redirect, redeems the code.
    ///
    /// It returns when the user is done: at most after the timeout, 15 s for each document that is asked for, and 30 s for
    /// the exchange. Each call is a sign-in of its own.
    ///
    /// A cancel of the calling task ends the wait for the user, closes what was opened and throws `CancellationError`.
    /// While the code is being redeemed it throws that at once too, but the exchange runs on to its end and what comes is
    /// kept: the server may have used up the code.
    ///
    /// - Parameters:
    ///   - interaction: How the user is asked. ``Interaction/never`` cannot be used here.
    ///   - isResumable: Whether ``resume(redirect:interaction:)`` can take it up, should the system end the program meanwhile.
    /// - Throws: ``ProofKeyError``, whose family says what can be done about it, or `CancellationError`.
    @discardableResult
    public func signIn(interaction: Interaction = .auto, resumable isResumable: Bool = false) async throws -> TokenSet {
        try await flyAlone(.signIn, interaction, isResumable: isResumable).signedIn()
    }

    /// Finishes a sign-in that an earlier run of the program began with `resumable: true` and with the same settings. Once: of
    /// two that try, one succeeds.
    ///
    /// - Parameters:
    ///   - redirect: The address where the browser ended, whole and undecoded, where the system hands it to the program. Else
    ///     it is waited for, at the same port as before.
    ///   - interaction: ``Interaction/paste`` asks the user for it.
    /// - Throws: ``ProofKeyError``: `nothing_pending`, `session_expired`, and what ends a sign-in. `CancellationError`.
    @discardableResult
    public func resume(redirect: String? = nil, interaction: Interaction = .browser) async throws -> TokenSet {
        try await flyAlone(.resume, interaction, redirect: redirect).signedIn()
    }

    /// As ``resume(redirect:interaction:)-(String?,_)``, for the URL that the system hands over.
    @discardableResult
    public func resume(redirect: URL) async throws -> TokenSet {
        try await resume(redirect: redirect.absoluteString)
    }

    /// Ends the sign-in: the server is told to revoke (RFC 7009), and whatever it says, nothing is kept here any more.
    ///
    /// A cancel while the server is asked leaves all as it was.
    ///
    /// - Throws: ``ProofKeyError``: the store failed, or was in use for 45 s. `CancellationError`.
    @discardableResult
    public func signOut() async throws -> SignedOut {
        let landing = try await flyAlone(.signOut, .browser)
        return SignedOut(isRevoked: landing.isRevoked, warning: landing.warning)
    }
}

// MARK: - Tokens

extension ProofKeyClient {
    /// Tokens that are fresh: those at hand, else those that are kept, refreshed where they must be.
    ///
    /// All who ask at once wait for one and the same flow. A cancelled task leaves at once, with `CancellationError`, and the
    /// others wait on; when nobody waits any more the flow ends, but a refresh that has begun runs to its end and is kept.
    ///
    /// - Parameter interaction: Whether the user may be asked where there is no other way, and how.
    /// - Throws: ``ProofKeyError``: of the family `signInAgain` where only the user can help. `CancellationError`.
    public func tokens(interaction: Interaction = .never) async throws -> TokenSet {
        try await tokens(interaction, insteadOf: nil, after: [])
    }

    /// The access token of ``tokens(interaction:)``, for requests to its own resource and to no other.
    ///
    /// Swift cannot wipe the text that is given out: do not keep it, ask each time.
    public func accessToken(interaction: Interaction = .never) async throws -> String {
        try await tokens(interaction).exposeAccessToken()
    }

    /// Tokens that are fresh and not the ones with this fingerprint, which the resource did not take.
    func tokens(
        _ interaction: Interaction, insteadOf rejected: Data? = nil, after challenges: [String] = []
    ) async throws -> TokenSet {
        for _ in 1...3 {
            try checkIsOpen()
            try Task.checkCancellation()
            if let held = try heldTokens(insteadOf: rejected) { return held }
            let tokens = try await flyTogether(interaction, insteadOf: rejected, after: challenges).signedIn()
            // Of somebody else's flight, which did not know.
            if try rejected == nil || tokens.fingerprint() != rejected { return tokens }
        }
        // A server may issue the same again.
        return try await flyTogether(interaction, insteadOf: rejected, after: challenges).signedIn()
    }

    /// The tokens at hand, if they can be used as they are.
    private func heldTokens(insteadOf rejected: Data?) throws -> TokenSet? {
        guard let held, try held.isFresh() else { return nil }
        return try rejected != nil && held.fingerprint() == rejected ? nil : held
    }

    /// What names the token of a header that the resource did not take. Where another is at hand by now there is none: that
    /// one will do.
    func rejected(_ header: String?, for url: String) throws -> Data? {
        guard let header, let held, try held.authorizationNow(for: url) == header else { return nil }
        return try held.fingerprint()
    }

    /// The header for a request, if fresh tokens are at hand: one crossing.
    func header(for url: String) throws -> String? {
        try checkIsOpen()
        return try held?.authorization(for: url)
    }
}

// MARK: - Flights

extension ProofKeyClient {
    private func checkIsOpen() throws {
        guard !isClosed else { throw Settings.closed }
    }

    /// A flight of the caller's own.
    private func flyAlone(
        _ goal: Goal, _ interaction: Interaction, isResumable: Bool = false, redirect: String? = nil
    ) async throws -> Landing {
        try checkIsOpen()
        guard interaction != .never else {
            throw ProofKeyError.invalidConfiguration(
                "interaction is never, and this needs the user", advice: "Leave it out, or name how the user is asked.")
        }
        let flight = Flight<Landing>(isShared: false)
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: isResumable)
        return try await fly(flight, goal, config) { key, known in
            AccessRun(key: key, redirectUri: redirect, known: known)
        }
    }

    /// A flight to tokens, with all who want some now.
    private func flyTogether(
        _ interaction: Interaction, insteadOf rejected: Data?, after challenges: [String]
    ) async throws -> Landing {
        // Who may not ask the user does not wait for one who is asked.
        let asks = interaction != .never
        if let flight = flights[asks], let seat = flight.seat() { return try await flight.wait(at: seat) }
        let flight = Flight<Landing>(isShared: true)
        flights[asks] = flight
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: false)
        return try await fly(flight, asks ? .tokenOrSignIn : .token, config) { key, known in
            AccessRun(key: key, rejected: rejected, wwwAuthenticate: challenges, known: known)
        }
    }

    /// Begins a flight, in a task that belongs to nobody, and waits for it.
    private func fly(
        _ flight: Flight<Landing>, _ goal: Goal, _ config: AccessConfig,
        _ run: @escaping @Sendable (ProofKeyFFI.DataKey?, Discovered?) -> AccessRun
    ) async throws -> Landing {
        guard let seat = flight.seat() else { throw ProofKeyError.internalError }
        let (era, known) = (era, known)
        let platform = settings.platform(pastes: config.paste)
        Task {
            let result: Result<Landing, any Error>
            do {
                let run = run(try await platform.sealingKey(), known)
                let flow = try crossing { try Access(config: config, goal: goal, run: run) }
                let driver = Driver(flow: flow, platform: platform, flight: flight)
                let landing = try Landing(try await driver.run())
                land(landing, goal, since: era)
                result = .success(landing)
            } catch {
                result = .failure(error)
            }
            // Who comes from here on finds the tokens, or flies again.
            flights = flights.filter { $0.value !== flight }
            flight.settle(result)
        }
        return try await flight.wait(at: seat)
    }

    private func land(_ landing: Landing, _ goal: Goal, since era: Int) {
        let replaces = goal != .token && goal != .tokenOrSignIn
        // What has ended meanwhile does not come back.
        if replaces || self.era == era { held = landing.tokens }
        if replaces { self.era += 1 }
        if let discovered = landing.discovered { known = discovered }
        lastWarning = landing.warning
        if let warning = landing.warning { onWarning?(warning) }
    }
}

extension Platform {
    /// The key of the store, as the flow takes it.
    func sealingKey() async throws -> ProofKeyFFI.DataKey? {
        do {
            return try await store.dataKey()?.native
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as ProofKeyError {
            throw error
        } catch {
            let error = TokenStoreError.wrapping(error)
            throw ProofKeyError.ofStore(error.code, error.description)
        }
    }
}
