import Foundation
import Testing

@testable import ProofKey

/// A store of the program's own that fails at each of its calls, one after the other. Nothing hangs, no lock stays, and what
/// a server has issued is given out.
@Suite struct FailingStoreTests {
    /// Fails at one call of each run, before or after it is done.
    private final class Failing: TokenStore {
        struct Plan {
            var failsAt = Int.max
            var error: any Error & Sendable = TokenStoreError.full("canary of the store")
            var calls = 0
            var held = 0
        }

        let plan = Locked(Plan())
        private let store = MemoryTokenStore()

        /// Begins to count anew.
        func fail(at call: Int, with error: any Error & Sendable = TokenStoreError.full("canary of the store")) {
            plan.withLock { $0 = Plan(failsAt: call, error: error) }
        }

        private func count() throws {
            try plan.withLock {
                $0.calls += 1
                if $0.calls == $0.failsAt { throw $0.error }
            }
        }

        func load(_ key: String) async throws -> StoredToken? {
            try count()
            return await store.load(key)
        }

        func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool {
            try count()
            return await store.swap(key, revision: revision, value: value)
        }

        func withLock(_ key: String, timeout: Duration, _ body: @Sendable () async -> Void) async throws -> Bool {
            try count()
            let held = await store.withLock(key, timeout: timeout) {
                self.plan.withLock { $0.held += 1 }
                await body()
                self.plan.withLock { $0.held -= 1 }
            }
            // Where the lock cannot be given back.
            try count()
            return held
        }

        func dataKey() async throws -> DataKey? {
            try count()
            return try await store.dataKey()
        }
    }

    /// What came of each failure, by its place; the last one has none.
    private func everyFailure(
        _ store: Failing, _ call: () async throws -> String
    ) async throws -> [String] {
        var outcomes: [String] = []
        while true {
            store.fail(at: outcomes.count + 1)
            do {
                outcomes.append(try await call())
            } catch let error as ProofKeyError {
                outcomes.append(error.code.rawValue)
            }
            #expect(store.plan.withLock { $0.held } == 0)
            if store.plan.withLock({ $0.calls < $0.failsAt }) { return outcomes }
            try #require(outcomes.count < 50)
        }
    }

    @Test func aSignIn() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = Failing()
        let client = try endpoint.client(store: store)
        let outcomes = try await everyFailure(store) {
            let before = endpoint.requests.count
            let tokens = try await client.signIn()
            #expect(try tokens.exposeAccessToken() == "canary-token-\(before + 1)")
            return await client.lastWarning?.code.rawValue ?? "kept"
        }
        // The key, then the records: with the tokens there, a failure is a warning.
        #expect(outcomes == ["store_full", "store_full", "store_full", "kept"])
        #expect(endpoint.requests.count == 3)
    }

    @Test func aRefresh() async throws {
        let endpoint = try TokenEndpoint.issuing(for: Array(repeating: 0, count: 100))
        let store = Failing()
        let client = try endpoint.client(store: store)
        try await client.signIn()
        let outcomes = try await everyFailure(store) {
            let before = endpoint.requests.count
            let token = try await client.accessToken()
            #expect(token == "canary-token-\(before + 1)")
            return await client.lastWarning?.code.rawValue ?? "kept"
        }
        // key, load, lock, load, swap, unlock
        #expect(outcomes.last == "kept")
        #expect(outcomes.dropLast().allSatisfy { $0 == "store_full" || $0 == "kept" })
        #expect(outcomes.count == 7)
        // What a lock that is not given back leads to is the store's affair: the tokens are given.
        #expect(outcomes[5] == "kept")
    }

    @Test func aSignOut() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = Failing()
        let client = try endpoint.client(store: store)
        let outcomes = try await everyFailure(store) {
            let plan = store.plan.withLock { $0 }
            store.fail(at: .max)
            try await client.signIn()
            store.plan.withLock { $0 = plan }
            return try await client.signOut().isRevoked.map { "\($0)" } ?? "nothing"
        }
        #expect(outcomes.last == "true")
        #expect(outcomes.count > 5)
    }

    @Test func anyErrorIsTheStores() async throws {
        struct Own: LocalizedError {
            let errorDescription: String? = "the cupboard is locked"
        }
        let store = Failing()
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(by: nobody, store: store)
        for call in 1...2 {
            store.fail(at: call, with: Own())
            let error = try await failure { try await client.accessToken() }
            #expect(error.code == .storeFailed)
            #expect(error.message.contains("the cupboard is locked"))
        }
        store.fail(at: 2, with: ProofKeyError.ofStore("store_denied", "by the landlord"))
        let error = try await failure { try await client.accessToken() }
        #expect(error.code == .storeDenied)
        #expect(error.message == ProofKeyError.ofStore("store_denied", "by the landlord").message)
    }

    @Test(arguments: [
        (TokenStoreError.failed("x"), ProofKeyError.Code.storeFailed), (.full("x"), .storeFull),
        (.denied("x"), .storeDenied), (.insecure("x"), .storeInsecure), (.unreadable("x"), .storeUnreadable),
        (.keyringUnavailable("x"), .keyringUnavailable),
    ])
    func theStoresOwnWords(error: TokenStoreError, code: ProofKeyError.Code) async throws {
        let store = Failing()
        let endpoint = try TokenEndpoint.issuing()
        store.fail(at: 2, with: error)
        let client = try endpoint.client(by: nobody, store: store)
        #expect(try await failure { try await client.accessToken() }.code == code)
    }

    /// Somebody else holds the lock for ever, and the store does not even wait.
    @Test func aCancelWhileTheLockIsWaitedFor() async throws {
        let asked = Signal()
        let store = Busy(asked: asked)
        let endpoint = try TokenEndpoint.issuing(for: [0])
        let client = try endpoint.client(store: store)
        try await client.signIn()
        let task = Task { try await client.accessToken() }
        try await asked.happened()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let out = Task { try await client.signOut() }
        out.cancel()
        await #expect(throws: CancellationError.self) { try await out.value }
        #expect(endpoint.requests.count == 1)
    }

    private struct Busy: TokenStore {
        let asked: Signal
        let store = MemoryTokenStore()

        func load(_ key: String) async throws -> StoredToken? { await store.load(key) }

        func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool {
            await store.swap(key, revision: revision, value: value)
        }

        func withLock(_: String, timeout _: Duration, _: @Sendable () async -> Void) async throws -> Bool {
            asked.set()
            return false
        }
    }
}
