import Foundation
import ProofKey
import Testing

@testable import GrantServer

/// Sixty-four redeemers of one code, each a server with its own connection to the same database, over a store that is wrong.
/// What a good one does is in ``StoreChecksTests``, and over HTTP in ``GrantServerTests``.
@Suite(.serialized) struct ServerRaceTests {
    static let redeemers = 64

    /// What each of them got.
    private func race(
        _ servers: [AuthorizationServer], for code: String
    ) async throws -> [AuthorizationServer.Answer] {
        let together = Barrier(servers.count)
        return try await withThrowingTaskGroup(of: AuthorizationServer.Answer.self) { group in
            for server in servers {
                group.addTask {
                    try await together.pass()
                    return try await server.posted(Kit.redemption(of: code))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// The mistake of docs/grants.md fails this race, certainly: all read before one writes.
    @Test func aReadAndAWriteLetAllWin() async throws {
        let folder = try Folder()
        let path = folder.path("grants.db")
        try await SQLiteGrantStore(path).makeTables()
        let between = Barrier(Self.redeemers)
        var servers: [AuthorizationServer] = []
        for _ in 0..<Self.redeemers {
            servers.append(try Kit.over(NaiveGrantStore(inner: try await SQLiteGrantStore(path), between: between)))
        }
        let answers = try await race(servers, for: try await servers[0].code())
        #expect(answers.count { $0.status == 200 } == Self.redeemers)
        #expect(Set(try answers.map { try $0.word("access_token") }).count == Self.redeemers)
    }
}

/// Lets its parties go when the last one is there.
final class Barrier: Sendable {
    private let parties: Int
    private let arrived = Box(0)
    private let all = Signal()

    init(_ parties: Int) { self.parties = parties }

    /// Fails at the deadline.
    func pass() async throws {
        var isLast = false
        arrived.change {
            $0 += 1
            isLast = $0 == parties
        }
        if isLast { all.set() }
        try await all.happened()
    }
}

/// Reads, looks, and writes: wrong, as docs/grants.md says.
struct NaiveGrantStore: GrantStore {
    let inner: SQLiteGrantStore
    let between: Barrier

    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        let (row, now) = try await inner.find(grantID, codeHash: codeHash)
        guard let row, !row.isUsed, !row.isRevoked, row.mismatches < maxMismatches, row.expiresAt > now else {
            return false
        }
        try await between.pass()
        try await inner.connection.transaction { session in
            try session.execute("UPDATE grants SET used = 1 WHERE grant_id = ?", .text(grantID))
            try SQLiteGrantStore.write(tokens, of: grantID, session)
        }
        return true
    }

    func put(_ grant: NewGrant) async throws -> Bool { try await inner.put(grant) }
    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        try await inner.find(grantID, codeHash: codeHash)
    }
    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool {
        try await inner.rotate(grantID, tokenHash: tokenHash, reuseWindowSeconds: reuseWindowSeconds, tokens: tokens)
    }
    func count(_ grantID: String) async throws { try await inner.count(grantID) }
    func revoke(_ grantID: String) async throws { try await inner.revoke(grantID) }
    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        try await inner.findToken(grantID, tokenHash: tokenHash)
    }
}
