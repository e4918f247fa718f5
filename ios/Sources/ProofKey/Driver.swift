import Foundation
internal import ProofKeyFFI

/// A flow of the core, as the loop sees it.
protocol CoreFlow: Sendable {
    associatedtype Outcome: Sendable

    func advance(event: Event, now: UInt64) throws -> Step

    /// What it has ended with, once.
    func ending() throws -> Outcome?
}

extension SignIn: CoreFlow {
    func ending() throws -> TokenSet? {
        try outcome().map { try TokenSet($0) }
    }
}

extension Discovery: CoreFlow {
    func ending() throws -> Discovered? {
        try outcome()
    }
}

/// The loop over a flow's steps: does what a step says, and answers with the event that the step names.
struct Driver<Flow: CoreFlow>: Sendable {
    let flow: Flow
    let authenticator: any WebAuthenticator
    let caller: Caller<Flow.Outcome>

    /// Runs a flow to its end, in a task of its own: the caller may leave while an exchange must go on.
    static func run(_ flow: Flow, by authenticator: any WebAuthenticator) async throws -> Flow.Outcome {
        let caller = Caller<Flow.Outcome>()
        let driver = Driver(flow: flow, authenticator: authenticator, caller: caller)
        let work = Task {
            do {
                caller.settle(.success(try await driver.run()))
            } catch {
                caller.settle(.failure(error))
            }
        }
        return try await withTaskCancellationHandler {
            try await caller.wait()
        } onCancel: {
            caller.cancel()
            work.cancel()
        }
    }

    /// Serves the flow, and closes what was opened.
    func run() async throws -> Flow.Outcome {
        var loopback: Loopback?
        var visit: Visit?
        defer {
            visit?.end()
            loopback?.close()
        }
        var event: Event = Task.isCancelled ? .cancel : .start
        while true {
            switch try crossing({ try flow.advance(event: event, now: secondsSinceTheEpoch()) }) {
            case .listen(let host, let port, let path):
                do {
                    let receiver = try Loopback(host: host, port: port, path: path)
                    loopback = receiver
                    event = .listening(port: receiver.port)
                } catch {
                    event = Loopback.failed(error)
                }
            case .send(let request, let finish):
                event = finish ? await sendToItsEnd(request) : await HttpExchange(request).run()
            case .browse(let address, let redirectURI, let deadlineMs):
                // Cancelled in the meantime: no window opens for a sign-in that is over.
                guard !Task.isCancelled else {
                    event = .cancel
                    continue
                }
                let request = WebAuthenticationRequest(
                    url: try url(from: address),
                    redirectURI: redirectURI,
                    timeout: .milliseconds(deadlineMs),
                    loopback: loopback
                )
                visit = Visit(by: authenticator, to: request)
                event = await visit?.next() ?? .cancel
            case .await(_, let code, let text):
                event = await visit?.next(after: (code, text)) ?? .cancel
            case .done:
                guard let outcome = try crossing({ try flow.ending() }) else { throw ProofKeyError.internalError }
                return outcome
            }
        }
    }

    /// Once begun it is run to its end, and what came is given to the flow, whoever cancels: the server may have used
    /// up a code or rotated a token.
    private func sendToItsEnd(_ request: ProofKeyFFI.HttpRequest) async -> Event {
        guard caller.beginFinishing() else { return .cancel }
        // A task that nobody has a handle of cannot be cancelled.
        return await Task { await HttpExchange(request).run() }.value
    }
}

/// For expiry only, never for a wait.
func secondsSinceTheEpoch() -> UInt64 {
    UInt64(max(0, Date().timeIntervalSince1970))
}
