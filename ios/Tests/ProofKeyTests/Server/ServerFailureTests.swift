import Foundation
import ProofKey
import Testing

/// A store that fails: nothing is issued, the answer says so, the error is told, and a cancel passes.
@Suite struct ServerFailureTests {
    /// Fails in the call that is named.
    private final class Failing: ProofStore {
        let inner = MemoryGrantStore()
        let failing = Box("")
        let error: any Error & Sendable

        init(_ error: any Error & Sendable = TokenStoreError.failed("the disk is gone")) { self.error = error }

        private func enter(_ call: String) throws {
            if failing.value == call { throw error }
        }

        func put(_ grant: NewGrant) async throws -> Bool {
            try enter("put")
            return await inner.put(grant)
        }

        func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
            try enter("find")
            return await inner.find(grantID, codeHash: codeHash)
        }

        /// Fails when it is done.
        func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
            let claimed = await inner.claim(grantID, codeHash: codeHash, maxMismatches: maxMismatches, tokens: tokens)
            try enter("claim")
            return claimed
        }

        func rotate(
            _ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]
        ) async throws -> Bool {
            let rotated = await inner.rotate(
                grantID, tokenHash: tokenHash, reuseWindowSeconds: reuseWindowSeconds, tokens: tokens)
            try enter("rotate")
            return rotated
        }

        func count(_ grantID: String) async throws {
            try enter("count")
            await inner.count(grantID)
        }

        func revoke(_ grantID: String) async throws {
            try enter("revoke")
            await inner.revoke(grantID)
        }

        func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
            try enter("findToken")
            return await inner.findToken(grantID, tokenHash: tokenHash)
        }

        func remember(_ name: String, lifetimeSeconds: Int) async throws -> Bool {
            try enter("remember")
            return try await inner.remember(name, lifetimeSeconds: lifetimeSeconds)
        }
    }

    /// What each call is asked for, and what comes of its failure.
    private static let calls = ["put", "find", "claim", "rotate", "count", "revoke", "findToken", "remember"]

    /// Makes a server come to this call. The status, and whether anything was given out.
    private func run(_ call: String, _ server: AuthorizationServer, _ store: Failing) async throws -> Int {
        let answer: AuthorizationServer.Answer
        switch call {
        case "put":
            let request = try await server.accepted()
            store.failing.change { $0 = call }
            let redirect = try await server.approve(request, subject: "user-1")
            #expect(!redirect.isIssued && !redirect.exposeLocation().contains("code="))
            return try Words.parameter(redirect.exposeLocation(), "error") == "server_error" ? 500 : 0
        case "findToken":
            let code = try await server.code()
            let token = try await server.posted(Kit.redemption(of: code)).word("access_token")
            store.failing.change { $0 = call }
            return try await server.status("Bearer \(token)")
        case "rotate":
            let code = try await server.code()
            let token = try await server.posted(Kit.redemption(of: code)).word("refresh_token")
            store.failing.change { $0 = call }
            answer = try await server.posted(Kit.refresh(token))
        case "revoke":
            let code = try await server.code()
            _ = try await server.posted(Kit.redemption(of: code))
            store.failing.change { $0 = call }
            answer = try await server.posted(Kit.redemption(of: code))
        case "remember":
            let code = try await server.code()
            store.failing.change { $0 = call }
            answer = try await server.posted(Kit.redemption(of: code), proof: try Proving().proof())
        default:
            let code = try await server.code()
            store.failing.change { $0 = call }
            let verifier = call == "count" ? String(repeating: "a", count: 43) : Kit.verifier
            answer = try await server.posted(Kit.redemption(of: code, verifier: verifier))
        }
        #expect(!String(decoding: answer.exposeBody(), as: UTF8.self).contains("access_token"))
        #expect(answer.issued == nil)
        return answer.status
    }

    @Test(arguments: calls) func aFailureIsARefusal(_ call: String) async throws {
        let store = Failing()
        let failures = Box<[String]>([])
        let server = try Kit.over(store, failures: failures)
        let status = try await run(call, server, store)
        #expect(status == (call == "findToken" ? 503 : 500))
        #expect(failures.value.first == call)
        #expect(Set(failures.value) == [call])
        // And it is over when the store is back.
        store.failing.change { $0 = "" }
        #expect(try await server.posted(Kit.redemption(of: try await server.code())).status == 200)
    }

    @Test(arguments: calls) func aCancelPasses(_ call: String) async throws {
        let store = Failing(CancellationError())
        let failures = Box<[String]>([])
        let server = try Kit.over(store, failures: failures)
        await #expect(throws: CancellationError.self) { try await run(call, server, store) }
        #expect(failures.value.isEmpty)
    }

    /// A cancelled task leaves a store that waits as tasks do.
    @Test func aCancelledTaskLeaves() async throws {
        let (entered, left) = (Signal(), Box(false))
        let server = try Kit.over(Waiting(entered: entered, left: left))
        let token = String(repeating: "A", count: 22) + "." + String(repeating: "A", count: 43)
        let task = Task { try await server.status("Bearer \(token)") }
        try await entered.happened()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(left.value)
    }

    /// Rows that are none: a challenge of another form, and times before all time.
    @Test func aRowThatIsNoneIsAFailure() async throws {
        for broken in [Broken.Way.challenge, .clock, .expiry] {
            let failures = Box<[String]>([])
            let store = Broken()
            let server = try Kit.over(store, failures: failures)
            let code = try await server.code()
            store.way.change { $0 = broken }
            let answer = try await server.posted(Kit.redemption(of: code))
            #expect(answer.status == 500 && answer.issued == nil)
            #expect(failures.value == ["find"])
        }
    }
}

