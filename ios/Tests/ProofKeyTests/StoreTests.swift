import Foundation
import Testing

@testable import ProofKey

/// What every store does (`TokenStore`), shown of each.
enum StoreContract {
    /// Of an empty store.
    static func check(_ store: any TokenStore, _ location: SourceLocation = #_sourceLocation) async throws {
        let (key, other) = ("tokens-0123", "tokens-4567")
        let (one, two) = (Data("one".utf8), Data("two".utf8))
        #expect(try await store.load(key) == nil, sourceLocation: location)
        // 0 is nothing's revision, and nothing else's.
        #expect(try await !store.swap(key, revision: 7, value: one), sourceLocation: location)
        #expect(try await store.swap(key, revision: 0, value: one), sourceLocation: location)
        #expect(try await !store.swap(key, revision: 0, value: two), sourceLocation: location)
        let first = try #require(try await store.load(key), sourceLocation: location)
        #expect(first.value == one && first.revision != 0, sourceLocation: location)
        #expect(try await store.swap(key, revision: first.revision, value: two), sourceLocation: location)
        #expect(try await !store.swap(key, revision: first.revision, value: one), sourceLocation: location)
        #expect(try await !store.swap(key, revision: first.revision, value: nil), sourceLocation: location)
        let second = try #require(try await store.load(key), sourceLocation: location)
        #expect(second.value == two && second.revision != first.revision, sourceLocation: location)
        // Whatever is there.
        #expect(try await store.swap(key, revision: nil, value: one), sourceLocation: location)
        #expect(try await store.swap(other, revision: nil, value: two), sourceLocation: location)
        let third = try #require(try await store.load(key), sourceLocation: location)
        #expect(third.value == one, sourceLocation: location)
        #expect(try await store.swap(key, revision: third.revision, value: nil), sourceLocation: location)
        #expect(try await store.load(key) == nil, sourceLocation: location)
        #expect(try await store.swap(key, revision: nil, value: nil), sourceLocation: location)
        #expect(try await store.load(other)?.value == two, sourceLocation: location)
        try await checkLocks(store, location)
    }

    private static func checkLocks(_ store: any TokenStore, _ location: SourceLocation) async throws {
        let held = try await store.withLock("a", timeout: .zero) {
            // Another key's is another lock, and writing needs none.
            let both = try? await store.withLock("b", timeout: .zero) {
                let again = try? await store.withLock("a", timeout: .milliseconds(10)) {
                    Issue.record("the lock was given twice", sourceLocation: location)
                }
                #expect(again == false, sourceLocation: location)
            }
            #expect(both == true, sourceLocation: location)
            #expect((try? await store.swap("a", revision: nil, value: Data([1]))) == true, sourceLocation: location)
        }
        #expect(held, sourceLocation: location)
        // One after the other, whoever comes.
        let counter = Box(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var done = false
                    while !done {
                        done = try await store.withLock("a", timeout: .milliseconds(200)) {
                            let before = counter.value
                            await Task.yield()
                            counter.change { $0 = before + 1 }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counter.value == 8, sourceLocation: location)
    }
}

@Suite struct MemoryTokenStoreTests {
    @Test func theContract() async throws {
        try await StoreContract.check(MemoryTokenStore())
    }

    @Test func itsKeyIsItsOwn() async throws {
        let store = MemoryTokenStore()
        let key = try #require(try await store.dataKey())
        #expect(try await store.dataKey()?.exposeText() == key.exposeText())
        #expect(try await MemoryTokenStore().dataKey()?.exposeText() != key.exposeText())
    }

    /// What is kept says nothing, to whoever looks at the store.
    @Test func itIsSealed() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = Recording(MemoryTokenStore())
        try await endpoint.client(store: store).signIn()
        #expect(store.written.value.count > 1)
        for value in store.written.value {
            #expect(value.range(of: Data("canary".utf8)) == nil)
        }
        // Without a key nothing is sealed: the canary is one.
        let bare = Recording(MemoryTokenStore(), sealed: false)
        try await endpoint.client(store: bare).signIn()
        #expect(bare.written.value.contains { $0.range(of: Data("canary-token-2".utf8)) != nil })
    }
}

/// A store of somebody's own: it writes down what it is given.
struct Recording: TokenStore {
    let store: MemoryTokenStore
    let isSealed: Bool
    let written = Box<[Data]>([])

    init(_ store: MemoryTokenStore, sealed: Bool = true) {
        self.store = store
        isSealed = sealed
    }

    func load(_ key: String) async throws -> StoredToken? { await store.load(key) }

    func swap(_ key: String, revision: UInt64?, value: Data?) async throws -> Bool {
        if let value { written.change { $0.append(value) } }
        return await store.swap(key, revision: revision, value: value)
    }

    func withLock(_ key: String, timeout: Duration, _ body: @Sendable () async -> Void) async throws -> Bool {
        await store.withLock(key, timeout: timeout, body)
    }

    func dataKey() async throws -> DataKey? { isSealed ? try await store.dataKey() : nil }
}
