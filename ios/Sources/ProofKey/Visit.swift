import Foundation
internal import ProofKeyFFI

/// The user's visit to the authorization server: what arrives, until the deadline, whatever the authenticator does.
struct Visit {
    private enum Arrival: Sendable {
        case event(Event)
        case noMore
    }

    private var arrivals: AsyncStream<Arrival>.Iterator
    private let tasks: [Task<Void, Never>]

    /// Opens the browser.
    init(by authenticator: any WebAuthenticator, to request: WebAuthenticationRequest) {
        let (stream, arrived) = AsyncStream<Arrival>.makeStream()
        arrivals = stream.makeAsyncIterator()
        let redirects = Task {
            do {
                for try await uri in authenticator.redirects(for: request) {
                    arrived.yield(.event(.redirect(uri: uri)))
                }
                arrived.yield(.noMore)
            } catch {
                arrived.yield(.event(Self.event(for: error)))
            }
        }
        let deadline = Task {
            if (try? await Task.sleep(for: request.timeout)) != nil {
                arrived.yield(.event(.elapsed))
            }
        }
        tasks = [redirects, deadline]
    }

    /// What arrives next. `refused` says why the last redirect was none of ours.
    mutating func next(after refused: (code: String, text: String)? = nil) async -> Event {
        switch await arrivals.next() {
        case .event(let event): event
        case .noMore:
            .failed(
                code: refused?.code ?? "",
                detail: refused.map { "the one redirect that can arrive here was refused: \($0.text)" }
                    ?? "it ended without a redirect"
            )
        // The stream has no end of its own: the caller has cancelled.
        case nil: .cancel
        }
    }

    /// Closes the browser, as far as that is possible.
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
