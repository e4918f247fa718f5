import Foundation
internal import ProofKeyFFI

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

// Requests to the client's resource. A token goes to its own resource and to no other (RFC 8707 §2, RFC 6750 §5.3).
extension ProofKeyClient {
    /// Sets the header fields of a request to the client's resource: `Authorization`, and `DPoP` where the token is bound to a
    /// key (RFC 9449 §7.1). They are good for one sending.
    ///
    /// - Parameter interaction: Whether the user may be asked for a sign-in, and how.
    /// - Throws: ``ProofKeyError``: `wrong_resource` where the request goes elsewhere; `signing_failed`; else as
    ///   ``tokens(interaction:)``.
    public nonisolated func authorize(_ request: inout URLRequest, interaction: Interaction = .never) async throws {
        request = try await authorized(request, interaction: interaction)
    }

    /// A request to the client's resource, with the header fields of ``authorize(_:interaction:)``.
    ///
    /// - Parameter interaction: Whether the user may be asked for a sign-in, and how.
    /// - Throws: As ``authorize(_:interaction:)``.
    public func authorized(_ request: URLRequest, interaction: Interaction = .never) async throws -> URLRequest {
        try await prepared(request, interaction).request
    }

    /// The request once more, after the resource has answered it: with a proof that holds the nonce of the answer, with a token
    /// that is refreshed, or with one of a sign-in that meets what the answer demands. Repeat it once; if it is refused again,
    /// give up. ``data(for:interaction:maxBody:)`` knows when more tries are worth it.
    ///
    /// - Parameters:
    ///   - request: As it was sent.
    ///   - response: The answer, whatever it is.
    ///   - interaction: Whether the user may be asked for a sign-in, and how.
    /// - Returns: `nil` where the answer is the program's: it says nothing of the token, or nothing that another token would
    ///   change, or what it demands needs the user, who may not be asked.
    /// - Throws: As ``authorized(_:interaction:)``; `scope_ceiling`.
    public func authorized(
        _ request: URLRequest, after response: HTTPURLResponse, interaction: Interaction = .never
    ) async throws -> URLRequest? {
        try settings.checkResource(of: request.url?.absoluteString ?? "")
        try heard(response)
        let sent = try held(asIn: request.value(forHTTPHeaderField: "Authorization"))
        let challenges = [response.value(forHTTPHeaderField: "WWW-Authenticate")].compactMap { $0 }
        let call = try crossing { try ResourceCall(ceiling: settings.scopeCeiling) }
        let reaction = try call.judged(response.statusCode, challenges, sent ?? held)
        // The one that has come in its place since is worth a try of its own.
        guard let sent else { return reaction == .accept ? nil : try await prepared(request, interaction).request }
        let next = try await tokens(after: reaction, challenges, to: sent, since: era, interaction)
        guard let next else { return nil }
        return try await prepared(request, with: next).request
    }

