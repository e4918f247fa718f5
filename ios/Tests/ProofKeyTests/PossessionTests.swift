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

    /// RFC 9449 §8: heard from each answer, good ones too, and remembered for the next request; a proof is never sent twice.
    @Test func theNewestNonce() async throws {
        let demand = respond(
            #"{"error":"use_dpop_nonce"}"#, status: "400 B", "DPoP-Nonce: as-1", "DPoP-Nonce-Other: x")
        let bound = try Bound(first: demand)
        let left = Box([
            respond("", status: "401 U", #"WWW-Authenticate: DPoP error="use_dpop_nonce""#, "dpop-nonce: n-1"),
            respond("{}", "DPoP-Nonce: n-2"), respond("{}"),
        ])
        let resource = try TokenEndpoint { connection in
            var answer: (@Sendable (Connection) -> Void)?
            left.change { answer = $0.isEmpty ? nil : $0.removeFirst() }
            answer?(connection)
        }
        let client = try bound.client(resource: resource.url)
        try await client.signIn()
        for _ in 0..<2 {
            #expect(try await client.data(from: URL(string: resource.url)!).1.statusCode == 200)
        }
        let (atTheServer, atTheResource) = (try proofs(bound.endpoint), try proofs(resource))
        #expect(atTheServer.map { $0["nonce"].string } == [nil, "as-1"])
        #expect(atTheResource.map { $0["nonce"].string } == [nil, "n-1", "n-2"])
        let identifiers = (atTheServer + atTheResource).compactMap { $0["jti"].string }
        #expect(Set(identifiers).count == 5)
    }

    /// What the proofs say that came with requests.
    private func proofs(_ endpoint: TokenEndpoint) throws -> [JSON] {
        try endpoint.requests.map { request in
            let lines = String(decoding: request, as: UTF8.self).components(separatedBy: "\r\n")
            let line = try #require(lines.first { $0.lowercased().hasPrefix("dpop: ") })
            return try JoseRunner.signed(String(line.dropFirst("dpop: ".count)))["payload"]
        }
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
