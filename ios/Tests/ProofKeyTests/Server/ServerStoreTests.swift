import Foundation
import ProofKey
import Testing

@testable import GrantServer

/// What the stores do beyond what every store must; that is in ``StoreChecksTests``.
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
        _ kind: TokenKind, lifetimeSeconds: Int = 3600
    ) -> NewToken {
        NewToken(kind: kind, tokenHash: hash(), lifetimeSeconds: lifetimeSeconds, scope: nil, dpopThumbprint: nil)
    }

    /// What has expired is forgotten, and nothing else.
    @Test func whatHasExpiredIsForgotten() async throws {
        let folder = try Folder()
        let store = try await SQLiteGrantStore(folder.path("grants.db"))
        try await store.makeTables()
        let expired = Held(store: store, new: Self.grant(lifetimeSeconds: 0))
        let living = Held(store: store, new: Self.grant())
        let (old, good) = (Self.token(.access, lifetimeSeconds: 0), Self.token(.refresh))
        let (oldName, goodName) = (Self.name(), Self.name())
        for held in [expired, living] { #expect(try await store.put(held.new)) }
        #expect(try await living.claim(old, good))
        #expect(try await store.remember(oldName, lifetimeSeconds: 0))
        #expect(try await store.remember(goodName, lifetimeSeconds: 60))
        _ = try await expired.row()
        #expect(try await living.token(old) != nil, "the control: it was there")
        try await store.forgetExpired()
        #expect(try await store.find(expired.id, codeHash: expired.new.codeHash).row == nil)
        #expect(try await living.token(old) == nil)
        #expect(try await living.row().isUsed)
        #expect(try await living.token(good) != nil)
        #expect(try await !store.remember(goodName, lifetimeSeconds: 60))
    }

    /// A file that was there before keeps what is in it.
    @Test func aFileIsOpenedAgain() async throws {
        let folder = try Folder()
        let new = Self.grant()
        for isFirst in [true, false] {
            let store = try await SQLiteGrantStore(folder.path("grants.db"))
            try await store.makeTables()
            #expect(try await store.put(new) == isFirst)
        }
        await #expect(throws: SQLiteError.self) { try await SQLiteGrantStore(folder.path("")) }
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
