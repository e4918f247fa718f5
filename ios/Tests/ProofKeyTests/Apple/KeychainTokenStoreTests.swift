#if canImport(Security) && canImport(Glibc)
    import Foundation
    import Security
    import Testing

    @testable import ProofKey

    /// The Keychain, which is a stub here. The calls that fail are told to the one that all share: one test after the other.
    @Suite(.serialized) struct KeychainTokenStoreTests {
        private let service = "test-\(UUID().uuidString)"
        private let clock = Box(Date(timeIntervalSince1970: 1_000_000))

        private func store() -> KeychainTokenStore {
            KeychainTokenStore(service: service, now: { [clock] in clock.value })
        }

        @Test func theContract() async throws {
            try await StoreContract.check(KeychainTokenStore(service: service))
            // Nothing stays of a lock that was given back.
            #expect(StubKeychain.shared.attributes(of: "\(service).lock").isEmpty)
        }

        @Test func whatItAsksTheKeychainFor() async throws {
            let store = KeychainTokenStore(service: service, accessGroup: "group.example")
            #expect(try await store.swap("key", revision: 0, value: Data([1])))
            let item = try #require(StubKeychain.shared.attributes(of: service).first)
            #expect(item[kSecAttrAccount] == "key")
            #expect(item[kSecAttrAccessGroup] == "group.example")
            #expect(item[kSecAttrAccessible] == kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly)
            #expect(try await KeychainTokenStore(service: service, accessGroup: "another").load("key") == nil)
        }

        @Test func clientsShareIt() async throws {
            let endpoint = try TokenEndpoint.issuing(for: [0])
            try await endpoint.client(store: store()).signIn()
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await endpoint.client(by: nobody, store: self.store()).accessToken() }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(tokens) == ["canary-token-2"])
            #expect(endpoint.requests.count == 2)
        }

        /// Whoever holds the lock and is suspended, or dies, keeps nobody away for ever.
        @Test(arguments: [119.0, 121.0, -1.0])
        func aLeaseEnds(after seconds: TimeInterval) async throws {
            let over = Signal()
            let first = store()
            let done = Signal()
            let holding = Task {
                try await first.withLock("key", timeout: .zero) {
                    done.set()
                    try? await over.happened()
                }
            }
            try await done.happened()
            clock.change { $0 += seconds }
            // A clock that was set back says nothing: the lease is over too.
            let taken = Box(false)
            let isFree = try await store().withLock("key", timeout: .zero) { taken.change { $0 = true } }
            #expect(isFree == (seconds != 119))
            #expect(taken.value == isFree)
            over.set()
            #expect(try await holding.value)
            #expect(StubKeychain.shared.attributes(of: "\(service).lock").isEmpty)
        }

        @Test(
            arguments: [
                (errSecInteractionNotAllowed, .keyringUnavailable), (errSecNotAvailable, .keyringUnavailable),
                (errSecMissingEntitlement, .storeDenied), (errSecAuthFailed, .storeDenied), (-1, .storeFailed),
            ] as [(OSStatus, ProofKeyError.Code)])
        func whatTheKeychainRefuses(status: OSStatus, code: ProofKeyError.Code) async throws {
            let endpoint = try TokenEndpoint.issuing()
            let client = try endpoint.client(by: nobody, store: store())
            StubKeychain.shared.fail(status)
            let error = try await failure { try await client.accessToken() }
            #expect(error.code == code)
            #expect(error.message.contains("\(status)"))
        }

        /// Somebody makes the item between the two calls, and somebody else deletes it.
        @Test func writingOverWhateverIsThere() async throws {
            StubKeychain.shared.fail(errSecItemNotFound, errSecDuplicateItem)
            #expect(try await store().swap("key", revision: nil, value: Data([1])))
            #expect(try await store().load("key")?.value == Data([1]))
        }

        @Test func anItemOfSomebodyElse() async throws {
            let items = KeychainItems(service: service, accessGroup: nil)
            #expect(try items.add("key", label: Data("no revision".utf8), value: Data()))
            await #expect(throws: TokenStoreError.self) { try await store().load("key") }
        }
    }
#endif
