import ProofKey

/// The store that is looked at.
struct Subject: Sendable {
    let racers: Int
    let make: @Sendable () async throws -> any GrantStore

    func store() async throws -> any GrantStore { try await make() }

    /// What so many get that begin at one moment, each with a store of its own, in the order of their numbers.
    func atOnce<Value: Sendable>(
        _ work: @escaping @Sendable (any GrantStore, Int) async throws -> Value
    ) async throws -> [Value] {
        // Before anybody waits for the others: where one cannot be made, nobody waits for ever.
        var stores: [any GrantStore] = []
        for _ in 0..<racers { stores.append(try await make()) }
        let together = Barrier(racers)
        return try await withThrowingTaskGroup(of: (number: Int, value: Value).self) { group in
            for (number, store) in stores.enumerated() {
                group.addTask {
                    await together.pass()
                    return (number, try await work(store, number))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
                .sorted { $0.number < $1.number }.map(\.value)
        }
    }
}

/// Lets its parties go when the last one is there.
private actor Barrier {
    private let parties: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ parties: Int) { self.parties = parties }

    func pass() async {
        guard waiting.count + 1 == parties else {
            return await withCheckedContinuation { waiting.append($0) }
        }
        for one in waiting { one.resume() }
        waiting = []
    }
}

/// There was no end.
struct Overdue: Error {}

/// Waits for work no longer than that, also for work that heeds no cancel: that is left to itself.
func within(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Void) async throws {
    let (ends, end) = AsyncThrowingStream.makeStream(of: Void.self)
    let worker = Task {
        do {
            try await work()
            end.yield(())
            end.finish()
        } catch {
            end.finish(throwing: error)
        }
    }
    let timer = Task {
        try await Task.sleep(for: limit)
        end.finish(throwing: Overdue())
    }
    defer {
        worker.cancel()
        timer.cancel()
    }
    for try await _ in ends { return }
    throw CancellationError()
}
