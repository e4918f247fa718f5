import Foundation
import ProofKey
import ProofKeyServerChecks

/// A store that remembers no proofs.
struct WithoutProofs: GrantStore {
    let inner: any GrantStore

    func put(_ grant: NewGrant) async throws -> Bool { try await inner.put(grant) }
    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        try await inner.find(grantID, codeHash: codeHash)
    }
    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        try await inner.claim(grantID, codeHash: codeHash, maxMismatches: maxMismatches, tokens: tokens)
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

/// What a call of a store is given.
struct Call: Sendable {
    var grantID = ""
    var hash = Data()
    var number = 0
    var tokens: [NewToken] = []
}

/// A good store whose calls are replaced one by one.
struct Tampered: ProofStore {
    var inner = MemoryGrantStore()
    var onPut: (@Sendable (MemoryGrantStore, NewGrant) async throws -> Bool)?
    var onFind: (@Sendable (MemoryGrantStore, Call) async throws -> (row: GrantRow?, now: Int))?
    var onClaim: (@Sendable (MemoryGrantStore, Call) async throws -> Bool)?
    var onRotate: (@Sendable (MemoryGrantStore, Call) async throws -> Bool)?
    var onCount: (@Sendable (MemoryGrantStore, String) async throws -> Void)?
    var onRevoke: (@Sendable (MemoryGrantStore, String) async throws -> Void)?
    var onFindToken: (@Sendable (MemoryGrantStore, Call) async throws -> (row: TokenRow?, now: Int))?
    var onRemember: (@Sendable (MemoryGrantStore, String, Int) async throws -> Bool)?

    func put(_ grant: NewGrant) async throws -> Bool {
        if let onPut { return try await onPut(inner, grant) }
        return await inner.put(grant)
    }

    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        let call = Call(grantID: grantID, hash: codeHash)
        if let onFind { return try await onFind(inner, call) }
        return await inner.find(call)
    }

    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        let call = Call(grantID: grantID, hash: codeHash, number: maxMismatches, tokens: tokens)
        if let onClaim { return try await onClaim(inner, call) }
        return await inner.claim(call)
    }

    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool {
        let call = Call(grantID: grantID, hash: tokenHash, number: reuseWindowSeconds, tokens: tokens)
        if let onRotate { return try await onRotate(inner, call) }
        return await inner.rotate(call)
    }

    func count(_ grantID: String) async throws {
        if let onCount { return try await onCount(inner, grantID) }
        await inner.count(grantID)
    }

    func revoke(_ grantID: String) async throws {
        if let onRevoke { return try await onRevoke(inner, grantID) }
        await inner.revoke(grantID)
    }

    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        let call = Call(grantID: grantID, hash: tokenHash)
        if let onFindToken { return try await onFindToken(inner, call) }
        return await inner.findToken(call)
    }

    func remember(_ name: String, lifetimeSeconds: Int) async throws -> Bool {
        if let onRemember { return try await onRemember(inner, name, lifetimeSeconds) }
        return try await inner.remember(name, lifetimeSeconds: lifetimeSeconds)
    }
}

extension MemoryGrantStore {
    func find(_ call: Call) -> (row: GrantRow?, now: Int) { find(call.grantID, codeHash: call.hash) }
    func claim(_ call: Call) -> Bool {
        claim(call.grantID, codeHash: call.hash, maxMismatches: call.number, tokens: call.tokens)
    }
    func rotate(_ call: Call) -> Bool {
        rotate(call.grantID, tokenHash: call.hash, reuseWindowSeconds: call.number, tokens: call.tokens)
    }
    func findToken(_ call: Call) -> (row: TokenRow?, now: Int) { findToken(call.grantID, tokenHash: call.hash) }
}
