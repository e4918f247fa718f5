import Foundation
import ProofKey

/// A whole server over the store that is looked at, and clients of ours.
enum ServerChecks {
    private static let issuer = "https://as.example"
    private static let resource = "https://api.example/"
    private static let codes = 4
    private static let client = ClientRecord(
        clientID: "agent", name: "An agent", redirectURIs: ["http://127.0.0.1/callback"], scopes: ["read", "write"],
        mayRefresh: true)

    static func aGrantLivesItsLife(_ subject: Subject) async throws {
        let server = try StrictServer(try await subject.store())
        let redemption = try await server.approved()
        let answer = try await server.redeem(redemption)
        try expect("what a good code brings", Outcome(answer), is: .issued)
        let token = try redemption.accessToken(of: answer)
        let access = try await server.check(token)
        guard case .granted(let row, _) = access else {
            throw Finding(circumstance: "a check of a good token", expected: "granted", actual: "\(access)")
        }
        try expect("the subject of a good token", row.grant.subject, is: "user")
        try expect("what a code brings for the second time", Outcome(try await server.redeem(redemption)), is: .revokes)
        try await server.expectRefused(token)
    }

    static func ofManyOneGetsAToken(_ subject: Subject) async throws {
        for _ in 1...codes {
            let redemption = try await StrictServer(try await subject.store()).approved()
            let answers = try await subject.atOnce { each, _ in try await StrictServer(each).redeem(redemption) }
            let winners = answers.filter { Outcome($0) == .issued }
            try expect("of \(subject.racers) redeemers how many get a token", winners.count, is: 1)
            for outcome in answers.map(Outcome.init) where ![.issued, .revokes, .revoked].contains(outcome) {
                throw Finding(
                    circumstance: "what another redeemer gets", expected: "\(Outcome.revokes) or \(Outcome.revoked)",
                    actual: "\(outcome)")
            }
            let token = try redemption.accessToken(of: winners[0])
            try await StrictServer(try await subject.store()).expectRefused(token)
        }
    }

    /// What a token request comes to.
    private struct Outcome: Equatable, CustomStringConvertible {
        let status: Int
        let audit: String

        static let issued = Outcome(status: 200, audit: "issued")
        static let revokes = Outcome(status: 400, audit: "replay_revoked")
        static let revoked = Outcome(status: 400, audit: "revoked")

        var description: String { "\(status) \(audit)" }

        private init(status: Int, audit: String) {
            self.status = status
            self.audit = audit
        }

        init(_ answer: AuthorizationServer.Answer) { self.init(status: answer.status, audit: answer.audit) }
    }

    /// A token request whose user has said yes, as it is sent, and what reads the answer.
    private struct Redemption: Sendable {
        let request: TokenRequest
        let sent: HttpRequest

        init(_ request: TokenRequest) throws {
            self.request = request
            sent = try request.httpRequest()
        }

        func accessToken(of answer: AuthorizationServer.Answer) throws -> String {
            try request.tokens(status: answer.status, headers: answer.headers, body: answer.exposeBody())
                .exposeAccessToken()
        }
    }

    /// A server whose store may not fail.
    private struct StrictServer: Sendable {
        private let server: AuthorizationServer
        private let failures = Failures()

        init(_ store: any GrantStore) throws {
            server = try AuthorizationServer(
                policy: .init(issuer: issuer), store: store, clients: { $0 == client.clientID ? client : nil },
                onStoreError: { [failures] call, error in failures.add("\(call) of the store: \(error)") })
        }

        func approved() async throws -> Redemption {
            let session = try PkceSession(
                issuer: issuer, authorizationEndpoint: "\(issuer)/authorize", tokenEndpoint: "\(issuer)/token",
                clientID: client.clientID, redirectURI: "http://127.0.0.1:49152/callback", scopes: ["read"],
                resource: resource, issPromised: true)
            let query = try session.authorizationURL().query(percentEncoded: true) ?? ""
            guard case .accepted(let request) = try await server.authorizationRequest(query) else {
                throw Finding(circumstance: "a good request", expected: "accepted", actual: "refused")
            }
            let redirect = try await strictly { try await server.approve(request, subject: "user") }
            try expect("whether a code is issued", redirect.isIssued, is: true)
            guard case .accepted(let redeemed) = try session.complete(redirect.exposeLocation()) else {
                throw Finding(circumstance: "the redirect with the code", expected: "ours", actual: "not ours")
            }
            return try Redemption(redeemed)
        }

        func redeem(_ redemption: Redemption) async throws -> AuthorizationServer.Answer {
            let type = redemption.sent.headers.first { $0.name.lowercased() == "content-type" }?.value
            return try await strictly {
                try await server.token(body: redemption.sent.exposeBody() ?? Data(), contentType: type)
            }
        }

        func check(_ token: String) async throws -> AuthorizationServer.Access {
            try await strictly {
                try await server.check(authorization: "Bearer \(token)", audience: resource, scopes: ["read"])
            }
        }

        func expectRefused(_ token: String) async throws {
            guard case .refused(let status, _) = try await check(token) else {
                throw Finding(circumstance: "a check of a revoked token", expected: "refused", actual: "granted")
            }
            try expect("the status for a revoked token", status, is: 401)
        }

        private func strictly<Value>(_ work: () async throws -> Value) async throws -> Value {
            let value = try await work()
            if let failure = failures.first {
                throw Finding(circumstance: "a whole server", expected: "no error", actual: failure)
            }
            return value
        }
    }
}

/// What the store has thrown.
private final class Failures: @unchecked Sendable {
    // Sound: reached under the lock alone.
    private var all: [String] = []
    private let lock = NSLock()

    var first: String? { lock.withLock { all.first } }

    func add(_ failure: String) { lock.withLock { all.append(failure) } }
}
