import Foundation

/// Keeps tokens for as long as the program runs: the default, one for each client. Clients that are given the same one
/// share what is kept.
///
/// What it keeps is sealed under a key that stays in the library, so that no token lies in Swift's memory before a program
/// asks for it.
public actor MemoryTokenStore: TokenStore {
    private var values: [String: StoredToken] = [:]
    private var lastRevision: UInt64 = 0
    private var key: DataKey?
    private var held: Set<String> = []
    private var waiting: [(key: String, ticket: UInt64, turn: CheckedContinuation<Bool, Never>)] = []
    private var lastTicket: UInt64 = 0

    /// Empty.
    public init() {}

    /// See ``TokenStore/load(_:)``.
    public func load(_ key: String) -> StoredToken? {
        values[key]
    }

    /// See ``TokenStore/swap(_:revision:value:)``.
    public func swap(_ key: String, revision: UInt64?, value: Data?) -> Bool {
        if let revision, revision != values[key]?.revision ?? 0 { return false }
        lastRevision += 1
        values[key] = value.map { StoredToken(revision: lastRevision, value: $0) }
        return true
    }

    /// See ``TokenStore/withLock(_:timeout:_:)``. Who came first gets it first.
    public func withLock(_ key: String, timeout: Duration, _ body: @Sendable () async -> Void) async -> Bool {
        guard await take(key, within: timeout) else { return false }
        await body()
        give(key)
        return true
    }

    /// The key that the values are sealed under: a new one for each store.
    public func dataKey() throws -> DataKey? {
        if key == nil { key = try DataKey.generate() }
        return key
    }

    private func take(_ key: String, within timeout: Duration) async -> Bool {
        if held.insert(key).inserted { return true }
        lastTicket += 1
        let ticket = lastTicket
        let deadline = Task {
            if (try? await Task.sleep(for: timeout)) != nil { giveUp(ticket) }
        }
        defer { deadline.cancel() }
        return await withCheckedContinuation { waiting.append((key, ticket, $0)) }
    }

    /// Hands the lock over to the one who has waited longest.
    private func give(_ key: String) {
        guard let next = waiting.firstIndex(where: { $0.key == key }) else {
            held.remove(key)
            return
        }
        waiting.remove(at: next).turn.resume(returning: true)
    }

    private func giveUp(_ ticket: UInt64) {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: place).turn.resume(returning: false)
    }
}
