import Foundation
import ProofKey
import Testing

/// What both stores must do, each condition by itself. It waits for nothing: what has expired was put with a lifetime of no
/// seconds.
@Suite struct ServerStoreTests {
    /// A grant as full as one can be.
    private static func grant(lifetimeSeconds: Int = 60) -> NewGrant {
        let grant = Grant(
            grantID: String(name().prefix(22)), clientID: "agent", subject: "user-ü",
            redirectURI: "http://127.0.0.1:49152/callback", redirectURIWasSent: true, codeChallenge: name(),
            scope: "read write", resource: "https://api.example/", isRefreshable: true,
            terms: GrantTerms(
                dpopThumbprint: name(), nonce: "nonce", authTime: 1_700_000_000, acr: "urn:example:strong",
                authorizationDetails: #"[{"type":"t"}]"#))
        return NewGrant(grant: grant, codeHash: hash(), lifetimeSeconds: lifetimeSeconds)
    }

    private static func hash() -> Data { SHA256.hash(UUID().uuidString) }

    /// 43 characters of base64url.
    private static func name() -> String { SHA256.challenge(of: UUID().uuidString) }

    private static func token(
        _ kind: TokenKind = .access, lifetimeSeconds: Int = 3600, scope: String? = nil, dpopThumbprint: String? = nil
    ) -> NewToken {
        NewToken(
            kind: kind, tokenHash: hash(), lifetimeSeconds: lifetimeSeconds, scope: scope,
            dpopThumbprint: dpopThumbprint)
    }

    /// A store, and one grant in it.
    private func begin(_ choice: StoreChoice, _ folder: Folder, lifetimeSeconds: Int = 60) async throws -> Held {
        let held = Held(store: try await choice.make(in: folder), new: Self.grant(lifetimeSeconds: lifetimeSeconds))
        #expect(try await held.store.put(held.new))
        return held
    }

    /// The same store, and another grant in it.
    private func another(_ held: Held, lifetimeSeconds: Int = 60) async throws -> Held {
        let other = Held(store: held.store, new: Self.grant(lifetimeSeconds: lifetimeSeconds))
        #expect(try await other.store.put(other.new))
        return other
    }

    @Test(arguments: StoreChoice.allCases) func whatWasPutComesBack(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let held = try await begin(choice, folder)
        let (found, now) = try await held.store.find(held.id, codeHash: held.new.codeHash)
        let row = try #require(found)
        #expect(row.grant == held.new.grant)
        #expect(!row.isUsed && !row.isRevoked && row.mismatches == 0)
        #expect(abs(now - Int(Date().timeIntervalSince1970)) < 60)
        #expect((1...60).contains(row.expiresAt - now))
        #expect(try await held.store.find(held.id, codeHash: Self.hash()).row == nil)
        #expect(try await held.store.find(Self.grant().grant.grantID, codeHash: held.new.codeHash).row == nil)
        #expect(try await !held.store.put(NewGrant(grant: held.new.grant, codeHash: Self.hash(), lifetimeSeconds: 60)))
        #expect(try await held.row().grant == held.new.grant)

        let token = Self.token(scope: "read", dpopThumbprint: Self.name())
        #expect(try await held.claim(token))
        let back = try #require(try await held.token(token))
        #expect(back.grant == held.new.grant && back.kind == .access && back.rotation == .newest && !back.isRevoked)
        #expect(back.scope == token.scope && back.dpopThumbprint == token.dpopThumbprint)
    }

    @Test(arguments: StoreChoice.allCases) func aClaimNeedsEachCondition(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let good = try await begin(choice, folder)
        let late = try await another(good, lifetimeSeconds: 0)
        let revoked = try await another(good)
        try await revoked.store.revoke(revoked.id)
        let burnt = try await another(good)
        for _ in 1...5 { try await burnt.store.count(burnt.id) }
        #expect(try await burnt.row().mismatches == 5)
        for refused in [late, revoked, burnt] {
            let token = Self.token()
            #expect(try await !refused.claim(token))
            #expect(try await refused.token(token) == nil)
            #expect(try await !refused.row().isUsed)
        }
        let foreign = Self.token()
        #expect(
            try await !good.store.claim(good.id, codeHash: Self.hash(), maxMismatches: 5, tokens: [foreign]))
        #expect(try await !good.row().isUsed)
        let (first, second) = (Self.token(), Self.token())
        #expect(try await good.claim(first))
        #expect(try await !good.claim(second))
        #expect(try await good.row().isUsed)
        #expect(try await good.token(first) != nil)
        #expect(try await good.token(second) == nil)
        // A revocation reaches its tokens and no neighbour's.
        #expect(try await burnt.claim(Self.token(), maxMismatches: 6))
        try await burnt.store.revoke(burnt.id)
        #expect(try await good.token(first)?.isRevoked == false)
        try await good.store.revoke(good.id)
        #expect(try await good.token(first)?.isRevoked == true)
        try await good.store.revoke(Self.grant().grant.grantID)
        try await good.store.count(Self.grant().grant.grantID)
    }

    /// Where a token cannot be written the code stays unused.
    @Test func aClaimAndItsTokensAreOne() async throws {
        let folder = try Folder()
        let held = try await begin(.sqlite, folder)
        let (first, twice) = (Self.token(), Self.token())
        await #expect(throws: SQLiteError.self) { try await held.claim(first, twice, twice) }
        #expect(try await !held.row().isUsed)
        #expect(try await held.token(first) == nil)
        #expect(try await held.claim(first))
    }

    @Test(arguments: StoreChoice.allCases) func aRotationNeedsEachCondition(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let good = try await begin(choice, folder)
        let (first, access) = (Self.token(.refresh), Self.token())
        #expect(try await good.claim(first, access))
        let (late, expired) = (try await another(good), Self.token(.refresh, lifetimeSeconds: 0))
        #expect(try await late.claim(expired))
        let (revoked, ended) = (try await another(good), Self.token(.refresh))
        #expect(try await revoked.claim(ended))
        try await revoked.store.revoke(revoked.id)
        let unknown = Self.token(.refresh)
        for (held, old) in [(good, access), (good, unknown), (late, first), (late, expired), (revoked, ended)] {
            let token = Self.token(.refresh)
            #expect(try await !held.rotate(old, to: token, window: 30))
            #expect(try await held.token(token) == nil)
        }
        #expect(try await good.token(first)?.rotation == .newest)

        let (second, lost, sibling, third) = (
            Self.token(.refresh), Self.token(.refresh), Self.token(.refresh), Self.token(.refresh)
        )
        #expect(try await good.rotate(first, to: second))
        guard case .predecessor(let rotatedAt) = try await good.token(first)?.rotation else {
            throw Missing(what: "a predecessor")
        }
        #expect(abs(rotatedAt - Int(Date().timeIntervalSince1970)) < 60)
        #expect(try await !good.rotate(first, to: lost))
        #expect(try await good.rotate(first, to: sibling, window: 30))
        #expect(try await good.token(second)?.rotation == .newest)
        #expect(try await good.token(sibling)?.rotation == .newest)
        #expect(try await good.rotate(sibling, to: third))
        #expect(try await !good.rotate(first, to: lost, window: 30))
        #expect(try await good.token(first)?.rotation == .older)
        #expect(try await good.token(access)?.rotation == .newest)
        #expect(try await good.token(lost) == nil)
    }

    @Test(arguments: StoreChoice.allCases) func ofManyAtOnceOneWins(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let held = try await begin(choice, folder)
        let first = Self.token(.refresh)
        #expect(try await held.claim(first))
        let name = Self.name()
        let together = Barrier(64)
        let won = try await withThrowingTaskGroup(of: (rotated: NewToken?, isNew: Bool).self) { group in
            for _ in 0..<64 {
                // Each with a connection of its own.
                let store =
                    choice == .sqlite ? try SQLiteGrantStore(folder.path("grants.db")) : held.store
                let (mine, token) = (Held(store: store, new: held.new), Self.token(.refresh))
                group.addTask {
                    try await together.pass()
                    let isNew = try await store.remember(name, lifetimeSeconds: 60)
                    return (try await mine.rotate(first, to: token) ? token : nil, isNew)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(won.count { $0.isNew } == 1)
        let winners = won.compactMap(\.rotated)
        #expect(winners.count == 1)
        #expect(try await held.token(winners[0]) != nil)
    }

    @Test(arguments: StoreChoice.allCases) func aProofIsNewOnce(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let store = try await choice.make(in: folder)
        let (name, expired) = (Self.name(), Self.name())
        #expect(try await store.remember(name, lifetimeSeconds: 60))
        #expect(try await !store.remember(name, lifetimeSeconds: 60))
        #expect(try await store.remember(Self.name(), lifetimeSeconds: 60))
        for _ in 1...2 { #expect(try await store.remember(expired, lifetimeSeconds: 0)) }
    }

    /// Of the store in memory alone: others have room.
    @Test func memoryIsBounded() async throws {
        let time = Box(Date(timeIntervalSince1970: 1_800_000_000))
        let store = MemoryGrantStore(maxGrants: 1, maxTokens: 2, maxProofs: 1) { time.value }
        let held = Held(store: store, new: Self.grant())
        #expect(await store.put(held.new))
        #expect(await !store.put(Self.grant()))
        let (first, second) = (Self.token(.refresh), Self.token(.refresh))
        #expect(try await held.claim(first))
        #expect(try await held.rotate(first, to: second))
        #expect(try await !held.rotate(second, to: Self.token(.refresh)))
        #expect(try await store.remember(Self.name(), lifetimeSeconds: 60))
        await #expect(throws: TokenStoreError.self) { try await store.remember(Self.name(), lifetimeSeconds: 60) }
        // A grant is kept as long as one of its tokens; then there is room again.
        time.change { $0 += 3599 }
        #expect(await !store.put(Self.grant()))
        time.change { $0 += 1 }
        #expect(await store.put(Self.grant()))
        #expect(try await store.remember(Self.name(), lifetimeSeconds: 60))
    }
}

/// A grant in a store, and the calls about it.
private struct Held: Sendable {
    let store: any ProofStore
    let new: NewGrant

    var id: String { new.grant.grantID }

    func row() async throws -> GrantRow {
        try #require(try await store.find(id, codeHash: new.codeHash).row)
    }

    func token(_ token: NewToken) async throws -> TokenRow? {
        try await store.findToken(id, tokenHash: token.tokenHash).row
    }

    func claim(_ tokens: NewToken..., maxMismatches: Int = 5) async throws -> Bool {
        try await store.claim(id, codeHash: new.codeHash, maxMismatches: maxMismatches, tokens: tokens)
    }

    func rotate(_ old: NewToken, to token: NewToken, window: Int = 0) async throws -> Bool {
        try await store.rotate(id, tokenHash: old.tokenHash, reuseWindowSeconds: window, tokens: [token])
    }
}
