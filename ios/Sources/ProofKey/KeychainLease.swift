#if canImport(Security)
    import Foundation

    /// A lock as an item of the Keychain, with an end: who dies with it, or is suspended, keeps nobody away for ever.
    struct KeychainLease: Sendable {
        /// Longer than all that is done under a lock: 30 s for a refresh, 15 s for a revocation, and the store.
        private static let length: TimeInterval = 120

        let items: KeychainItems
        let now: @Sendable () -> Date

        /// Takes it; what it was taken as, or nothing where another holds it.
        func take(_ key: String) throws -> Data? {
            let mine = Data(UUID().uuidString.utf8)
            let end = Data("\(now().addingTimeInterval(Self.length).timeIntervalSince1970)".utf8)
            if try items.add(key, label: mine, value: end) { return mine }
            guard let held = try items.read(key), hasEnded(held.value) else { return nil }
            // Of several who find it over, one takes it.
            return try items.update(key, labelled: held.label, label: mine, value: end) ? mine : nil
        }

        /// Gives it back, unless it is another's by now.
        func give(_ key: String, _ mine: Data) throws {
            _ = try items.delete(key, labelled: mine)
        }

        /// An end that is farther away than any can be was written before the clock was set back.
        private func hasEnded(_ value: Data) -> Bool {
            guard let end = TimeInterval(String(decoding: value, as: UTF8.self)) else { return true }
            let left = end - now().timeIntervalSince1970
            return left <= 0 || left > Self.length
        }
    }
#endif
