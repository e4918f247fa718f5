#if canImport(CryptoKit) && canImport(Security)
    import CryptoKit
    import Foundation
    import Security

    /// Keys in the Secure Enclave: made there, never seen outside of it, and of no use on another device.
    ///
    /// What is kept of a key in the Keychain is what the enclave gave out, which it alone can open. It can be used from the
    /// first unlocking after a start on, so that tokens are refreshed in the background too. The Simulator and old Macs have
    /// no enclave: there every call is an error of the kind `unavailable`.
    ///
    /// ```swift
    /// let client = try ProofKeyClient(
    ///     …, dpop: .required, dpopKey: "tokens", signer: SecureEnclaveSigner())
    /// ```
    public struct SecureEnclaveSigner: ProofKeySigner {
        private typealias Key = SecureEnclave.P256.Signing.PrivateKey

        private let items: KeychainItems

        /// Nothing is made yet.
        ///
        /// - Parameters:
        ///   - service: What the Keychain's items are called.
        ///   - accessGroup: The Keychain access group of several apps and extensions that share the keys. By default the app's
        ///     own.
        public init(service: String = "proofkey.keys", accessGroup: String? = nil) {
            items = KeychainItems(service: service, accessGroup: accessGroup)
        }

        /// See ``ProofKeySigner/publicKey(keyID:)``. Of several who ask for a new key at once, all get the same.
        ///
        /// - Throws: ``SignerError``: `keyGone` where there was one that this enclave does not know any more; ``removeKey(_:)``
        ///   makes room for another.
        public func publicKey(keyID: String) async throws -> Data {
            try Self.wrapping {
                if let key = try find(keyID) { return key.publicKey.x963Representation }
                let new = try Key(accessControl: Self.accessControl())
                let point = new.publicKey.x963Representation
                if try items.add(keyID, label: point, value: new.dataRepresentation) { return point }
                // Somebody has made it between the two.
                guard let key = try find(keyID) else { throw Self.gone(keyID) }
                return key.publicKey.x963Representation
            }
        }

        /// See ``ProofKeySigner/sign(keyID:input:)``.
        ///
        /// - Throws: ``SignerError``: `keyGone` where there is none.
        public func sign(keyID: String, input: Data) async throws -> Data {
            try Self.wrapping {
                guard let key = try find(keyID) else { throw Self.gone(keyID) }
                return try key.signature(for: input).rawRepresentation
            }
        }

        /// Forgets a key, if there is one. Tokens that are bound to it are useless then.
        ///
        /// - Throws: ``SignerError``
        public func removeKey(_ keyID: String) throws {
            try Self.wrapping { _ = try items.delete(keyID, labelled: nil) }
        }

        private func find(_ keyID: String) throws -> Key? {
            guard SecureEnclave.isAvailable else {
                throw SignerError(.unavailable, "this device has no Secure Enclave")
            }
            guard let kept = try items.read(keyID)?.value else { return nil }
            do {
                return try Key(dataRepresentation: kept)
            } catch {
                throw Self.gone(keyID)
            }
        }

        /// As the Keychain's item: after the first unlocking, and on this device.
        private static func accessControl() throws -> SecAccessControl {
            let control = SecAccessControlCreateWithFlags(
                nil, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly, .privateKeyUsage, nil)
            guard let control else { throw SignerError(.failed, "the system makes no access control for a key") }
            return control
        }

        private static func gone(_ keyID: String) -> SignerError {
            SignerError(.keyGone, "the Secure Enclave has no key of the name \(keyID)")
        }

        /// Whatever the system says, as one of ours.
        private static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
            do {
                return try body()
            } catch let error as SignerError {
                throw error
            } catch let error as TokenStoreError {
                throw SignerError(.unavailable, error.description)
            } catch {
                throw SignerError(.failed, error.localizedDescription)
            }
        }
    }
#endif
