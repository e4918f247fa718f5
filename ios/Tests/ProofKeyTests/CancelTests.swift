import Foundation
import ProofKeyFFI
import Testing

@testable import ProofKey

/// The caller cancels, in each state: Swift's own error comes out, and nothing stays.
@Suite struct CancelTests {
    private let nowhere = "http://127.0.0.1:1/token"

    private func client(by authenticator: any WebAuthenticator) throws -> ProofKeyClient {
        try ProofKeyClient(
            issuer: "https://as.example",
            endpoints: .init(authorization: "https://as.example/authorize", token: nowhere), clientID: "agent",
            authenticator: authenticator)
    }

    private func port(of url: URL) -> UInt16 {
        UInt16(URL(string: parameter(url, "redirect_uri"))!.port!)
    }

    private func cancelled(_ task: Task<ProofKey.TokenSet, any Error>) async throws {
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
    }

    @Test func beforeTheFirstStep() async throws {
        let opened = Box(0)
        let client = try client(by: LoopbackAuthenticator { _ in opened.change { $0 += 1 } })
        let begin = Signal()
        let task = Task {
            // Does not throw: it is waited for by a thread.
            try await begin.happened()
            return try await client.signIn()
        }
        task.cancel()
        begin.set()
        try await cancelled(task)
        #expect(opened.value == 0)
    }

    @Test func whileTheBrowserOpens() async throws {
        let opening = Signal()
        let release = Signal()
        let seen = Box<URL?>(nil)
        let client = try client(
            by: LoopbackAuthenticator { url in
                seen.change { $0 = url }
                opening.set()
                try await release.happened()
            })
        let task = Task { try await client.signIn() }
        try await opening.happened()
        try await cancelled(task)
        #expect(isFree(port(of: try #require(seen.value))))
        release.set()
    }

    @Test func whileTheUserIsWaitedFor() async throws {
        let waiting = Signal()
        let seen = Box<URL?>(nil)
        let client = try client(
            by: LoopbackAuthenticator { url in
                seen.change { $0 = url }
                // Noise, so that the wait has begun for certain when it has been answered.
                let noise = URL(string: "\(parameter(url, "redirect_uri"))?state=guessed")!
                Thread {
                    _ = try? get(noise)
                    waiting.set()
                }.start()
            })
        let task = Task { try await client.signIn() }
        try await waiting.happened()
        try await cancelled(task)
        #expect(isFree(port(of: try #require(seen.value))))
    }

    /// A browser that never comes back and does not hear of the cancel either.
    @Test func whileAnAuthenticatorIsDeaf() async throws {
        let deaf = Deaf()
        let client = try client(by: deaf)
        let task = Task { try await client.signIn() }
        try await deaf.asked.happened()
        try await cancelled(task)
        deaf.release.set()
    }

    /// The caller is released at once; the exchange is not cut, and its answer reaches the flow.
    @Test func whileTheCodeIsRedeemed() async throws {
        let goOn = Signal()
        let sent = Signal()
        let endpoint = try TokenEndpoint { connection in
            goOn.wait()
            respond(ProofKeyTests.tokens)(connection)
            // The other side closes when it has read all.
            _ = connection.receive()
            sent.set()
        }
        let client = try endpoint.client()
        let task = Task { try await client.signIn() }
        try await endpoint.arrived.happened()
        // The server holds the answer: the caller does not wait for it.
        try await cancelled(task)
        goOn.set()
        try await sent.happened()
        #expect(endpoint.requests.count == 1)
    }

    /// What `whileTheCodeIsRedeemed` cannot see from outside: what came is kept, although its caller has gone.
    @Test(.timeLimit(.minutes(1))) func theAnswerIsKept() async throws {
        let goOn = Signal()
        let endpoint = try TokenEndpoint { connection in
            goOn.wait()
            respond(ProofKeyTests.tokens)(connection)
        }
        let client = try endpoint.client()
        let task = Task { try await client.signIn() }
        try await endpoint.arrived.happened()
        try await cancelled(task)
        goOn.set()
        // Waits for the store's lock or its record, whichever comes first; the browser is not opened again.
        #expect(try await kept(by: client) == canaryToken)
        #expect(endpoint.requests.count == 1)
    }

    /// The token, as soon as it is kept.
    private func kept(by client: ProofKeyClient) async throws -> String {
        while true {
            do {
                return try await client.accessToken()
            } catch let error as ProofKey.ProofKeyError where error.code == .signInRequired {
                await Task.yield()
            }
        }
    }

    /// The server's metadata is asked for, and does not come.
    @Test func whileTheServerIsAskedForItsMetadata() async throws {
        let goOn = Signal()
        let server = try TokenEndpoint { _ in goOn.wait() }
        let client = try ProofKeyClient(
            issuer: String(server.url.dropLast("/token".count)), clientID: "agent", authenticator: nobody)
        let task = Task { try await client.signIn() }
        try await server.arrived.happened()
        try await cancelled(task)
        goOn.set()
        #expect(server.requests.count == 1)
    }

    /// A store that does not answer, but hears of the cancel.
    @Test func whileTheStoreReads() async throws {
        let store = Slow()
        let client = try ProofKeyClient(
            issuer: "https://as.example", clientID: "agent", store: store, authenticator: nobody)
        let task = Task { try await client.tokens() }
        try await store.asked.happened()
        try await cancelled(task)
    }

    @Test func othersGoOnWhenOneIsCancelled() async throws {
        let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let quiet = try endpoint.client(by: LoopbackAuthenticator { _ in })
        let task = Task { try await quiet.signIn() }
        #expect(try await endpoint.client().signIn().exposeAccessToken() == canaryToken)
        try await cancelled(task)
    }

    @Test func aThousandCancels() async throws {
        let client = try client(by: LoopbackAuthenticator { _ in })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<1000 {
                let task = Task { try await client.signIn() }
                group.addTask { try await self.cancelled(task) }
            }
            try await group.waitForAll()
        }
    }
}

/// Reads without end.
private struct Slow: TokenStore {
    let asked = Signal()

    func load(_: String) async throws -> StoredToken? {
        asked.set()
        var never = AsyncStream<StoredToken>.makeStream().stream.makeAsyncIterator()
        guard let stored = await never.next() else { throw CancellationError() }
        return stored
    }

    func swap(_: String, revision _: UInt64?, value _: Data?) async throws -> Bool { false }

    func withLock(_: String, timeout _: Duration, _: @Sendable () async -> Void) async throws -> Bool { false }
}

/// Asks nobody and hears nothing.
private struct Deaf: WebAuthenticator {
    let asked = Signal()
    let release = Signal()

    func redirects(for _: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream {
            self.asked.set()
            try? await onThread { _ = self.release.wait() }
            return nil
        }
    }
}
