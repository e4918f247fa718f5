#if canImport(Security)
    import Foundation
    import Security

    /// Generic passwords of one service, each with a label (`kSecAttrGeneric`) that is compared when it is written.
    ///
    /// One call is one statement of the Keychain's database, so what it compares and what it writes cannot be torn apart.
    struct KeychainItems: Sendable {
        let service: String
        let accessGroup: String?

        /// The label and the value of an item, if it is there.
        func read(_ account: String) throws -> (label: Data, value: Data)? {
            var wanted = query(account)
            wanted[kSecReturnAttributes as String] = true
            wanted[kSecReturnData as String] = true
            wanted[kSecMatchLimit as String] = kSecMatchLimitOne
            var found: CFTypeRef?
            guard try done(SecItemCopyMatching(wanted as CFDictionary, &found), or: errSecItemNotFound) else {
                return nil
            }
            guard let item = found as? [String: Any], let value = item[kSecValueData as String] as? Data else {
                throw TokenStoreError.failed("the Keychain gave something that is no item")
            }
            return (item[kSecAttrGeneric as String] as? Data ?? Data(), value)
        }

        /// Makes an item. False where there is one.
        func add(_ account: String, label: Data, value: Data) throws -> Bool {
            var item = query(account)
            item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            item[kSecAttrGeneric as String] = label
            item[kSecValueData as String] = value
            return try done(SecItemAdd(item as CFDictionary, nil), or: errSecDuplicateItem)
        }

        /// Writes over an item with this label, or any. False where there is none.
        func update(_ account: String, labelled old: Data?, label: Data, value: Data) throws -> Bool {
            let change: [String: Any] = [kSecAttrGeneric as String: label, kSecValueData as String: value]
            return try done(
                SecItemUpdate(query(account, labelled: old) as CFDictionary, change as CFDictionary),
                or: errSecItemNotFound)
        }

        /// Deletes an item with this label, or any. False where there is none.
        func delete(_ account: String, labelled label: Data?) throws -> Bool {
            try done(SecItemDelete(query(account, labelled: label) as CFDictionary), or: errSecItemNotFound)
        }

        private func query(_ account: String, labelled label: Data? = nil) -> [String: Any] {
            var query: [String: Any] = [
                kSecClass as String: kSecClassGenericPassword,
                kSecAttrService as String: service,
                kSecAttrAccount as String: account,
                kSecAttrSynchronizable as String: false,
                // On macOS too: the other keychain has none of this.
                kSecUseDataProtectionKeychain as String: true,
            ]
            if let accessGroup { query[kSecAttrAccessGroup as String] = accessGroup }
            if let label { query[kSecAttrGeneric as String] = label }
            return query
        }

        /// Whether it was done; not, for this one status.
        private func done(_ status: OSStatus, or not: OSStatus) throws -> Bool {
            switch status {
            case errSecSuccess: return true
            case not: return false
            case errSecInteractionNotAllowed, errSecNotAvailable:
                throw TokenStoreError.keyringUnavailable("the device was not unlocked since its start (\(status))")
            case errSecMissingEntitlement, errSecAuthFailed:
                throw TokenStoreError.denied("the app may not use this Keychain access group (\(status))")
            default:
                throw TokenStoreError.failed("the Keychain answered \(status)")
            }
        }
    }
#endif
