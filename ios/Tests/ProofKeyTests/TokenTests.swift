import Foundation
import ProofKey
import Testing

/// A token that is kept and stays fresh, for any number of tasks.
@Suite struct TokenTests {
    @Test func nobodyHasSignedIn() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let error = try await failure { try await endpoint.client(by: nobody).accessToken() }
        #expect(error.code == .signInRequired)
        #expect(error.family == .signInAgain)
        #expect(endpoint.requests.isEmpty)
    }

    @Test func aSignInIsKeptForOtherClientsOfItsStore() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = MemoryTokenStore()
        try await endpoint.client(store: store).signIn()
        let other = try endpoint.client(by: nobody, store: store)
        #expect(try await other.accessToken() == "canary-token-1")
        #expect(try await other.tokens().exposeRefreshToken() == "canary-refresh-1")
        #expect(await other.lastWarning == nil)
        #expect(endpoint.requests.count == 1)
        // Another store knows nothing of it.
        #expect(try await failure { try await endpoint.client(by: nobody).accessToken() }.code == .signInRequired)
    }

    @Test func whatHasExpiredIsRefreshed() async throws {
        let endpoint = try TokenEndpoint.issuing(for: [0])
        let client = try endpoint.client()
        try await client.signIn()
        for _ in 0..<3 {
            #expect(try await client.accessToken() == "canary-token-2")
        }
        #expect(endpoint.requests.count == 2)
        let sent = String(decoding: endpoint.requests[1], as: UTF8.self)
        #expect(sent.contains("canary-refresh-1"))
    }

    /// P14: what the server refuses is over, and the user is asked where that is allowed.
    @Test func aRefreshThatIsRefused() async throws {
        let answers = Box(0)
        let endpoint = try TokenEndpoint { connection in
            answers.change { $0 += 1 }
            switch answers.value {
            case 2: respond(#"{"error":"invalid_grant"}"#, status: "400 B")(connection)
            default:
                respond(
                    #"{"access_token":"t-\#(answers.value)","refresh_token":"canary-refresh","token_type":"Bearer","expires_in":0}"#
                )(
                    connection)
            }
        }
        let store = MemoryTokenStore()
        let client = try endpoint.client(store: store)
        try await client.signIn()
        let quiet = try endpoint.client(by: nobody, store: store)
        let refused = try await failure { try await quiet.accessToken() }
        #expect(refused.code == .invalidGrant, "\(refused)")
        #expect(try await failure { try await quiet.accessToken() }.code == .signInRequired)
        #expect(endpoint.requests.count == 2)
        #expect(try await client.accessToken(interaction: .browser) == "t-3")
    }

    /// One refresh, whoever asks: a thousand tasks of one client.
    @Test func aThousandTasksCauseOneRefresh() async throws {
        let endpoint = try TokenEndpoint.issuing(for: [0])
        let client = try endpoint.client()
        try await client.signIn()
        let all = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<1000 {
                group.addTask { try await client.accessToken() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all == Array(repeating: "canary-token-2", count: 1000))
        #expect(endpoint.requests.count == 2)
    }

    /// And of a hundred clients that share a store: its lock sees to it.
    @Test func aHundredClientsCauseOneRefresh() async throws {
        let endpoint = try TokenEndpoint.issuing(for: [0])
        let store = MemoryTokenStore()
        try await endpoint.client(store: store).signIn()
        let all = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask { try await endpoint.client(by: nobody, store: store).accessToken() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all == Array(repeating: "canary-token-2", count: 100))
        #expect(endpoint.requests.count == 2)
    }

    @Test func whoIsCancelledLeavesAloneAndAtOnce() async throws {
        let refreshing = Signal()
        let goOn = Signal()
        let endpoint = try TokenEndpoint.issuing(for: [0]) { number in
            guard number == 2 else { return }
            refreshing.set()
            goOn.wait()
        }
        let client = try endpoint.client()
        try await client.signIn()
        let patient = Task { try await client.accessToken() }
        try await refreshing.happened()
        let impatient = Task { try await client.accessToken() }
        impatient.cancel()
        // The server holds the answer.
        await #expect(throws: CancellationError.self) { try await impatient.value }
        goOn.set()
        #expect(try await patient.value == "canary-token-2")
        #expect(endpoint.requests.count == 2)
    }

    /// A refresh that has begun is finished and kept, although nobody waits for it any more.
    @Test func theLastOneLeaves() async throws {
        let refreshing = Signal()
        let goOn = Signal()
        let endpoint = try TokenEndpoint.issuing(for: [0]) { number in
            guard number == 2 else { return }
            refreshing.set()
            goOn.wait()
        }
        let client = try endpoint.client()
        try await client.signIn()
        let only = Task { try await client.accessToken() }
        try await refreshing.happened()
        only.cancel()
        await #expect(throws: CancellationError.self) { try await only.value }
        let next = Task { try await client.accessToken() }
        goOn.set()
        #expect(try await next.value == "canary-token-2")
        #expect(endpoint.requests.count == 2)
    }

    @Test func aTokenIsRefreshedOnceAtTheServer() async throws {
        let server = try Server.running()
        let store = MemoryTokenStore()
        let client = try server.client(store: store)
        let first = try await client.signIn().exposeAccessToken()
        #expect(try await client.accessToken() == first)
        #expect(try await server.client(store: store, by: nobody).accessToken() == first)
    }

    /// Where there is no other way the user is asked, and where there is not.
    @Test func theUserIsAskedWhereItIsAllowed() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client()
        #expect(try await client.accessToken(interaction: .auto) == "canary-token-1")
        #expect(try await client.accessToken(interaction: .browser) == "canary-token-1")
        let error = try await failure { try await client.signIn(interaction: .never) }
        #expect(error.code == .invalidConfiguration)
    }

    @Test func accountsAreKeptApart() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = MemoryTokenStore()
        func client(_ account: String?) throws -> ProofKeyClient {
            try ProofKeyClient(
                issuer: "https://as.example",
                endpoints: .init(authorization: "https://as.example/authorize", token: endpoint.url), clientID: "agent",
                account: account, store: store, authenticator: approving)
        }
        try await client("ada").signIn()
        try await client(nil).signIn()
        #expect(try await client("ada").accessToken() == "canary-token-1")
        #expect(try await client(nil).accessToken() == "canary-token-2")
        #expect(try await failure { try await client("eve").accessToken() }.code == .signInRequired)
    }

    @Test func aClosedClient() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client()
        try await client.signIn()
        await client.close()
        #expect(try await failure { try await client.accessToken() }.code == .closed)
        #expect(try await failure { try await client.signOut() }.code == .closed)
        #expect(try await failure { try await client.resume() }.code == .closed)
    }
}
