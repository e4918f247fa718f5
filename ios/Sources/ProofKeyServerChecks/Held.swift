import Foundation
import ProofKey

/// A grant and the store that it is in, and the calls about it.
struct Held: Sendable {
    let store: any GrantStore
    let new: NewGrant

    init(_ new: NewGrant, in store: any GrantStore) {
        self.store = store
        self.new = new
    }

    /// A grant that was put.
    static func put(in store: any GrantStore, lifetimeSeconds: Int = 60) async throws -> Held {
        let held = Held(.full(lifetimeSeconds: lifetimeSeconds), in: store)
        try expect("put of a new grant", await store.put(held.new), is: true)
        return held
    }

    /// A grant that was claimed, and its first refresh token.
    static func family(
        in store: any GrantStore, lifetimeSeconds: Int = 7200
    ) async throws -> (held: Held, first: NewToken) {
        let (held, first) = (try await put(in: store), NewToken.refresh(lifetimeSeconds: lifetimeSeconds))
        try expect("claim of a good code", await held.claim(.access(), first), is: true)
        return (held, first)
    }

    var id: String { new.grant.grantID }

    /// The same in the hands of another: there another hash, or another store.
    func withHash(_ codeHash: Data) -> Held {
        Held(NewGrant(grant: new.grant, codeHash: codeHash, lifetimeSeconds: new.lifetimeSeconds), in: store)
    }

    func through(_ store: any GrantStore) -> Held { Held(new, in: store) }

    func find() async throws -> (row: GrantRow?, now: Int) { try await store.find(id, codeHash: new.codeHash) }

    /// The grant, which must be there.
    func row() async throws -> GrantRow { try required("find of a grant that was put", await find().row) }

    func findToken(_ token: NewToken) async throws -> (row: TokenRow?, now: Int) {
        try await store.findToken(id, tokenHash: token.tokenHash)
    }

    func hasToken(_ token: NewToken) async throws -> Bool { try await findToken(token).row != nil }

    /// The token, which must be there.
    func tokenRow(_ token: NewToken) async throws -> TokenRow {
        try required("findToken of a token that was written", await findToken(token).row)
    }

    /// Where a token stands in the row of its grant's.
    func rotation(of token: NewToken) async throws -> TokenRotation { try await tokenRow(token).rotation }

    func claim(_ tokens: NewToken...) async throws -> Bool {
        try await store.claim(id, codeHash: new.codeHash, maxMismatches: maxMismatches, tokens: tokens)
    }

    func rotate(_ old: NewToken, to tokens: NewToken..., window: Int = 0) async throws -> Bool {
        try await store.rotate(id, tokenHash: old.tokenHash, reuseWindowSeconds: window, tokens: tokens)
    }
}
