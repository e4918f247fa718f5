import Foundation
internal import ProofKeyFFI

/// The endpoints of an authorization server over a database of one's own, as functions over what a request brings.
///
/// It opens no socket and knows no web framework; what it is asked is answered from the store, and judged by the core that all
/// of ProofKey shares. Any task may use it, and several at once.
///
/// ```swift
/// let server = try AuthorizationServer(
///     policy: .init(issuer: "https://as.example"),
///     store: MyGrantStore(),
///     clients: { try await myClients.client($0) },
///     onStoreError: { call, error in logger.error("the grant store failed in \(call): \(error)") }
/// )
/// let answer = try await server.token(body: body, contentType: "application/x-www-form-urlencoded")
/// ```
///
/// A cancel is never kept from the caller. Where the store throws `CancellationError`, the call ends with it: nothing is issued,
/// and a code that was being claimed may be used up. What a replay would have revoked stays until the next one; call
/// ``token(body:contentType:authorization:proof:)`` in a task of its own where a client's going away cancels its request.
public final class AuthorizationServer: Sendable {
    /// Knows the clients by their identifiers; none for one that nobody knows. What it throws the caller gets.
    public typealias Clients = @Sendable (_ clientID: String) async throws -> ClientRecord?

    /// Is told which call of the store failed, and by what. Nothing is issued then, whatever it does.
    public typealias StoreErrorHandler = @Sendable (_ call: String, _ error: any Error) -> Void

    private let policy: ProofKeyFFI.Policy
    private let rules: ProofKeyFFI.ProofRules?
    private let clients: Clients
    private let loop: StoreLoop

    /// Makes the server. What is wrong with its settings is said now, not when the first request comes.
    ///
    /// - Parameters:
    ///   - proofs: What is asked of proofs of possession (RFC 9449), for which the store must be a ``ProofStore``. Left out,
    ///     such a store has the defaults; with any other no proofs are taken and no token is bound.
    ///   - onStoreError: Put it where you read it: no answer says what was wrong with the store.
    /// - Throws: ``ProofKeyError``: `invalid_configuration`.
    public init(
        policy: Policy, store: any GrantStore, clients: @escaping Clients, proofs: DPoPRules? = nil,
        onStoreError: @escaping StoreErrorHandler
    ) throws {
        self.policy = try policy.native()
        // Without a memory a proof could be used twice (RFC 9449 §11.1): then none is taken.
        if store is any ProofStore {
            rules = try (proofs ?? DPoPRules()).native()
        } else if proofs == nil {
            rules = nil
        } else {
            throw ProofKeyError.invalidConfiguration(
                "proofs were configured, and the store is no ProofStore: a proof could be used twice",
                advice: "Give the store a remember(_:lifetimeSeconds:), or leave proofs out.")
        }
        self.clients = clients
        loop = StoreLoop(store: store, onStoreError: onStoreError)
        _ = try redemption(Data(), nil, nil, nil)
    }

    /// Judges the query of an authorization request (RFC 6749 §4.1.1) as it came, without its `?`.
    ///
    /// A request that is good is to be shown to the user; the answer of the user's form is judged by this once more.
    public func authorizationRequest(_ query: String) async throws -> Judgment {
        let clientID: String
        switch try crossing({ try clientOf(query: query) }) {
        case .named(let named): clientID = named
        case .page(let error, let description): return .page(ErrorPage(error: error, description: description))
        }
        let client = try await clients(clientID)
        // Who is unknown has no redirect URI, so that it is a page whatever the request says.
        let record = client ?? ClientRecord(clientID: clientID, name: "", redirectURIs: [])
        switch try crossing({ try judgeRequest(query: query, client: record.native, policy: policy) }) {
        case .page(let error, let description):
            let unknown = "the client is not known here"
            return .page(ErrorPage(error: error, description: client == nil ? unknown : description))
        case .redirect(let location, let error):
            return .redirect(Redirect(to: location, error: error))
        case .accepted(let request):
            guard let client else { throw ProofKeyError.internalError }
            return .accepted(try AuthorizationRequest(request, of: client))
        }
    }

