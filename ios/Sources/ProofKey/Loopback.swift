import Foundation
internal import ProofKeyFFI

/// The loopback receiver (RFC 8252 §7.3), waited for without holding a thread of Swift's.
final class Loopback: Sendable {
    /// The receiver's own error.
    struct Failure: Error {
        let event: Event
    }

    /// The port, never 0.
    let port: UInt16
    private let receiver: LoopbackReceiver

    /// Opens the port.
    init(host: LoopbackHost, port: UInt16, path: String) throws {
        receiver = try LoopbackReceiver.bind(host: host, port: port, path: path)
        self.port = try receiver.port()
    }

    /// The next redirect.
    ///
    /// - Throws: `WebAuthenticationError.timedOut`, `CancellationError`, or `Failure`.
    func next(until deadline: ContinuousClock.Instant) async throws -> String {
        let received = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A thread of its own: Swift's are few, and each sign-in would hold one for as long as its user takes.
                let thread = Thread { [receiver] in
                    let left = max(.zero, deadline - .now)
                    let received = Result {
                        try receiver.wait(deadlineMs: (try? Settings.milliseconds(left)) ?? 0)
                    }
                    continuation.resume(with: received.mapError { Failure(event: Self.failed($0)) })
                }
                thread.name = "proofkey-wait"
                thread.start()
            }
        } onCancel: {
            // Ends the wait at once. A failure leaves the wait to its deadline.
            try? receiver.cancel()
        }
        switch received {
        case .redirect(let uri): return uri
        case .elapsed: throw WebAuthenticationError.timedOut
        case .cancelled: throw CancellationError()
        }
    }

    /// All redirects that arrive.
    func redirects(until deadline: ContinuousClock.Instant) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { redirects in
            let waiting = Task {
                do {
                    while true {
                        redirects.yield(try await next(until: deadline))
                    }
                } catch {
                    redirects.finish(throwing: error)
                }
            }
            redirects.onTermination = { _ in waiting.cancel() }
        }
    }

    /// Ends the wait that runs, and gives the port back. When it returns, the port is free.
    func close() {
        try? receiver.cancel()
        // Comes after the wait that runs, which has just been ended, and returns at once.
        _ = try? receiver.wait(deadlineMs: 0)
        try? receiver.release()
    }

    /// The receiver's error as the event that the flow turns into the same error.
    static func failed(_ error: any Error) -> Event {
        guard
            case .Failed(let code, _, let text, _)? = error as? ProofKeyFFI.ProofKeyError
        else {
            return .failed(code: "", detail: "the library failed")
        }
        // The flow says again which part has failed.
        let part = "the loopback receiver failed: "
        return .failed(
            code: code, detail: text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
    }
}
