#if canImport(Security)
    import Foundation
    import Security

    /// Keeps tokens in the Keychain: an item a key, for this app and for the others of its access group. For Apple's
    /// platforms.
    ///
    /// An item is readable from the first unlocking after a start on, stays on this device, and is in no backup that
    /// another device can read. On macOS it is in the data protection keychain, for which the app must be signed with a
    /// Keychain access group.
    ///
    /// Its lock is an item too, a lease that ends by itself, and no lock of a file: the system ends an app that holds one
    /// of those when it is suspended.
    public struct KeychainTokenStore: TokenStore {
        private let items: KeychainItems
        private let lease: KeychainLease

        /// Nothing is read or written yet.
        ///
        /// - Parameters:
        ///   - service: What the items are called, so that several stores can stand side by side.
        ///   - accessGroup: The Keychain access group of several apps and extensions that share what is kept. By default
        ///     the app's own.
        public init(service: String = "proofkey", accessGroup: String? = nil) {
            items = KeychainItems(service: service, accessGroup: accessGroup)
            lease = KeychainLease(
                items: KeychainItems(service: "\(service).lock", accessGroup: accessGroup), now: Date.init)
        }

        init(service: String, now: @escaping @Sendable () -> Date) {
            items = KeychainItems(service: service, accessGroup: nil)
            lease = KeychainLease(items: KeychainItems(service: "\(service).lock", accessGroup: nil), now: now)
        }

        /// See ``TokenStore/load(_:)``.
        public func load(_ key: String) async throws -> StoredToken? {
            guard let (label, value) = try items.read(key) else { return nil }
            guard let revision = Self.revision(of: label) else {
                throw TokenStoreError.unreadable("an item of the Keychain has no revision")
            }
            return StoredToken(revision: revision, value: value)
        }

        /// See ``TokenStore/swap(_:revision:value:)``. The revision is an attribute of the item, and part of what the
        /// Keychain looks for when it writes.
        public func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool {
            let old = revision.map(Self.label)
            guard let value else {
                // Nothing is gone already.
                return try items.delete(key, labelled: old) || revision ?? 0 == 0 && items.read(key) == nil
            }
            let new = Self.label(.random(in: 1...UInt64.max))
            if revision == 0 { return try items.add(key, label: new, value: value) }
            while true {
                if try items.update(key, labelled: old, label: new, value: value) { return true }
                guard old == nil else { return false }
                if try items.add(key, label: new, value: value) { return true }
                // Somebody has made it between the two.
            }
        }

        /// See ``TokenStore/withLock(_:timeout:_:)``. It is a lease of two minutes: who is suspended for longer has lost
        /// it, and finds that out when it writes.
        public func withLock(
            _ key: String, timeout: Duration, _ body: @Sendable () async -> Void
        ) async throws -> Bool {
            let deadline = ContinuousClock.now + timeout
            while true {
                if let held = try lease.take(key) {
                    await body()
                    try lease.give(key, held)
                    return true
                }
                guard ContinuousClock.now < deadline else { return false }
                // The Keychain tells nobody when an item goes.
                try await Task.sleep(for: min(.milliseconds(50), max(.zero, deadline - .now)))
            }
        }

        private static func label(_ revision: UInt64) -> Data {
            withUnsafeBytes(of: revision.bigEndian) { Data($0) }
        }

        private static func revision(of label: Data) -> UInt64? {
            guard label.count == MemoryLayout<UInt64>.size else { return nil }
            let revision = label.reduce(0) { $0 << 8 | UInt64($1) }
            return revision == 0 ? nil : revision
        }
    }
#endif
