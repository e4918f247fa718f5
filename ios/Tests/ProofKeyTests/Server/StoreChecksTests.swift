import Foundation
import ProofKey
import ProofKeyServerChecks
import Testing

@testable import GrantServer

/// The public suite for grant stores: good stores pass it. ``BrokenStoreTests`` shows that others do not.
@Suite struct StoreChecksTests {
    @Test(arguments: GrantStorePromise.allCases) func theStoreInMemoryKeeps(_ promise: GrantStorePromise) async throws {
        let store = MemoryGrantStore()
        try await GrantStoreChecks { store }.check(promise)
    }

    /// Each of those that race has a connection of its own. One race at a time: each opens some two hundred files.
    @Test(.serialized, arguments: GrantStorePromise.allCases) func theStoreOverSQLiteKeeps(_ promise: GrantStorePromise)
        async throws
    {
        let folder = try Folder()
        let path = folder.path("grants.db")
        try await SQLiteGrantStore(path).makeTables()
        try await GrantStoreChecks { try await SQLiteGrantStore(path) }.check(promise)
    }

    @Test func aStoreThatRemembersNothingPasses() async throws {
        let inner = MemoryGrantStore()
        try await GrantStoreChecks(racers: 8) { WithoutProofs(inner: inner) }.run()
    }

    /// As many as in the other languages, and each by its own name.
    @Test func thePromises() {
        #expect(GrantStorePromise.allCases.count == 15)
        #expect(Set(GrantStorePromise.allCases.map(\.description)).count == 15)
        #expect("\(GrantStorePromise.ofManyRedeemersOneGetsAToken)" == "of many redeemers one gets a token")
    }
}
