#if os(Linux)
    import Foundation
    internal import ProofKeyFFI

    /// Keeps tokens in a folder of this user, sealed, for all programs that name the same folder: a sign-in of the program
    /// `proofkey` or of another language serves this one.
    ///
    /// The key that the files are sealed under lies in the desktop's keyring, if the program `secret-tool` is installed and
    /// a keyring answers when the folder is first used; else in a file beside them, which is said on standard error. That
    /// keeps other users away, and no program of the same user. Where it lies is decided once for a folder.
    ///
    /// For Linux. On Apple's platforms there is `KeychainTokenStore`.
    public final class FileTokenStore: TokenStore {
        // As long as another program may take to ask its user.
        private static let patience = Duration.seconds(60)

        private let native: FileStore
        private let keyring: Keyring?
        private let warn: @Sendable (String) -> Void
        private let key = Locked<DataKey?>(nil)

        /// Opens the folder, and makes it if it is not there.
        ///
        /// - Parameters:
        ///   - folder: By default the one that `PROOFKEY_STORE` names, else this user's own, such as
        ///     `~/.local/share/proofkey`.
        ///   - onKeyFile: Is told, once, in a sentence, where the key lies in a file. By default it is written to standard
        ///     error.
        /// - Throws: ``ProofKeyError``: `store_insecure`, `store_denied` and the like.
        public convenience init(
            folder: URL? = nil, onKeyFile: (@Sendable (String) -> Void)? = nil
        ) throws {
            try self.init(
                folder: folder, environment: ProcessInfo.processInfo.environment,
                onKeyFile: onKeyFile ?? { Terminal.standard.say("\($0)\n") })
        }

        init(folder: URL?, environment: [String: String], onKeyFile: @escaping @Sendable (String) -> Void) throws {
            (native, keyring) = try crossing {
                let entry = try keyringEntry()
                return (
                    try FileStore.open(folder: folder?.path ?? defaultStoreFolder()),
                    Keyring(service: entry.service, account: entry.account, environment: environment)
                )
            }
            warn = onKeyFile
        }

        /// The folder, by its real path.
        ///
        /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
        public func folder() throws -> URL {
            try crossing { URL(fileURLWithPath: try native.folder(), isDirectory: true) }
        }

        /// See ``TokenStore/load(_:)``. The value is sealed.
        public func load(_ key: String) async throws -> StoredToken? {
            try await beside { [native] in
                try native.load(key: key).map { StoredToken(revision: $0.revision, value: $0.value) }
            }
        }

        /// See ``TokenStore/swap(_:revision:value:)``.
        public func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool {
            try await beside { [native] in try native.swap(key: key, revision: revision, value: value) }
        }

        /// See ``TokenStore/withLock(_:timeout:_:)``. The lock is the system's: free when its holder dies.
        public func withLock(
            _ key: String, timeout: Duration, _ body: @Sendable () async -> Void
        ) async throws -> Bool {
            let wait = try Settings.milliseconds(timeout)
            guard let lock = try await beside({ [native] in try native.lock(key: key, waitMs: wait) }) else {
                return false
            }
            await body()
            try crossing { try lock.release() }
            return true
        }

        /// The key that the values are sealed under.
        ///
        /// - Throws: ``ProofKeyError``: `keyring_unavailable` where it lies in a keyring that does not answer. A new one is
        ///   never made then: what is sealed would be lost.
        public func dataKey() async throws -> DataKey? {
            if let key = key.withLock({ $0 }) { return key }
            // Two tasks that look for it at once find the same.
            let found = try await beside { DataKey(try self.find()) }
            key.withLock { $0 = found }
            return found
        }

        private func find() throws -> ProofKeyFFI.DataKey {
            let place = try native.keyPlace()
            if place == .keyring { return try keyFromKeyring() }
            if place == .undecided, try decideKeyring() { return try keyFromKeyring() }
            let isFirst = key.withLock { $0 == nil }
            let key = try native.fileKey()
            if isFirst {
                warn(
                    "proofkey: the key of the token store lies in a file beside it, which keeps other users away and is "
                        + "no encryption; where secret-tool is installed and a keyring answers before the folder is first "
                        + "used, the keyring keeps it")
            }
            return key
        }

        private func keyFromKeyring() throws -> ProofKeyFFI.DataKey {
            let reason: String
            do {
                guard let keyring else { throw Keyring.Failure(reason: "secret-tool is not installed") }
                guard let text = try keyring.lookUp() else { throw Keyring.Failure(reason: "it has no such entry") }
                return try ProofKeyFFI.DataKey.fromText(text: text)
            } catch let error as Keyring.Failure {
                reason = error.reason
            } catch {
                reason = "its entry is not a key"
            }
            throw ProofKeyError.ofStore(ProofKeyError.Code.keyringUnavailable.rawValue, reason)
        }

        /// Whether the key is in the keyring now. One program at a time makes the entry.
        private func decideKeyring() throws -> Bool {
            guard let keyring else { return false }
            let account = try keyringEntry().account
            guard let lock = try native.lock(key: account, waitMs: Settings.milliseconds(Self.patience)) else {
                throw ProofKeyError.ofStore(ProofKeyError.Code.storeBusy.rawValue, "")
            }
            defer { try? lock.release() }
            do {
                if try keyring.lookUp() == nil {
                    try keyring.store(ProofKeyFFI.DataKey.generate().exposeText())
                }
                // A keyring that takes everything and keeps nothing is none.
                guard try keyring.lookUp() != nil else { return false }
            } catch is Keyring.Failure {
                // No keyring answers on this machine: the file does.
                return false
            }
            return try native.decideKeyring()
        }

        /// What waits for the disk or for others, beside Swift's own threads, which are few.
        private func beside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
            try await withCheckedThrowingContinuation { continuation in
                Self.queue.async { continuation.resume(with: Result { try crossing(work) }) }
            }
        }

        private static let queue = DispatchQueue(label: "proofkey.store", attributes: .concurrent)
    }

    extension FileTokenStore: CustomStringConvertible {
        /// The folder.
        public var description: String { "FileTokenStore(\((try? folder().path) ?? ""))" }
    }
#endif
