import Foundation
internal import ProofKeyFFI

/// The user's visit to the authorization server, and what comes back from it.
protocol Visit: Sendable {
    /// What arrives next. `refused` says why the last redirect was none of ours.
    func next(after refused: (code: String, text: String)?) async -> Event

    /// Closes what is open, as far as that is possible.
    func end()
}

/// With a browser: what arrives, until the deadline, whatever the authenticator does.
struct BrowserVisit: Visit {
    private enum Arrival: Sendable {
        case event(Event)
        case noMore
    }

    private let arrivals: AsyncStream<Arrival>
    private let tasks: [Task<Void, Never>]

    /// Begins.
    init(timeout: Duration, _ redirects: @escaping @Sendable () -> AsyncThrowingStream<String, any Error>) {
        let (stream, arrived) = AsyncStream<Arrival>.makeStream()
        arrivals = stream
        let redirects = Task {
            do {
                for try await uri in redirects() {
                    arrived.yield(.event(.redirect(uri: uri)))
                }
                arrived.yield(.noMore)
            } catch {
                arrived.yield(.event(Self.event(for: error)))
            }
        }
        let deadline = Task {
            if (try? await Task.sleep(for: timeout)) != nil {
                arrived.yield(.event(.elapsed))
            }
        }
        tasks = [redirects, deadline]
    }

    func next(after refused: (code: String, text: String)?) async -> Event {
        // One after the other: what has arrived is in the stream, whoever reads it.
        var arrivals = arrivals.makeAsyncIterator()
        switch await arrivals.next() {
        case .event(let event): return event
        case .noMore: return .failed(code: refused?.code ?? "", detail: noMoreRedirects(after: refused))
        // The stream has no end of its own: the caller has cancelled.
        case nil: return .cancel
        }
    }

    func end() {
        for task in tasks { task.cancel() }
    }

    private static func event(for error: any Error) -> Event {
        switch error {
        case let error as WebAuthenticationError:
            switch error.reason {
            case .dismissed: .dismissed
            case .timedOut: .elapsed
            case .failed: .failed(code: "", detail: error.description)
            }
        case let error as Loopback.Failure: error.event
        case is CancellationError: .cancel
        default: .failed(code: "", detail: error.localizedDescription)
        }
    }
}

/// Why nothing more can arrive.
func noMoreRedirects(after refused: (code: String, text: String)?) -> String {
    refused.map { "the one redirect that can arrive here was refused: \($0.text)" } ?? "it ended without a redirect"
}
