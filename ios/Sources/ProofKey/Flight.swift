internal import ProofKeyFFI

/// A piece of work that somebody waits for, and that may have to go on without them.
///
/// It runs in a task of its own, which nobody cancels: who is cancelled leaves, and the others wait on. When nobody waits
/// any more it is told to end; what it must finish it finishes first.
final class Flight<Value: Sendable>: Sendable {
    /// The place of one who waits.
    typealias Seat = Int

    private struct State {
        var seats = 0
        var gone: Set<Seat> = []
        var waiting: [Seat: CheckedContinuation<Value, any Error>] = [:]
        var result: Result<Value, any Error>?
        var isFinishing = false
        /// Ends the step that runs, where it can be ended.
        var end: (@Sendable () -> Void)?

        /// Whether nobody waits any more.
        var isCancelled: Bool { seats > 0 && gone.count == seats }
    }

    private let isShared: Bool
    private let state = Locked(State())

    /// - Parameter isShared: Whether others may come to wait as well. Then a cancel lets its caller go at once. Who waits
    ///   alone is let go when what was opened is closed, or at once where the work is at something that it must finish.
    init(isShared: Bool) {
        self.isShared = isShared
    }

    /// Whether the work is to end.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// A place to wait at; none when it is over, or was told to end.
    func seat() -> Seat? {
        state.withLock {
            guard $0.result == nil, !$0.isCancelled else { return nil }
            $0.seats += 1
            return $0.seats
        }
    }

    /// Waits for the end. A cancel of the task is told as what it is, never wrapped.
    func wait(at seat: Seat) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.waiting[seat] = continuation }
                tell([seat])
            }
        } onCancel: {
            let end = state.withLock {
                $0.gone.insert(seat)
                return $0.isCancelled && $0.result == nil ? $0.end : nil
            }
            tell([seat])
            end?()
        }
    }

    /// The end, for all who wait.
    func settle(_ result: Result<Value, any Error>) {
        let seats = state.withLock {
            $0.result = result
            return Array($0.waiting.keys)
        }
        tell(seats)
    }

    /// From here on a cancel does not wait for the work. False if the cancel came before.
    func beginFinishing() -> Bool {
        state.withLock {
            $0.isFinishing = !$0.isCancelled
            return $0.isFinishing
        }
    }

    /// What had to be finished is.
    func endFinishing() {
        state.withLock { $0.isFinishing = false }
    }

    /// Does what need not be finished: a cancel cancels its task, or it does not begin.
    func untilCancelled(_ step: @escaping @Sendable () async -> Event) async -> Event {
        guard !isCancelled else { return .cancel }
        let task = Task(operation: step)
        let isCancelled = state.withLock {
            $0.end = { task.cancel() }
            return $0.isCancelled
        }
        if isCancelled { task.cancel() }
        defer { state.withLock { $0.end = nil } }
        return await task.value
    }

    /// Lets those go whom there is something to tell.
    private func tell(_ seats: [Seat]) {
        for seat in seats {
            let leaving = state.withLock { state -> (waiting: CheckedContinuation<Value, any Error>, what: Told)? in
                guard let what = told(seat, state), let waiting = state.waiting.removeValue(forKey: seat) else {
                    return nil
                }
                return (waiting, what)
            }
            if let leaving { leaving.waiting.resume(with: leaving.what) }
        }
    }

    private typealias Told = Result<Value, any Error>

    private func told(_ seat: Seat, _ state: State) -> Told? {
        guard state.gone.contains(seat) else { return state.result }
        return isShared || state.isFinishing || state.result != nil ? .failure(CancellationError()) : nil
    }
}
