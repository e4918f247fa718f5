import Foundation
import ProofKey
import Testing

/// From an address to a sign-in, at the development server.
@Suite struct ConnectTests {
    private let server: Server

    init() throws { server = try Server.running() }

    @Test func theResourceIsEnough() async throws {
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, authenticator: following)
        let tokens = try await client.signIn()
        #expect(tokens.issuer == server.issuer)
        #expect(tokens.resource == server.resource)
        #expect(try await client.accessToken() == tokens.exposeAccessToken())
    }

    /// RFC 7591; what was registered is kept, and used again.
    @Test func aClientThatRegistersItself() async throws {
        let store = MemoryTokenStore()
        func client() throws -> ProofKeyClient {
            try ProofKeyClient(
                resource: server.resource, clientName: "Swift's tests", store: store, authenticator: following)
        }
        let first = try await client().signIn().clientID
        #expect(first != server.client_id)
        #expect(try await client().signIn().clientID == first)
    }

    @Test func whichClientItIsMustBeKnown() async throws {
        let client = try ProofKeyClient(resource: server.resource, authenticator: nobody)
        #expect(try await failure { try await client.signIn() }.code == .clientIDNeeded)
    }

    /// T35: who the resource names is seen before the browser opens.
    @Test func theIssuerIsConfirmed() async throws {
        let host = String(server.issuer.dropFirst("http://".count))
        let seen = Box<[String]>([])
        let allowing = IssuerConfirmation.asking { issuer, resource in
            seen.change { $0 += [issuer, resource] }
            return true
        }
        for confirm in [["AS.example", host], allowing] as [IssuerConfirmation] {
            let client = try ProofKeyClient(
                resource: server.resource, clientID: server.client_id, confirm: confirm, authenticator: following)
            try await client.signIn()
        }
        #expect(seen.value == [host, host])
        for confirm in [["as.example"], [], .asking { _, _ in false }] as [IssuerConfirmation] {
            let client = try ProofKeyClient(
                resource: server.resource, clientID: server.client_id, confirm: confirm, authenticator: nobody)
            let error = try await failure { try await client.signIn() }
            #expect(error.code == .issuerRefused)
            #expect(error.family == .userCancelled)
        }
    }

    @Test func aCancelWhileTheIssuerIsConfirmed() async throws {
        let asked = Signal()
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id,
            confirm: .asking { _, _ in
                asked.set()
                // Until it is cancelled.
                var never = AsyncStream<Never>.makeStream().stream.makeAsyncIterator()
                _ = await never.next()
                return true
            }, authenticator: nobody)
        let task = Task { try await client.signIn() }
        try await asked.happened()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func moreParameters() async throws {
        let seen = Box<[String]>([])
        let watching = LoopbackAuthenticator { url in
            seen.change { $0 = [parameter(url, "prompt"), parameter(url, "login_hint")] }
            visit(url)
        }
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id,
            extraParameters: ["prompt": "consent", "login_hint": "ada@example"], authenticator: watching)
        try await client.signIn()
        #expect(seen.value == ["consent", "ada@example"])
        let error = try await failure {
            try ProofKeyClient(resource: server.resource, clientID: "agent", extraParameters: ["state": "mine"])
        }
        #expect(error.code == .invalidConfiguration)
    }

    @Test func clientDocuments() async throws {
        let document = ClientDocument(
            url: "https://app.example/agent", name: "The agent", redirectURIs: ["http://127.0.0.1/callback"],
            scopes: ["read"])
        let json = try document.json()
        #expect(try ClientDocument(reading: Data(json.utf8), from: document.url) == document)
        let error = try await failure {
            try ClientDocument(reading: Data(json.utf8), from: "https://app.example/other")
        }
        #expect(error.code == .invalidMetadata)
        let bad = ClientDocument(url: "http://app.example/agent", name: "x", redirectURIs: [])
        #expect(try await failure { try bad.json() }.code == .invalidMetadata)
    }
}
