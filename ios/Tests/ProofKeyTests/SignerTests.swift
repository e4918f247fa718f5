import Foundation
import Testing

@testable import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Keys of the platform that fail.
@Suite struct SignerTests {
    @Test func theNameAndTheSignerGoTogether() async throws {
        for (key, signer) in [("a", nil), (nil, SoftwareSigner())] as [(String?, SoftwareSigner?)] {
            let error = try await failure {
                try ProofKeyClient(issuer: "https://as.example", dpop: .preferred, dpopKey: key, signer: signer)
            }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains("dpopKey"))
        }
    }

    @Test func thePublicHalf() async throws {
        let bound = try Bound()
        let client = try bound.client(signer: Broken())
        let error = try await failure { try await client.signIn() }
        #expect(error.code == .signingFailed)
        #expect(error.family == .signInAgain)
        #expect(error.message.contains("the box is closed"))
        #expect(bound.endpoint.requests.isEmpty)
    }

    /// At the token endpoint and at the resource it is the same error, in the same words.
    @Test func aKeyThatIsGone() async throws {
        let signer = SoftwareSigner()
        let bound = try Bound()
        let client = try bound.client(resource: "https://api.example/", signer: signer)
        try await client.signIn()
        signer.forget()
        let request = URLRequest(url: URL(string: "https://api.example/")!)
        let resource = try await failure { try await client.authorized(request) }
        let held = try await client.tokens()
        let endpoint = try await failure { try await client.tokens(.never, insteadOf: held.fingerprint()) }
        #expect(resource.code == .signingFailed)
        #expect(resource.message.contains("the key is gone"))
        #expect(resource == endpoint)
    }

    @Test func aSignatureThatIsNone() async throws {
        let bound = try Bound()
        let client = try bound.client(signer: SoftwareSigner(.nonsense))
        #expect(try await failure { try await client.signIn() }.code == .signingFailed)
        #expect(bound.endpoint.requests.isEmpty)
    }

    /// The tokens are bound to a key that another program has put into the store.
    @Test func noSigner() async throws {
        let bound = try Bound()
        let store = MemoryTokenStore()
        try await bound.client(resource: "https://api.example/", signer: SoftwareSigner(), store: store).signIn()
        let other = try bound.client(resource: "https://api.example/", store: store)
        let request = URLRequest(url: URL(string: "https://api.example/")!)
        let error = try await failure { try await other.authorized(request) }
        #expect(error.code == .signingFailed)
        #expect(error.message.contains("no signer"))
    }

    /// A signer that gives up by itself: nobody has cancelled.
    @Test func aSignerThatGivesUp() async throws {
        let isOver = Box(true)
        let signer = SoftwareSigner { if isOver.value { throw CancellationError() } }
        let bound = try Bound()
        let client = try bound.client(resource: "https://api.example/", signer: signer)
        #expect(try await failure { try await client.signIn() }.code == .signingFailed)
        isOver.change { $0 = false }
        try await client.signIn()
        isOver.change { $0 = true }
        let request = URLRequest(url: URL(string: "https://api.example/")!)
        #expect(try await failure { try await client.authorized(request) }.code == .signingFailed)
    }

    @Test func aCancelWhileTheKeyIsMade() async throws {
        let slow = Slow()
        let bound = try Bound()
        let client = try bound.client(signer: slow)
        let task = Task { try await client.signIn() }
        try await slow.asked.happened()
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
    }

    /// The user has not been asked for the finger yet, or does not give it.
    @Test func aCancelWhileItSigns() async throws {
        let asked = Signal()
        let signer = SoftwareSigner {
            asked.set()
            try await Task.sleep(for: .seconds(3600))
        }
        let bound = try Bound()
        let client = try bound.client(signer: signer)
        let task = Task { try await client.signIn() }
        try await asked.happened()
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(bound.endpoint.requests.isEmpty)
    }

    /// The same, while a request of the program waits for it.
    @Test func aCancelOfARequest() async throws {
        let (asked, isSlow) = (Signal(), Box(false))
        let signer = SoftwareSigner {
            guard isSlow.value else { return }
            asked.set()
            try await Task.sleep(for: .seconds(3600))
        }
        let bound = try Bound()
        let client = try bound.client(resource: "https://api.example/", signer: signer)
        try await client.signIn()
        isSlow.change { $0 = true }
        let request = URLRequest(url: URL(string: "https://api.example/")!)
        let task = Task { try await client.authorized(request) }
        try await asked.happened()
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(bound.endpoint.requests.count == 1)
    }
}

/// Has no place for keys.
private struct Broken: ProofKeySigner {
    struct Closed: LocalizedError {
        var errorDescription: String? { "the box is closed" }
    }

    func publicKey(keyID _: String) async throws -> Data { throw Closed() }
    func sign(keyID _: String, input _: Data) async throws -> Data { throw Closed() }
}

/// Makes keys without end.
private struct Slow: ProofKeySigner {
    let asked = Signal()

    func publicKey(keyID _: String) async throws -> Data {
        asked.set()
        try await Task.sleep(for: .seconds(3600))
        return Data()
    }

    func sign(keyID _: String, input _: Data) async throws -> Data { Data() }
}
