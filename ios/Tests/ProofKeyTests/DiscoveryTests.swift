import Foundation
import ProofKey
import Testing

/// A client that knows the issuer alone.
@Suite struct DiscoveryTests {
    /// P11, P12: the endpoints come from the issuer's metadata.
    @Test func theIssuerIsEnough() async throws {
        let server = try Server.running()
        let client = try ProofKeyClient(
            issuer: server.issuer, clientID: server.client_id, resource: server.resource, authenticator: following)
        for _ in 0..<2 {
            let tokens = try await client.signIn()
            #expect(tokens.issuer == server.issuer)
            #expect(try !tokens.exposeAccessToken().isEmpty)
        }
    }

    /// P11: not even a slash more.
    @Test func anotherIssuerThanTheDocumentsOpensNoBrowser() async throws {
        let server = try Server.running()
        try await refused("metadata_issuer_mismatch", issuer: "\(server.issuer)/")
    }

    /// M3: without S256 in the metadata nobody signs in, but where it is allowed by name.
    @Test func withoutS256() async throws {
        let issuer = try Issuer([withoutMethods, withoutMethods, { _ in ProofKeyTests.tokens }])
        try await refused("pkce_unsupported", issuer: issuer.url)
        let client = try ProofKeyClient(
            issuer: issuer.url, clientID: "agent", allowsMissingS256: true, authenticator: approving)
        #expect(try await client.signIn().exposeAccessToken() == canaryToken)
        #expect(issuer.requests == 3)
    }

    @Test func aDocumentThatIsTooLarge() async throws {
        let issuer = try Issuer([{ _ in "{\"a\":\"\(String(repeating: "x", count: 65_536))\"}" }])
        try await refused("unreachable", issuer: issuer.url)
    }

    @Test(arguments: ["", "as.example", "https://as.example/?a=b", "http://as.example"])
    func anIssuerThatIsNone(issuer: String) {
        #expect(throws: ProofKeyError.self) { try ProofKeyClient(issuer: issuer, clientID: "agent") }
    }

    private func refused(_ code: String, issuer: String) async throws {
        let nobody = LoopbackAuthenticator { _ in Issue.record("the browser was opened") }
        let client = try ProofKeyClient(issuer: issuer, clientID: "agent", authenticator: nobody)
        do {
            _ = try await client.signIn()
            Issue.record("it signed in")
        } catch let error as ProofKeyError {
            #expect(error.code.rawValue == code)
        }
    }
}

/// Metadata that says nothing of PKCE.
@Sendable private func withoutMethods(_ issuer: String) -> String {
    #"{"issuer":"\#(issuer)","authorization_endpoint":"\#(issuer)/authorize","token_endpoint":"\#(issuer)/token"}"#
}

/// A server that gives one answer after the other, each made from its own address.
private final class Issuer: Sendable {
    private let endpoint: TokenEndpoint

    init(_ answers: [@Sendable (String) -> String]) throws {
        let left = Box(answers[...])
        let address = Box("")
        endpoint = try TokenEndpoint { connection in
            var answer: (@Sendable (String) -> String)?
            left.change { answer = $0.popFirst() }
            respond(answer?(address.value) ?? "")(connection)
        }
        let mine = url
        address.change { $0 = mine }
    }

    var url: String { String(endpoint.url.dropLast("/token".count)) }
    var requests: Int { endpoint.requests.count }
}
