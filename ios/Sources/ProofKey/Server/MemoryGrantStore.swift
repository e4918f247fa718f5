import Foundation

/// A ``ProofStore`` in memory, of bounded size, for one process: for tests, and for servers that may forget when they restart.
///
/// When it is full, expired grants go first; if that makes no room, ``put(_:)`` says no.
public actor MemoryGrantStore: ProofStore {
    private struct Token {
        let new: NewToken
        let expiresAt: Int
        let generation: Int
    }

    private struct Row {
        let new: NewGrant
        let expiresAt: Int
        /// A grant is kept as long as one of its tokens is valid: a revocation must have something to mark.
        var keepUntil: Int
        var isUsed = false
        var isRevoked = false
        var mismatches = 0
        var generation = 0
        var rotatedAt = 0
        var tokens: [Data: Token] = [:]

        /// Into the newest generation.
        mutating func write(_ new: [NewToken], at now: Int) {
            for token in new {
                let expiresAt = now + token.lifetimeSeconds
                tokens[token.tokenHash] = Token(new: token, expiresAt: expiresAt, generation: generation)
                keepUntil = max(keepUntil, expiresAt)
            }
        }
    }

    private let maxGrants: Int
    private let maxTokens: Int
    private let maxProofs: Int
    private let clock: @Sendable () -> Date
    private var rows: [String: Row] = [:]
    /// The proofs that were used, and until when each is remembered.
    private var names: [String: Int] = [:]

    /// Empty.
    ///
    /// - Parameters:
    ///   - maxGrants: So many grants are kept.
    ///   - maxTokens: So many are kept of one grant, those that were exchanged among them, because one that comes back must be
    ///     known; when they are reached, ``rotate(_:tokenHash:reuseWindowSeconds:tokens:)`` says no.
    ///   - maxProofs: So many proofs are remembered.
    ///   - clock: The time.
    public init(
        maxGrants: Int = 100_000, maxTokens: Int = 25_000, maxProofs: Int = 20_000,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.maxGrants = maxGrants
        self.maxTokens = maxTokens
        self.maxProofs = maxProofs
        self.clock = clock
    }

    /// See ``GrantStore/put(_:)``.
    public func put(_ grant: NewGrant) -> Bool {
        let now = now()
        if rows.count >= maxGrants { rows = rows.filter { $0.value.keepUntil > now } }
        guard rows.count < maxGrants, rows[grant.grant.grantID] == nil else { return false }
        let until = now + grant.lifetimeSeconds
        rows[grant.grant.grantID] = Row(new: grant, expiresAt: until, keepUntil: until)
        return true
    }

    /// See ``GrantStore/find(_:codeHash:)``.
    public func find(_ grantID: String, codeHash: Data) -> (row: GrantRow?, now: Int) {
        guard let row = row(grantID, codeHash) else { return (nil, now()) }
        let found = GrantRow(
            grant: row.new.grant, expiresAt: row.expiresAt, isUsed: row.isUsed, isRevoked: row.isRevoked,
            mismatches: row.mismatches)
        return (found, now())
    }

    /// See ``GrantStore/claim(_:codeHash:maxMismatches:tokens:)``.
    public func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) -> Bool {
        let now = now()
        guard var row = row(grantID, codeHash), !row.isUsed, !row.isRevoked, row.mismatches < maxMismatches,
            row.expiresAt > now
        else { return false }
        row.isUsed = true
        row.write(tokens, at: now)
        rows[grantID] = row
        return true
    }

    /// See ``GrantStore/rotate(_:tokenHash:reuseWindowSeconds:tokens:)``.
    public func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) -> Bool {
        let now = now()
        guard var row = rows[grantID], !row.isRevoked, let token = row.tokens[tokenHash],
            token.new.kind == .refresh, token.expiresAt > now
        else { return false }
        let isNewest = token.generation == row.generation
        let isSpared =
            token.generation == row.generation - 1 && now >= row.rotatedAt
            && now - row.rotatedAt < reuseWindowSeconds
        guard isNewest || isSpared else { return false }
        row.tokens = row.tokens.filter { $0.value.expiresAt > now }
        guard row.tokens.count + tokens.count <= maxTokens else { return false }
        if isNewest {
            row.generation += 1
            row.rotatedAt = now
        }
        row.write(tokens, at: now)
        rows[grantID] = row
        return true
    }

    /// See ``GrantStore/count(_:)``.
    public func count(_ grantID: String) {
        rows[grantID]?.mismatches += 1
    }

    /// See ``GrantStore/revoke(_:)``.
    public func revoke(_ grantID: String) {
        rows[grantID]?.isRevoked = true
    }

    /// See ``GrantStore/findToken(_:tokenHash:)``.
    public func findToken(_ grantID: String, tokenHash: Data) -> (row: TokenRow?, now: Int) {
        guard let row = rows[grantID], let token = row.tokens[tokenHash] else { return (nil, now()) }
        let found = TokenRow(
            kind: token.new.kind, expiresAt: token.expiresAt, isRevoked: row.isRevoked, grant: row.new.grant,
            rotation: TokenRotation(
                of: token.new.kind, generation: token.generation, newest: row.generation, rotatedAt: row.rotatedAt),
            scope: token.new.scope, dpopThumbprint: token.new.dpopThumbprint)
        return (found, now())
    }

    /// See ``ProofStore/remember(_:lifetimeSeconds:)``. When it is full it fails: to forget a name would let a proof be used
    /// again.
    public func remember(_ name: String, lifetimeSeconds: Int) throws -> Bool {
        let now = now()
        if let until = names[name], until > now { return false }
        if names.count >= maxProofs { names = names.filter { $0.value > now } }
        guard names.count < maxProofs else { throw TokenStoreError.full("no more proofs can be remembered") }
        names[name] = now + lifetimeSeconds
        return true
    }

    private func row(_ grantID: String, _ codeHash: Data) -> Row? {
        guard let row = rows[grantID], row.new.codeHash == codeHash else { return nil }
        return row
    }

    private func now() -> Int { Int(clock().timeIntervalSince1970.rounded(.down)) }
}

extension MemoryGrantStore: CustomStringConvertible {
    /// The type's name.
    public nonisolated var description: String { "MemoryGrantStore" }
}
