#if canImport(CryptoKit) && canImport(Security) && canImport(Glibc)
    import CryptoKit
    import Foundation
    import Security
    import Testing

    @testable import ProofKey

    #if canImport(FoundationNetworking)
        import FoundationNetworking
    #endif

    extension KeychainTokenStoreTests {
        /// Keys of the Secure Enclave, which is a stub here as the Keychain is. Both fail for all who share them: one test
        /// after the other, those of the Keychain among them.
        @Suite(.serialized) struct SecureEnclaveTests {
            private let service = "test-\(UUID().uuidString)"
            private var signer: SecureEnclaveSigner { SecureEnclaveSigner(service: service) }
            private var items: KeychainItems { KeychainItems(service: service, accessGroup: nil) }

            private func kind(_ call: () async throws -> Void) async throws -> SignerError.Kind {
                do {
                    try await call()
                } catch let error as SignerError {
                    #expect(!error.description.isEmpty)
                    return error.kind
                }
                throw Missing(what: "an error of the signer")
            }

            /// A server that checks each proof for itself takes them, at each endpoint and at the resource.
            @Test func aSignIn() async throws {
                let server = try Server.strict()
                let store = KeychainTokenStore(service: "\(service).tokens")
                func client(by authenticator: any WebAuthenticator) throws -> ProofKeyClient {
                    try ProofKeyClient(
                        resource: server.resource, clientID: server.client_id, store: store, dpop: .required,
                        dpopKey: "tokens", signer: signer, authenticator: authenticator)
                }
                let tokens = try await client(by: following).signIn()
                #expect(tokens.tokenType == "DPoP")
                let again = try client(by: nobody)
                #expect(try await again.data(from: URL(string: server.resource)!).1.statusCode == 200)
                #expect(try await again.tokens(.never, insteadOf: tokens.fingerprint()).tokenType == "DPoP")
            }

            @Test func oneKeyForAName() async throws {
                let made = StubEnclave.shared.protected.count
                let points = try await withThrowingTaskGroup(of: Data.self) { group in
                    for _ in 0..<10 { group.addTask { try await self.signer.publicKey(keyID: "a") } }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(points.count == 1)
                #expect(points.first?.count == 65)
                #expect(try await !points.contains(signer.publicKey(keyID: "b")))
                #expect(try await signer.sign(keyID: "a", input: Data([1])).count == 64)
                let protections = StubEnclave.shared.protected.dropFirst(made)
                #expect(protections.count >= 2)
                #expect(Set(protections) == [kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly])
                let kept = StubKeychain.shared.attributes(of: service)
                #expect(kept.allSatisfy { $0[kSecAttrAccessible] == kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly })
            }

            /// Nothing is made anew where tokens are bound to what is gone.
            @Test func aKeyThatIsGone() async throws {
                #expect(try await kind { _ = try await signer.sign(keyID: "a", input: Data()) } == .keyGone)
                let point = try await signer.publicKey(keyID: "a")
                // A backup on another device: the item is there, and the enclave is another.
                StubEnclave.shared.forget(try #require(try items.read("a")).value)
                #expect(try await kind { _ = try await signer.sign(keyID: "a", input: Data()) } == .keyGone)
                #expect(try await kind { _ = try await signer.publicKey(keyID: "a") } == .keyGone)
                try signer.removeKey("a")
                try signer.removeKey("a")
                #expect(try await signer.publicKey(keyID: "a") != point)
            }

            /// What the program sees of it.
            @Test func aRequestWithoutItsKey() async throws {
                let endpoint = try TokenEndpoint(
                    respond(#"{"access_token":"canary-token-1","token_type":"DPoP","expires_in":3600}"#))
                let client = try endpoint.client(resource: "https://api.example/", dpop: .required, signer: signer)
                try await client.signIn()
                try signer.removeKey("canary-key")
                let request = URLRequest(url: URL(string: "https://api.example/")!)
                let error = try await failure { try await client.authorized(request) }
                #expect(error.code == .signingFailed)
                #expect(error.family == .signInAgain)
                #expect(error.message.contains("no key of the name"))
            }

            @Test func noEnclave() async throws {
                StubEnclave.shared.isAvailable = false
                defer { StubEnclave.shared.isAvailable = true }
                #expect(try await kind { _ = try await signer.publicKey(keyID: "a") } == .unavailable)
                #expect(try await kind { _ = try await signer.sign(keyID: "a", input: Data()) } == .unavailable)
            }

            @Test func whatTheSystemRefuses() async throws {
                StubKeychain.shared.fail(errSecInteractionNotAllowed)
                #expect(try await kind { _ = try await signer.publicKey(keyID: "a") } == .unavailable)
                StubEnclave.shared.fail(CryptoKitError.incorrectParameterSize)
                #expect(try await kind { _ = try await signer.publicKey(keyID: "a") } == .failed)
                StubKeychain.shared.fail(errSecMissingEntitlement)
                #expect(try await kind { try signer.removeKey("a") } == .unavailable)
            }

            /// Somebody else makes the key between the look and the writing.
            @Test func twoWhoMakeIt() async throws {
                let point = try await signer.publicKey(keyID: "a")
                StubKeychain.shared.fail(errSecItemNotFound)
                #expect(try await signer.publicKey(keyID: "a") == point)
            }
        }
    }
#endif
