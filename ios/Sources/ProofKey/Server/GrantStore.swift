import Foundation

/// A store of grants over a database of one's own, for an ``AuthorizationServer``.
///
/// Its methods are the steps of the core's flows, and their conditions are the defence: every write is one conditional
/// statement, so that of any number of servers at once exactly one wins. Time is the database's, in seconds since the epoch.
///
/// Calls come from any task that calls the server, and several at once; none may hold a thread of Swift's while it waits.
/// What a call throws is a failure of the store: nothing is issued, and the answer says that the server has failed.
/// `CancellationError` alone passes to the caller.
public protocol GrantStore: Sendable {
    /// Writes a new grant, to expire its lifetime after the store's clock, and durably.
    ///
    /// - Returns: Whether it did. Not, and nothing is written, where a grant of that id exists or the store is full.
    func put(_ grant: NewGrant) async throws -> Bool

    /// Reads the grant of this id whose code has this hash, whatever its state, and the store's clock.
    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int)

    /// Marks the code used, in one conditional statement: only if it is unused, unexpired, not revoked and has fewer than
    /// `maxMismatches` mismatches. If it did, the tokens are written in the same transaction, all or none.
    ///
    /// - Returns: Whether it did.
    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool

    /// Exchanges a refresh token, in one conditional statement and transaction. If the token is a refresh token and unexpired,
    /// and the grant is not revoked, then
    ///
    /// - a token of the newest generation begins the next one, now, and the tokens are written into that;
    /// - a token of the one before it, if the newest one began less than `reuseWindowSeconds` ago (and not after now), has
    ///   the tokens written into the newest.
    ///
    /// In every other case nothing is written.
    ///
    /// - Returns: Whether the tokens were written.
    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool

    /// Adds one to the grant's mismatches, atomically; nothing where there is no such grant.
    func count(_ grantID: String) async throws

    /// Marks the grant revoked, and with it every token that was issued from it; nothing where there is no such grant.
    func revoke(_ grantID: String) async throws

    /// Reads the token with this hash together with its grant, whatever their state, and the store's clock.
    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int)
}

/// A store that remembers proofs of possession as well (RFC 9449): with one, a server takes them, and its tokens are bound to
/// keys.
public protocol ProofStore: GrantStore {
    /// Remembers this name for so long by the store's clock, in one conditional write. An expired name counts as new.
    ///
    /// - Parameter name: 43 characters of base64url.
    /// - Returns: Whether it was new. Not, where it is remembered already.
    func remember(_ name: String, lifetimeSeconds: Int) async throws -> Bool
}
