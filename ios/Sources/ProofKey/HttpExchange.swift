import Foundation
internal import ProofKeyFFI

/// What carries one exchange: URLSession on Apple's platforms, libcurl on Linux.
protocol HttpTransport: Sendable {
    /// - Parameter ended: Called from any thread when it has ended by itself. What it says later does not count.
    init(_ request: ProofKeyFFI.HttpRequest, ended: @escaping @Sendable (Event) -> Void)

    /// Begins, unless it was stopped before.
    func start()

    /// Nothing more is sent or read. It does not block, and has its meaning once.
    ///
    /// - Returns: Whether the request may have arrived.
    @discardableResult
    func stop() -> Bool
}

/// One HTTP exchange, exactly as the core wrote it: nothing followed, nothing repeated, nothing kept. It ends with an
/// answer, at the request's deadline, or by a cancel of the task: what comes first.
final class HttpExchange: Sendable {
    private struct State {
        var waiting: CheckedContinuation<Event, Never>?
        var outcome: Event?
        var transport: (any HttpTransport)?
        var deadline: Task<Void, Never>?
    }

    private let request: ProofKeyFFI.HttpRequest
    private let state = Locked(State())

    init(_ request: ProofKeyFFI.HttpRequest) {
        self.request = request
    }

    /// Makes the exchange and waits for its end. A cancel of the task closes it.
    func run() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiting = continuation }
                begin()
            }
        } onCancel: {
            end(.cancel)
        }
    }

    private func begin() {
        guard request.url.hasPrefix("https://") || request.url.hasPrefix("http://") else {
            end(.unreachable(reason: .notConnected, detail: "the address is neither http nor https"))
            return
        }
        let transport = PlatformTransport(request) { self.end($0) }
        let timeout = request.timeoutMs
        let deadline = Task {
            guard (try? await Task.sleep(for: .milliseconds(timeout))) != nil else { return }
            // What was not sent by now is not sent any more.
            let reason: Lost = transport.stop() ? .timedOut : .notConnected
            self.end(.unreachable(reason: reason, detail: "no whole answer within \(Double(timeout) / 1000) s"))
        }
        let ended = state.withLock {
            $0.transport = transport
            $0.deadline = deadline
            return $0.outcome
        }
        // Cancelled before it began: nothing is sent.
        if let ended { end(ended) } else { transport.start() }
    }

    /// Ends the exchange with this, if it has not ended.
    private func end(_ event: Event) {
        let (waiting, outcome, transport, deadline) = state.withLock { state in
            let outcome = state.outcome ?? event
            state.outcome = outcome
            defer { (state.waiting, state.transport, state.deadline) = (nil, nil, nil) }
            return (state.waiting, outcome, state.transport, state.deadline)
        }
        deadline?.cancel()
        transport?.stop()
        waiting?.resume(returning: outcome)
    }
}
