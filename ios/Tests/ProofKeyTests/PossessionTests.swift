import Foundation
import Testing

@testable import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Tokens that are bound to a key (RFC 9449), at servers that check it for themselves.
@Suite struct PossessionTests {
    /// A server's client, which finds the endpoints by itself.
    private func client(
        of server: Server, dpop: DPoP = .required, signer: (any ProofKeySigner)? = nil,
        store: any TokenStore = MemoryTokenStore(), by authenticator: any WebAuthenticator = following
    ) throws -> ProofKeyClient {
        try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, store: store, dpop: dpop,
            dpopKey: signer == nil ? nil : "a key", signer: signer, authenticator: authenticator)
    }

    @Test(arguments: [.preferred, .required] as [DPoP])
    func aKeyOfItsOwn(dpop: DPoP) async throws {
        let server = try Server.running()
        let url = try #require(URL(string: server.resource))
        let client = try client(of: server, dpop: dpop)
        let tokens = try await client.signIn()
        #expect(tokens.tokenType == "DPoP")
        #expect(try await client.data(from: url).1.statusCode == 200)
        // Whoever steals the token alone has nothing.
        let token = try tokens.exposeAccessToken()
        #expect(try await onThread { try get(url, token: token).status } == 401)
    }

    @Test func noneUnlessItIsAskedFor() async throws {
        let tokens = try await client(of: Server.running(), dpop: .never).signIn()
        #expect(tokens.tokenType == "Bearer")
    }

    /// Pushed requests, and a nonce at each endpoint and at the resource. What is at hand is sent with the newest one.
    @Test(arguments: [nil, SoftwareSigner(.raw), SoftwareSigner(.der)] as [SoftwareSigner?])
    func aStrictServer(signer: SoftwareSigner?) async throws {
        let server = try Server.strict()
        let url = try #require(URL(string: server.resource))
        let store = MemoryTokenStore()
        let client = try client(of: server, signer: signer, store: store)
        let first = try await client.signIn()
        #expect(first.tokenType == "DPoP")
        for _ in 0..<2 {
            let (body, response) = try await client.data(from: url)
            #expect(response.statusCode == 200, "\(String(decoding: body, as: UTF8.self))")
        }
        // Another client of the same store, which has heard of no nonce yet; the refresh is bound to the key too.
        let other = try self.client(of: server, signer: signer, store: store, by: nobody)
        let refreshed = try await other.tokens(.never, insteadOf: first.fingerprint())
        #expect(try refreshed.exposeAccessToken() != first.exposeAccessToken())
        #expect(try await other.data(from: url).1.statusCode == 200)
        if let signer { #expect(signer.signatures.value >= 5) }
    }

    /// For who asks by HTTP of their own: the header fields, and the nonce of each answer.
    @Test func requestsOfTheProgram() async throws {
        let server = try Server.strict()
        let url = try #require(URL(string: server.resource))
        let store = MemoryTokenStore()
        try await client(of: server, store: store).signIn()
        let client = try client(of: server, store: store, by: nobody)
        let first = try await client.authorized(URLRequest(url: url))
        #expect(first.value(forHTTPHeaderField: "Authorization")?.hasPrefix("DPoP ") == true)
        let refused = try await first.answer(maxBody: 1000).response
        #expect(refused.statusCode == 401)
        let second = try #require(try await client.authorized(first, after: refused))
        #expect(second.value(forHTTPHeaderField: "DPoP") != first.value(forHTTPHeaderField: "DPoP"))
        let taken = try await second.answer(maxBody: 1000).response
        #expect(taken.statusCode == 200)
        #expect(try await client.authorized(second, after: taken) == nil)
        try client.heard(taken)
        #expect(try await client.authorized(URLRequest(url: url)).answer(maxBody: 1000).response.statusCode == 200)
    }

    /// A resource that wants another nonce each time is given up on.
    @Test func nonceAfterNonce() async throws {
        let signedIn = try Bound()
        let resource = try TokenEndpoint(
            respond("", status: "401 U", #"WWW-Authenticate: DPoP error="use_dpop_nonce""#, "DPoP-Nonce: n-1"))
        let client = try signedIn.client(resource: resource.url)
        try await client.signIn()
        let error = try await failure { try await client.data(from: URL(string: resource.url)!) }
        #expect(error.code == .stepUpRefused)
        #expect(resource.requests.count == 2)
    }

    @Test func aServerThatBindsNothing() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let refusing = try endpoint.client(dpop: .required)
        #expect(try await failure { try await refusing.signIn() }.code == .tokenNotBound)
        #expect(try await endpoint.client(dpop: .preferred).signIn().tokenType == "Bearer")
    }
}

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

/// A token endpoint that binds what it issues, and looks at no proof.
private struct Bound {
    let endpoint: TokenEndpoint

    init() throws {
        endpoint = try TokenEndpoint(
            respond(
                #"{"access_token":"canary-token-1","refresh_token":"canary-refresh-1","token_type":"DPoP","#
                    + #""expires_in":3600}"#))
    }

    func client(
        resource: String? = nil, signer: (any ProofKeySigner)? = nil, store: any TokenStore = MemoryTokenStore()
    ) throws -> ProofKeyClient {
        try endpoint.client(resource: resource, store: store, dpop: .required, signer: signer)
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