    /// Hears what an answer of the resource says of the next proof's nonce (RFC 9449 §8.2). For whoever asks by HTTP of their
    /// own: without it the next request may be refused once.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public nonisolated func heard(_ response: HTTPURLResponse) throws {
        let nonces = [response.value(forHTTPHeaderField: "DPoP-Nonce")].compactMap { $0 }
        try settings.proofs.heard(nonces, from: response.url?.absoluteString ?? "")
    }

    /// Asks the client's resource, and does what it demands: a proof with its nonce, a token that is refreshed, a sign-in with
    /// more scopes or a better authentication (RFC 9470). It gives up where the resource is not content.
    ///
    /// It is one exchange of its own, or a few: no redirect is followed, for a token must not go where an answer says; nothing
    /// is kept or taken from a cache, and there are no cookies. On Linux it is made by libcurl.
    ///
    /// - Parameters:
    ///   - request: Its body is data, not a stream. The time that each exchange may take is its own `timeoutInterval`.
    ///   - interaction: Whether the user may be asked for a sign-in, and how. Where that is not so, an answer that demands one
    ///     is given as it is.
    ///   - maxBody: More bytes than these are not read.
    /// - Throws: `URLError` where no whole answer came; `CancellationError`; ``ProofKeyError``: `scope_ceiling`,
    ///   `step_up_refused`; else as ``authorized(_:interaction:)``.
    public nonisolated func data(
        for request: URLRequest, interaction: Interaction = .never, maxBody: Int = 16 * 1024 * 1024
    ) async throws -> (Data, HTTPURLResponse) {
        let call = try crossing { try ResourceCall(ceiling: settings.scopeCeiling) }
        var sent = try await prepared(request, interaction)
        while true {
            let answer = try await sent.request.answer(maxBody: maxBody)
            try settings.proofs.heard(answer.nonces, from: sent.request.url?.absoluteString ?? "")
            let reaction = try call.judged(answer.response.statusCode, answer.challenges, sent.tokens)
            let next = try await tokens(
                after: reaction, answer.challenges, to: sent.tokens, since: sent.era, interaction)
            guard let next else { return (answer.body, answer.response) }
            sent = try await prepared(request, with: next)
        }
    }

    /// As ``data(for:interaction:maxBody:)``, for an address.
    public nonisolated func data(
        from url: URL, interaction: Interaction = .never, maxBody: Int = 16 * 1024 * 1024
    ) async throws -> (Data, HTTPURLResponse) {
        try await data(for: URLRequest(url: url), interaction: interaction, maxBody: maxBody)
    }
}

// MARK: - Its tries

extension ProofKeyClient {
    /// A request with its header fields, and whose they are.
    struct Prepared: Sendable {
        let request: URLRequest
        let tokens: TokenSet
        let era: Int
    }

    /// With the tokens that there are: one crossing, where they are at hand.
    func prepared(_ request: URLRequest, _ interaction: Interaction) async throws -> Prepared {
        try checkIsOpen()
        let (method, url) = request.target
        let era = era
        if let held, let fields = try await held.fields(method, for: url, by: settings.proofs) {
            return Prepared(request: request.with(fields), tokens: held, era: era)
        }
        // Before anybody is asked.
        try settings.checkResource(of: url)
        return try await prepared(request, with: try await tokens(interaction))
    }

    /// With these tokens.
    func prepared(_ request: URLRequest, with tokens: TokenSet) async throws -> Prepared {
        let (method, url) = request.target
        let era = era
        let fields = try await tokens.fieldsNow(method, for: url, by: settings.proofs)
        return Prepared(request: request.with(fields), tokens: tokens, era: era)
    }

    /// The tokens for the next try, if there is to be one.
    private func tokens(
        after reaction: Reaction, _ challenges: [String], to sent: TokenSet, since era: Int, _ interaction: Interaction
    ) async throws -> TokenSet? {
        switch reaction {
        case .accept: nil
        case .retry: sent
        case .refresh: try await tokens(interaction, insteadOf: try sent.fingerprint(), after: challenges)
        case .signIn(let demand):
            interaction == .never ? nil : try await tokens(meeting: demand, interaction, after: era)
        }
    }

    /// The tokens at hand, if a header field is of them: a scheme, a space, the token.
    private func held(asIn header: String?) throws -> TokenSet? {
        guard let token = header?.split(separator: " ").last, let held, try held.exposeAccessToken() == token else {
            return nil
        }
        return held
    }
}

extension ResourceCall {
    /// What an answer to a request with these tokens means.
    fileprivate func judged(_ status: Int, _ challenges: [String], _ tokens: TokenSet?) throws -> Reaction {
        try crossing {
            try answered(
                status: UInt16(clamping: status), wwwAuthenticate: challenges,
                requestedScopes: tokens?.requestedScopes ?? [], grantedScopes: tokens?.scopes ?? [])
        }
    }
}

extension URLRequest {
    fileprivate var target: (method: String, url: String) { (httpMethod ?? "GET", url?.absoluteString ?? "") }

    /// In place of any of the same names.
    fileprivate func with(_ fields: AuthorizationFields) -> URLRequest {
        var request = self
        request.setValue(fields.authorization, forHTTPHeaderField: "Authorization")
        request.setValue(fields.dpop, forHTTPHeaderField: "DPoP")
        return request
    }
}
