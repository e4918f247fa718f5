import Foundation

/// Where a client keeps what came of its sign-ins: bytes under keys, whatever they mean.
///
/// A value is all that there is of a sign-in, tokens and all. It comes sealed where the store has a ``dataKey()``; without
/// one the store must keep it from others.
///
/// Its methods may be called from any task, and many at once; none of them may hold a thread of Swift's while it waits.
/// An error that they throw becomes the client's: ``TokenStoreError`` says which, anything else is `store_failed`, and
/// its text is shown.
public protocol TokenStore: Sendable {
    /// What is kept under the key, if anything.
    ///
    /// - Parameter key: 1 to 64 of `a-z 0-9 -`.
    func load(_ key: String) async throws -> StoredToken?

    /// Writes, if what is kept is still of this revision. Compared and written in one, against all who use the store.
    ///
    /// - Parameters:
    ///   - revision: The one that ``load(_:)`` gave, 0 for nothing; without one it writes over whatever is there.
    ///   - value: What is written; without one it deletes.
    /// - Returns: Whether it was done, and will stay. Not, where the revision was another.
    func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool

    /// Does something while the key's lock is held, which keeps away those who ask for it, in every program that uses the
    /// store, and no one else. It must be free when its holder dies.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait for it. At most a fraction of a second: ProofKey asks again.
    ///   - body: What is done, once.
    /// - Returns: Whether it was done. Not, where others held the lock until then.
    func withLock(_ key: String, timeout: Duration, _ body: @Sendable () async -> Void) async throws -> Bool

    /// The key that the values are sealed under. By default there is none.
    func dataKey() async throws -> DataKey?
}

extension TokenStore {
    /// None: the store itself keeps the values from others.
    public func dataKey() async throws -> DataKey? { nil }
}

/// What a ``TokenStore`` has under a key.
public struct StoredToken: Sendable {
    /// Names the value: two that are kept one after the other never have the same. Never 0.
    public let revision: UInt64

    /// The bytes as they were written.
    public let value: Data

    /// What was read.
    public init(revision: UInt64, value: Data) {
        self.revision = revision
        self.value = value
    }
}

extension StoredToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The revision; nothing of the value.
    public var description: String { "StoredToken(revision: \(revision))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// The revision; nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: ["revision": revision]) }
}
