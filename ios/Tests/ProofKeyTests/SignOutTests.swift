import Foundation
import ProofKey
import Testing

/// The end of what is kept.
@Suite struct SignOutTests {
    @Test func theServerRevokes() async throws {
        let server = try Server.running()
        let store = MemoryTokenStore()
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, store: store, authenticator: following)
        let token = try await client.signIn().exposeAccessToken()
        let out = try await client.signOut()
        #expect(out.isRevoked == true)
        #expect(out.warning == nil)
        let status = try await onThread { try get(URL(string: server.resource)!, token: token).status }
        #expect(status == 401)
        #expect(try await failure { try await client.accessToken() }.code == .signInRequired)
        #expect(try await client.signOut().isRevoked == nil)
    }

    /// What the server says changes nothing here.
    @Test func theServerDoesNotHear() async throws {
        let warned = Box<[ProofKeyError]>([])
        let answers = Box(0)
        let endpoint = try TokenEndpoint { connection in
            answers.change { $0 += 1 }
            respond(answers.value == 1 ? ProofKeyTests.tokens : "", status: answers.value == 1 ? "200 OK" : "503 B")(
                connection)
        }
        let client = try endpoint.client(onWarning: { warning in warned.change { $0.append(warning) } })
        try await client.signIn()
        let out = try await client.signOut()
        #expect(out.isRevoked == false)
        #expect(out.warning?.code == .serverUnavailable)
        #expect(await client.lastWarning == out.warning)
        #expect(warned.value == [out.warning])
        #expect(try await failure { try await client.accessToken() }.code == .signInRequired)
    }

    @Test func aCancelLeavesAllAsItWas() async throws {
        let asked = Signal()
        let goOn = Signal()
        let endpoint = try TokenEndpoint.issuing { number in
            guard number == 2 else { return }
            asked.set()
            goOn.wait()
        }
        let client = try endpoint.client()
        try await client.signIn()
        let task = Task { try await client.signOut() }
        try await asked.happened()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        goOn.set()
        #expect(try await client.accessToken() == "canary-token-1")
    }
}
