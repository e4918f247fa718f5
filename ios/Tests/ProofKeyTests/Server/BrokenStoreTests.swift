import Foundation
import ProofKey
import ProofKeyServerChecks
import Testing

@testable import GrantServer

/// Stores that are broken on purpose: the suite finds each, and says which promise it breaks and no other.
@Suite struct BrokenStoreTests {
    static let racers = 8
    static let faults = grantFaults + claimFaults + rotationFaults + otherFaults

    @Test(arguments: faults) func aFaultBreaksItsPromises(_ fault: StoreFault) async throws {
        let broken = try await GrantStoreChecks(racers: Self.racers, store: fault.database()).brokenPromises()
        #expect(Set(broken.map(\.promise)) == fault.breaks, "\(broken)")
        #expect(broken.first?.circumstance == fault.circumstance, "\(broken)")
    }

    @Test(arguments: GrantStorePromise.allCases) func eachPromiseIsBrokenAlone(_ promise: GrantStorePromise) {
        #expect(Self.faults.contains { $0.breaks == [promise] })
    }

    /// What is expected and what came, in all the ways in which it can be read.
    @Test func aBrokenPromiseIsTold() async throws {
        let fault = try #require(Self.faults.first { $0.breaks == [.mismatchesAreCounted] })
        let checks = GrantStoreChecks(racers: 8, store: fault.database())
        let told = "mismatches are counted: mismatches after 8 at once: expected 8, got 1"
        let broken = try await caught(BrokenPromises.self) { try await checks.run() }
        #expect(broken.promises.map(\.description) == [told])
        #expect("\(broken)" == told && broken.localizedDescription == told)
        let alone = try await caught(BrokenPromise.self) { try await checks.check(.mismatchesAreCounted) }
        #expect(alone.expected == "8" && alone.actual == "1" && alone.localizedDescription == told)
    }

    /// The columns that were lost, and no others.
    @Test func columnsAreNamed() async throws {
        let fault = try #require(Self.faults.first { $0.name == "the terms are forgotten" })
        let broken = try await GrantStoreChecks(racers: 2, store: fault.database()).brokenPromises()
        let told = try #require(broken.first)
        #expect(told.expected.contains(#"acr "urn:example:strong""#) && told.actual.contains("acr none"))
        #expect(!told.expected.contains("subject"))
    }

    /// Every promise, because nothing can be looked at.
    @Test func whatAStoreThrowsIsTold() async throws {
        let checks = GrantStoreChecks(racers: 2) { throw TokenStoreError.failed("the disk is gone") }
        let broken = try await checks.brokenPromises()
        #expect(broken.map(\.promise) == GrantStorePromise.allCases)
        #expect(broken.allSatisfy { $0.expected == "no error" && $0.actual.contains("the disk is gone") })
    }

    /// One that never answers, and heeds no cancel.
    @Test func aStoreThatStandsStillIsTold() async throws {
        let release = Signal()
        var store = Tampered()
        store.onCount = { _, _ in try await release.happened() }
        let still = store
        let checks = GrantStoreChecks(racers: 2, deadline: .milliseconds(10)) { still }
        let broken = try await caught(BrokenPromise.self) { try await checks.check(.mismatchesAreCounted) }
        #expect(broken.actual == "none" && broken.expected == "an end within \(Duration.milliseconds(10))")
        release.set()
    }

    @Test func aCancelPasses() async throws {
        let (entered, release) = (Signal(), Signal())
        var store = Tampered()
        store.onPut = { _, _ in
            entered.set()
            try await release.happened()
            return true
        }
        let still = store
        let task = Task { try await GrantStoreChecks { still }.run() }
        try await entered.happened()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        release.set()
    }

    /// The mistake of docs/grants.md over a real database: the suite finds it where its statements meet.
    @Test func theNaiveStoreIsFound() async throws {
        let folder = try Folder()
        let path = folder.path("grants.db")
        try await SQLiteGrantStore(path).makeTables()
        let between = Barrier(Self.racers)
        let checks = GrantStoreChecks(racers: Self.racers) {
            NaiveGrantStore(inner: try await SQLiteGrantStore(path), between: between)
        }
        let broken = try await caught(BrokenPromise.self) { try await checks.check(.ofManyClaimsOneWins) }
        #expect(broken.expected == "1" && broken.actual == "\(Self.racers)")
    }

    private func caught<Failure: Error>(_ type: Failure.Type, of work: () async throws -> Void) async throws -> Failure
    {
        do {
            try await work()
        } catch let error as Failure {
            return error
        }
        throw Missing(what: "\(type)")
    }
}
