import Foundation
import Testing

@testable import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// No text form shows a secret: description, debugDescription, interpolation, `dump` and `Mirror`, to the bottom.
@Suite struct HygieneTests {
    private func shown(_ value: Any) -> String {
        var all = "\(value) \(String(describing: value)) \(String(reflecting: value)) "
        dump(value, to: &all)
        reflect(Mirror(reflecting: value), into: &all, depth: 0)
        return all
    }

    /// What `Mirror` shows of everything below, whatever the type says of itself.
    private func reflect(_ mirror: Mirror, into all: inout String, depth: Int) {
        guard depth < 12 else { return }
        for child in mirror.children {
            all += "\(child.label ?? "") \(child.value) "
            reflect(Mirror(reflecting: child.value), into: &all, depth: depth + 1)
        }
        if let above = mirror.superclassMirror { reflect(above, into: &all, depth: depth + 1) }
    }

    private func expectNothing(of secrets: [String], in values: [Any]) {
        for value in values {
            let text = shown(value)
            for secret in secrets {
                #expect(!text.contains(secret), "\(type(of: value)) shows a secret")
            }
        }
    }

    @Test func aSessionAndWhatComesOfIt() throws {
        let session = try MisuseTests.session()
        let url = try session.authorizationURL()
        let completion = try session.complete(comingBack(from: url))
        guard case .accepted(let request) = completion else { throw Missing(what: "a request") }
        let sent = try request.httpRequest()
        let form = try Words.form(String(decoding: sent.exposeBody()!, as: UTF8.self))
        let answer = ProofKeyTests.tokens.replacing("}", with: #","refresh_token":"canary-refresh-0123"}"#)
        let body = Data(answer.utf8)
        let tokens = try request.tokens(
            status: 200, headers: [(name: "Content-Type", value: "application/json")], body: body)
        #expect(try tokens.exposeRefreshToken() == "canary-refresh-0123")
        let pair = try pair()
        let verifier = try #require(form["code_verifier"])
        #expect(verifier.count == 43)
        expectNothing(
            of: [verifier, try pair.exposeVerifier(), parameter(url, "state"), "canary"],
            in: [session, completion, request, sent, tokens, pair, [tokens], ["a": tokens]])
        #expect(shown(tokens).contains("https://as.example"))
        #expect(shown(pair).contains(pair.challenge))
    }

    @Test func aClientAfterItsSignIn() async throws {
        let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let client = try endpoint.client()
        let tokens = try await client.signIn()
        expectNothing(of: ["canary"], in: [client, tokens])
    }

    /// What is kept, and what keeps it.
    @Test func whatIsKept() async throws {
        let endpoint = try TokenEndpoint.issuing(for: [0])
        let store = MemoryTokenStore()
        let client = try endpoint.client(resource: "https://api.example/", store: store)
        try await client.signIn()
        let token = try await client.accessToken()
        #expect(token == "canary-token-2")
        let key = try #require(try await store.dataKey())
        let kept = StoredToken(revision: 1, value: Data("canary".utf8))
        let elsewhere = URLRequest(url: URL(string: "https://b.example/")!)
        let error = try await failure { try await client.authorized(elsewhere) }
        let tokens = try await client.tokens()
        expectNothing(of: ["canary", try key.exposeText()], in: [client, store, key, kept, error, tokens])
    }

    /// A person, and what the browser is given.
    @Test func whoSignedIn() {
        let identity = Identity(
            issuer: "https://as.example", subject: "canary-subject", audience: ["canary-client"], issuedAt: Date(),
            expiresAt: Date(), authenticatedAt: Date(), authenticationClass: "canary-acr",
            authenticationMethods: ["canary-amr"], sessionID: "canary-session", name: "Canary",
            preferredUsername: "canary-name", email: "canary@a.example", isEmailVerified: true,
            claims: #"{"sub":"canary-subject"}"#)
        let out = SignedOut(isRevoked: true, warning: nil, endSessionURL: URL(string: "https://as.example/?a=canary"))
        expectNothing(of: ["canary", "Canary"], in: [identity, out, ["a": identity], [out]])
        #expect(shown(identity).contains("https://as.example"))
    }

    /// What a server says may hold what it was sent.
    @Test(arguments: [
        #"{"error":"invalid_grant","error_description":"canary-code-0123456789 was used"}"#,
        #"{"access_token":"canary-token-0123456789"}"#, "canary-token-0123456789",
        #"{"access_token":"canary-token-0123456789","token_type":"mac"}"#,
    ])
    func anErrorOfTheServer(body: String) async throws {
        for status in ["200 OK", "400 B", "500 E"] {
            let endpoint = try TokenEndpoint(respond(body, status: status))
            let error = try await failure { try await endpoint.client().signIn() }
            let sent = String(decoding: try #require(endpoint.requests.first), as: UTF8.self)
            let form = try Words.form(sent.components(separatedBy: "\r\n\r\n")[1])
            expectNothing(of: [try #require(form["code_verifier"]), "canary-token"], in: [error, error as NSError])
            // RFC 6749 §5.2: the description is the server's, marked so.
            if !body.contains("error_description") { expectNothing(of: ["canary"], in: [error]) }
            #expect(error.localizedDescription == "\(error.message). \(error.advice)")
        }
    }
}