    /// The user allows it, or some of its scopes: puts the grant and gives the location with the code. Where the store fails,
    /// there is an error in it and no code. The request is used up.
    ///
    /// - Parameters:
    ///   - subject: Who allows it, as the server names its users.
    ///   - scopes: What is allowed, of what was asked for; all of it, where nothing is given.
    ///   - signedInAt: When the user signed in, where the server can say: a resource may demand it (RFC 9470).
    ///   - acr: How the user signed in. It counts with `signedInAt`.
    public func approve(
        _ request: AuthorizationRequest, subject: String, scopes: [String]? = nil, signedInAt: Date? = nil,
        acr: String? = nil
    ) async throws -> Redirect {
        let authTime = try signedInAt.map { date in
            guard let time = UInt64(exactly: date.timeIntervalSince1970.rounded(.down)) else {
                throw ProofKeyError.invalidConfiguration("signedInAt is before 1970")
            }
            return time
        }
        let approval = Approval(subject: subject, scopes: scopes ?? request.scopes, authTime: authTime, acr: acr)
        let flow = try crossing { try Issue(request: request.native, approval: approval, policy: policy) }
        let outcome = try await loop.serve(flow)
        return Redirect(to: outcome.location, grantID: outcome.grantId, isIssued: outcome.issued)
    }

    /// It comes to nothing, because the user said no, or for another reason: where to send the browser. The request is used up.
    public func deny(_ request: AuthorizationRequest, because reason: DenialReason = .denied) async throws -> Redirect {
        Redirect(to: try crossing { try request.native.decline(why: reason.native, policy: policy) })
    }

    /// Answers a POST to the token endpoint (RFC 6749 §3.2): the body, `Content-Type` and `Authorization` as they came, and
    /// the proofs of possession, if it takes any.
    public func token(
        body: Data, contentType: String?, authorization: String? = nil, proof: DPoPProof? = nil
    ) async throws -> Answer {
        Answer(try await loop.serve(try redemption(body, contentType, authorization, proof)))
    }

    /// Answers a POST to the revocation endpoint (RFC 7009): a token that is given back ends its grant, with all its tokens.
    public func revoke(body: Data, contentType: String?, authorization: String? = nil) async throws -> Answer {
        let flow = try crossing {
            try RevokeToken(body: body, contentType: contentType, authorization: authorization)
        }
        return Answer(try await loop.serve(flow))
    }

    /// Whether a request may pass at a resource (RFC 6750).
    ///
    /// - Parameters:
    ///   - authorization: The field `Authorization` as it came.
    ///   - audience: The resource's own URI. A token that was asked for without a resource (RFC 8707) is for every resource of
    ///     its server.
    ///   - scopes: What the token must be good for, all of it.
    ///   - proof: The proofs of possession, if it takes any.
    ///   - demands: What is asked beside that.
    public func check(
        authorization: String?, audience: String, scopes: [String] = [], proof: DPoPProof? = nil,
        demands: Demands = Demands()
    ) async throws -> Access {
        let demands = try demands.native(presented(proof))
        let flow = try crossing {
            try CheckToken(
                authorization: authorization, audience: audience, requiredScopes: scopes, demands: demands)
        }
        return Access(try await loop.serve(flow))
    }

    private func redemption(
        _ body: Data, _ contentType: String?, _ authorization: String?, _ proof: DPoPProof?
    ) throws -> Redeem {
        try crossing {
            try Redeem(
                body: body, contentType: contentType, authorization: authorization, policy: policy,
                proof: presented(proof))
        }
    }

    /// What came with a request. Who is told of none proves nothing: where proofs are required, that is refused.
    private func presented(_ proof: DPoPProof?) -> RequestProof? {
        rules.map { (proof ?? DPoPProof(fields: [], method: "", url: "")).native(under: $0) }
    }
}

extension AuthorizationServer: CustomStringConvertible, CustomReflectable {
    /// The issuer.
    public var description: String { "AuthorizationServer(\(policy.issuer))" }

    /// The issuer; nothing of the key of nonces.
    public var customMirror: Mirror { Mirror(self, children: ["issuer": policy.issuer]) }
}
