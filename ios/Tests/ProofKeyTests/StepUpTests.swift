import Foundation
import Testing

@testable import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Resources that ask for more (RFC 6750 §3.1, RFC 9470), and who signed in.
@Suite struct StepUpTests {
    private let opened = Box(0)

    private func client(
        _ server: Server, dpop: DPoP = .never, scopes: [String] = ["read"], ceiling: [String]? = nil
    ) throws -> ProofKeyClient {
        let counting = LoopbackAuthenticator { [opened] url in
            opened.change { $0 += 1 }
            visit(url)
        }
        return try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, scopes: scopes, dpop: dpop, scopeCeiling: ceiling,
            authenticator: counting)
    }

    private func status(
        _ client: ProofKeyClient, _ url: String, _ interaction: Interaction = .browser
    ) async throws -> Int {
        try await client.data(from: URL(string: url)!, interaction: interaction).1.statusCode
    }

    @Test(arguments: [.never, .required] as [DPoP])
    func moreScopes(dpop: DPoP) async throws {
        let server = try Server.running()
        let client = try client(server, dpop: dpop)
        try await client.signIn()
        #expect(try await status(client, "\(server.resource)/admin") == 200)
        let tokens = try await client.tokens()
        #expect(tokens.scopes == ["read", "admin"])
        #expect(tokens.requestedScopes == ["read", "admin"])
        #expect(tokens.missingScopes.isEmpty)
        #expect(opened.value == 2)
    }

    /// RFC 9470 §3
    @Test func aStrongerSignIn() async throws {
        let server = try Server.running()
        let client = try client(server)
        #expect(try await status(client, "\(server.resource)/fresh") == 200)
        #expect(opened.value == 2)
    }

    /// Of many who meet the same demand at once, the user signs in for one.
    @Test func oneSignInForAll() async throws {
        let server = try Server.running()
        let client = try client(server)
        try await client.signIn()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 {
                group.addTask { try await self.status(client, "\(server.resource)/admin") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 10))
        #expect(opened.value == 2)
    }

    @Test func theCeiling() async throws {
        let server = try Server.running()
        let client = try client(server, ceiling: ["read"])
        try await client.signIn()
        let error = try await failure { try await status(client, "\(server.resource)/admin") }
        #expect(error.code == .scopeCeiling)
        #expect(error.message.contains("admin"))
        #expect(opened.value == 1)
    }

    /// It holds for the first sign-in too, which asks for what the resource lists.
    @Test func theCeilingOfTheFirstSignIn() async throws {
        let server = try Server.running()
        let tokens = try await client(server, scopes: [], ceiling: ["read"]).signIn()
        #expect(tokens.requestedScopes == ["read"])
        #expect(opened.value == 1)
        let nothing = try client(server, scopes: [], ceiling: [])
        #expect(try await failure { try await nothing.signIn() }.code == .scopeCeiling)
        #expect(opened.value == 1)
        #expect(try await failure { try client(server, ceiling: ["write"]) }.code == .invalidConfiguration)
    }

    /// A resource that demands for ever is given up on.
    @Test func aResourceThatIsNeverContent() async throws {
        let server = try Server.running()
        let client = try client(server)
        try await client.signIn()
        #expect(try await failure { try await status(client, "\(server.resource)/greedy") }.code == .stepUpRefused)
        #expect(opened.value <= 3)
    }

    /// The user may not be asked: the program sees the answer.
    @Test func nobodyIsAsked() async throws {
        let server = try Server.running()
        let client = try client(server)
        try await client.signIn()
        #expect(try await status(client, "\(server.resource)/admin", .never) == 403)
        let request = try await client.authorized(URLRequest(url: URL(string: "\(server.resource)/admin")!))
        let refused = try await request.answer(maxBody: 1000).response
        #expect(try await client.authorized(request, after: refused) == nil)
        // And where they may, the next request has what it needs.
        let next = try #require(try await client.authorized(request, after: refused, interaction: .browser))
        #expect(try await next.answer(maxBody: 1000).response.statusCode == 200)
        #expect(opened.value == 2)
    }

    @Test func whoSignedIn() async throws {
        let server = try Server.running()
        let before = Date()
        let client = try client(server, scopes: ["openid", "read"])
        let tokens = try await client.signIn()
        let identity = try #require(tokens.identity)
        #expect(identity.issuer == server.issuer)
        #expect(identity.subject == "developer")
        #expect(identity.audience == [server.client_id])
        #expect(identity.issuedAt.timeIntervalSince(before) > -2)
        #expect(identity.expiresAt > before)
        #expect(try JSON.parse(Data(identity.claims.utf8))["sub"].string == "developer")
        #expect("\(identity) \(tokens)".contains(server.issuer))
        var shown = "\(identity) \(String(reflecting: identity)) \(tokens) "
        dump(tokens, to: &shown)
        dump(identity, to: &shown)
        #expect(!shown.contains("developer"))

        // The browser's session ends too, where the program opens this.
        let out = try await client.signOut()
        #expect(out.isRevoked == true)
        let url = try #require(out.endSessionURL)
        #expect(url.absoluteString.hasPrefix("\(server.issuer)/"))
        var said = "\(out) \(String(reflecting: out)) "
        dump(out, to: &said)
        #expect(said.contains("isRevoked"))
        #expect(!said.contains(server.issuer))
        #expect(try await onThread { try get(url).status } == 200)
    }

    @Test func nobodyWhereThatWasNotAsked() async throws {
        let client = try client(Server.running())
        let tokens = try await client.signIn()
        #expect(tokens.identity == nil)
        #expect(tokens.authorizationDetails == nil)
        #expect(try await client.signOut().endSessionURL == nil)
    }

    /// RFC 9396
    @Test func authorizationDetails() async throws {
        let server = try Server.running()
        let details = #"[{"type":"payment","amount":"1.00"}]"#
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, extraParameters: ["authorization_details": details],
            pushesRequests: true, authenticator: following)
        let tokens = try await client.signIn()
        let granted = try #require(tokens.authorizationDetails)
        #expect(tokens.missingAuthorizationDetails.isEmpty)
        #expect(try JSON.parse(Data(granted.utf8)) == JSON.parse(Data(details.utf8)))
    }
}
