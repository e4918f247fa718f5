/// Who waits for a piece of work that may have to go on without them.
///
/// A cancel ends the wait when the work has ended, which it does soon; or at once, where the work is at something that
/// it must finish.
final class Caller<Value: Sendable>: Sendable {
    private struct State {
        var waiting: CheckedContinuation<Value, any Error>?
        var result: Result<Value, any Error>?
        var cancelled = false
        var finishing = false

        /// What there is to tell, if anything.
        var told: Result<Value, any Error>? {
            guard cancelled else { return result }
            return finishing || result != nil ? .failure(CancellationError()) : nil
        }
    }

    private let state = Locked(State())

    func wait() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.waiting = continuation }
            resume()
        }
    }

    /// From here on a cancel does not wait for the work. False if the cancel came before.
    func beginFinishing() -> Bool {
        state.withLock {
            $0.finishing = !$0.cancelled
            return $0.finishing
        }
    }

    func settle(_ result: Result<Value, any Error>) {
        state.withLock { $0.result = result }
        resume()
    }

    func cancel() {
        state.withLock { $0.cancelled = true }
        resume()
    }

    /// Lets the caller go if there is something to tell. A cancel is told as what it is, never wrapped.
    private func resume() {
        let resumed = state.withLock { state -> (CheckedContinuation<Value, any Error>, Result<Value, any Error>)? in
            guard let waiting = state.waiting, let result = state.told else { return nil }
            state.waiting = nil
            return (waiting, result)
        }
        if let (waiting, result) = resumed { waiting.resume(with: result) }
    }
}
