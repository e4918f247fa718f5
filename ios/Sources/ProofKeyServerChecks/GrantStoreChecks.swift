import ProofKey

/// Holds a grant store to what it must promise, also under a race. It knows no test framework. With Swift Testing:
///
/// ```swift
/// @Test(arguments: GrantStorePromise.allCases)
/// func keeps(_ promise: GrantStorePromise) async throws {
///     try await GrantStoreChecks { try MyGrantStore(path) }.check(promise)
/// }
/// ```
///
/// and with XCTest, or in any program, in one call: `try await GrantStoreChecks { try MyGrantStore(path) }.run()`.
///
/// The store need not be empty, as each check makes grants of its own; none waits, and none moves the database's clock: what
/// has expired was put with a lifetime of no seconds.
public struct GrantStoreChecks: Sendable {
    private let subject: Subject
    private let deadline: Duration

    /// Says what is to be checked.
    ///
    /// - Parameters:
    ///   - racers: How many race, two or more.
    ///   - deadline: A check that takes longer is over, and its promise broken: a store that holds Swift's threads while it
    ///     waits for its database may stand still when many ask at once.
    ///   - store: Gives the store, anew for each of those that race; all of them over the same database. A store with
    ///     connections of its own makes the race one of the database.
    /// - Precondition: `racers` is 2 or more.
    public init(
        racers: Int = 64, deadline: Duration = .seconds(60),
        store: @escaping @Sendable () async throws -> any GrantStore
    ) {
        precondition(racers >= 2, "one alone is no race")
        subject = Subject(racers: racers, make: store)
        self.deadline = deadline
    }

    /// Checks one promise.
    ///
    /// - Throws: ``BrokenPromise``. `CancellationError` where this task is cancelled.
    public func check(_ promise: GrantStorePromise) async throws {
        let finding: Finding
        do {
            return try await within(deadline) { [subject] in try await promise.check(subject) }
        } catch let found as Finding {
            finding = found
        } catch is Overdue {
            finding = Finding(circumstance: "the whole of it", expected: "an end within \(deadline)", actual: "none")
        } catch {
            if Task.isCancelled { throw CancellationError() }
            finding = Finding(circumstance: "a call of the store", expected: "no error", actual: "\(error)")
        }
        throw BrokenPromise(
            promise: promise, circumstance: finding.circumstance, expected: finding.expected, actual: finding.actual)
    }

    /// Checks all promises, one after the other.
    ///
    /// - Returns: Those that are broken; of a good store none.
    /// - Throws: `CancellationError` where this task is cancelled, and nothing else.
    public func brokenPromises() async throws -> [BrokenPromise] {
        var broken: [BrokenPromise] = []
        for promise in GrantStorePromise.allCases {
            do {
                try await check(promise)
            } catch let found as BrokenPromise {
                broken.append(found)
            }
        }
        return broken
    }

    /// Checks all promises, one after the other, to the last one.
    ///
    /// - Throws: ``BrokenPromises``, which names each that is broken. `CancellationError` where this task is cancelled.
    public func run() async throws {
        let broken = try await brokenPromises()
        guard broken.isEmpty else { throw BrokenPromises(promises: broken) }
    }
}

extension GrantStorePromise {
    func check(_ subject: Subject) async throws {
        switch self {
        case .aGrantIsFoundByItsIDAndItsHash: try await GrantChecks.aGrantIsFound(subject)
        case .aSecondGrantOfAnIDIsRefused: try await GrantChecks.aSecondGrantIsRefused(subject)
        case .mismatchesAreCounted: try await GrantChecks.mismatchesAreCounted(subject)
        case .aRevocationReachesEveryToken: try await GrantChecks.aRevocationReachesEveryToken(subject)
        case .aClaimHappensOnceAndBringsItsTokens: try await ClaimChecks.aClaimHappensOnce(subject)
        case .aClaimNeedsEveryOneOfItsConditions: try await ClaimChecks.aClaimNeedsItsConditions(subject)
        case .aClaimAndItsTokensAreOne: try await ClaimChecks.aClaimAndItsTokensAreOne(subject)
        case .ofManyClaimsOneWins: try await ClaimChecks.ofManyOneWins(subject)
        case .aRotationHappensOnceAndBringsItsTokens: try await TokenChecks.aRotationHappensOnce(subject)
        case .aRotationNeedsEveryOneOfItsConditions: try await TokenChecks.aRotationNeedsItsConditions(subject)
        case .theWindowSparesThePredecessorAlone: try await TokenChecks.theWindowSparesThePredecessor(subject)
        case .ofManyRotationsOneWins: try await TokenChecks.ofManyOneWins(subject)
        case .aProofIsNewOnce: try await TokenChecks.aProofIsNewOnce(subject)
        case .aGrantLivesItsLife: try await ServerChecks.aGrantLivesItsLife(subject)
        case .ofManyRedeemersOneGetsAToken: try await ServerChecks.ofManyOneGetsAToken(subject)
        }
    }
}