/// Waits for its task to be cancelled.
private struct Waiting: GrantStore {
    let entered: Signal
    let left: Box<Bool>

    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        entered.set()
        defer { left.change { $0 = true } }
        try await Task.sleep(for: .seconds(seconds))
        throw Missing(what: "a cancel")
    }

    func put(_ grant: NewGrant) async throws -> Bool { throw Missing(what: "a use") }
    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        throw Missing(what: "a use")
    }
    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        throw Missing(what: "a use")
    }
    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool {
        throw Missing(what: "a use")
    }
    func count(_ grantID: String) async throws { throw Missing(what: "a use") }
    func revoke(_ grantID: String) async throws { throw Missing(what: "a use") }
}

/// Gives rows that nobody has put. It remembers no proofs.
private final class Broken: GrantStore {
    enum Way {
        case challenge
        case clock
        case expiry
    }

    let way = Box<Way?>(nil)
    private let inner = MemoryGrantStore()

    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        let (row, now) = await inner.find(grantID, codeHash: codeHash)
        guard let row, let way = way.value else { return (row, now) }
        if way == .clock { return (row, -1) }
        let (grant, isChallenge) = (row.grant, way == .challenge)
        let other = Grant(
            grantID: grant.grantID, clientID: grant.clientID, subject: grant.subject, redirectURI: grant.redirectURI,
            redirectURIWasSent: grant.redirectURIWasSent, codeChallenge: isChallenge ? "none" : grant.codeChallenge,
            scope: grant.scope, resource: grant.resource, isRefreshable: grant.isRefreshable, terms: grant.terms)
        let expiresAt = way == .expiry ? -1 : row.expiresAt
        return (
            GrantRow(grant: other, expiresAt: expiresAt, isUsed: false, isRevoked: false, mismatches: 0), now
        )
    }

    func put(_ grant: NewGrant) async throws -> Bool { await inner.put(grant) }
    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        await inner.claim(grantID, codeHash: codeHash, maxMismatches: maxMismatches, tokens: tokens)
    }
    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool {
        await inner.rotate(grantID, tokenHash: tokenHash, reuseWindowSeconds: reuseWindowSeconds, tokens: tokens)
    }
    func count(_ grantID: String) async throws { await inner.count(grantID) }
    func revoke(_ grantID: String) async throws { await inner.revoke(grantID) }
    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        await inner.findToken(grantID, tokenHash: tokenHash)
    }
}
