import Foundation
import ProofKey
import Testing

@testable import GrantServer

/// Both stores, by the same tests.
enum StoreChoice: CaseIterable, Sendable {
    case memory
    case sqlite

    func make(in folder: Folder) async throws -> any ProofStore {
        guard self == .sqlite else { return MemoryGrantStore() }
        let store = try await SQLiteGrantStore(folder.path("grants.db"))
        try await store.makeTables()
        return store
    }
}

/// What a client brings, and what a server is made of.
enum Kit {
    static let resource = "https://api.example/"
    static let client = ClientRecord(
        clientID: "agent", name: "My agent", redirectURIs: ["http://127.0.0.1/callback"], scopes: ["read", "write"],
        mayRefresh: true)
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let form = "application/x-www-form-urlencoded"

    /// - Parameter failures: What the store's errors are written to; without it there may be none.
    static func over(
        _ store: any GrantStore, reuseWindow: Duration = .zero, proofs: DPoPRules? = nil,
        failures: Box<[String]>? = nil
    ) throws -> AuthorizationServer {
        try AuthorizationServer(
            policy: .init(issuer: "https://as.example", reuseWindow: reuseWindow), store: store,
            clients: { $0 == client.clientID ? client : nil }, proofs: proofs,
            onStoreError: { call, error in
                guard let failures else {
                    Testing.Issue.record("the store failed in \(call): \(error)")
                    return
                }
                failures.change { $0.append(call) }
            })
    }

    static func query(clientID: String = "agent", challenge: String? = nil, more: String = "") -> String {
        "response_type=code&client_id=\(clientID)&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&state=xyz"
            + "&code_challenge=\(challenge ?? SHA256.challenge(of: verifier))&code_challenge_method=S256&scope=read%20write"
            + "&resource=https%3A%2F%2Fapi.example%2F" + more
    }

    static func redemption(of code: String, verifier: String = verifier) -> Data {
        Data(
            ("grant_type=authorization_code&client_id=agent&code=\(code)&code_verifier=\(verifier)"
                + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback").utf8)
    }

    static func refresh(_ token: String) -> Data {
        Data("grant_type=refresh_token&client_id=agent&refresh_token=\(token)".utf8)
    }
}

extension AuthorizationServer {
    func accepted(_ query: String = Kit.query()) async throws -> AuthorizationRequest {
        guard case .accepted(let request) = try await authorizationRequest(query) else {
            throw Missing(what: "a request that is good")
        }
        return request
    }

    /// A code for the user.
    func code(_ query: String = Kit.query(), signedInAt: Date? = nil) async throws -> String {
        let redirect = try await approve(try await accepted(query), subject: "user-1", signedInAt: signedInAt)
        #expect(redirect.isIssued)
        return try Words.parameter(redirect.exposeLocation(), "code")
    }

    func posted(_ body: Data, proof: DPoPProof? = nil) async throws -> Answer {
        try await token(body: body, contentType: Kit.form, proof: proof)
    }

    func status(_ authorization: String?, scopes: [String] = [], demands: Demands = Demands()) async throws -> Int {
        switch try await check(
            authorization: authorization, audience: Kit.resource, scopes: scopes, demands: demands)
        {
        case .granted: 200
        case .refused(let status, _): status
        }
    }
}

extension AuthorizationServer.Answer {
    func word(_ name: String) throws -> String { try JSON.parse(exposeBody()).string(name) }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
