import Foundation
internal import ProofKeyFFI

/// What a flow meets outside.
struct Platform: Sendable {
    let store: any TokenStore
    let authenticator: any WebAuthenticator
    let confirmation: IssuerConfirmation
    /// Where the user pastes the address that the browser ended at; none where a browser of this machine is used.
    let terminal: Terminal?
    /// Shows a device code.
    let showCode: DeviceCode.Show
    /// Who keeps the key that tokens are bound to, where the platform does.
    let signer: (any ProofKeySigner)?
}

/// The loop over a flow's steps: does what a step says, and answers with the event that the step names.
actor Driver {
    /// Why the loop stops.
    private enum Stop {
        case done
        /// The lock that it was entered with is given back.
        case unlocked
    }

    private let flow: Access
    private let platform: Platform
    private let flight: Flight<Landing>
    private var loopback: Loopback?
    private var visit: (any Visit)?
    private let display = CodeDisplay()
    /// Whether the flow has heard that nobody waits any more.
    private var hasHeard = false

    init(flow: Access, platform: Platform, flight: Flight<Landing>) {
        self.flow = flow
        self.platform = platform
        self.flight = flight
    }

    /// Serves the flow to its end, and closes what was opened. Its task must not be cancelled: the flight is.
    func run() async throws -> AccessOutcome {
        defer {
            visit?.end()
            display.end()
            loopback?.close()
        }
        let stop = try await serve(from: flight.isCancelled ? .cancel : .start)
        guard stop == .done, let outcome = try crossing({ try flow.outcome() }) else {
            throw ProofKeyError.internalError
        }
        return outcome
    }

    private func serve(from first: Event) async throws -> Stop {
        var event = first
        while true {
            if event == .cancel { hasHeard = true }
            switch try crossing({ try flow.advance(event: event, now: secondsSinceTheEpoch()) }) {
            case .listen(let host, let port, let path):
                event = listen(host, port, path)
            case .send(let request, let finish):
                event =
                    finish
                    ? await sendToItsEnd(request)
                    : await flight.untilCancelled { await HttpExchange(request).run() }
            case .confirm(let issuerHost, let resourceHost):
                event = await flight.untilCancelled { [platform] in
                    await platform.confirmation.allows(issuerHost, for: resourceHost) ? .allowed : .refused
                }
            case .browse(let address, let redirectURI, let deadlineMs):
                event = try await browse(address, redirectURI, .milliseconds(deadlineMs))
            case .await(let deadlineMs, let code, let text):
                event = await wait(.milliseconds(deadlineMs), refused: code.isEmpty ? nil : (code, text))
            case .showCode(let code, let pollMs):
                event = await flight.untilCancelled { [display, platform] in
                    display.show(DeviceCode(code), by: platform.showCode)
                    return await display.wait(.milliseconds(pollMs))
                }
            case .wait(let millis):
                event = await flight.untilCancelled { [display] in await display.wait(.milliseconds(millis)) }
            case .key(let keyID, _):
                event = await signing { .publicKey(sec1: try await $0.publicKey(keyID: keyID)) }
            case .sign(let keyID, _, let input):
                event = await signing { .signed(signature: try await $0.sign(keyID: keyID, input: Data(input.utf8))) }
            case .lock(let key, let deadlineMs):
                guard let next = try await lock(key, until: .now + .milliseconds(deadlineMs)) else { return .done }
                event = next
            case .load(let key):
                event = try await load(key)
            case .swap(let key, let revision, let value):
                event = try await swap(key, revision, value)
            case .unlock:
                return .unlocked
            case .done:
                return .done
            }
        }
    }
}

// MARK: - The server

extension Driver {
    /// Once begun it is run to its end, and what came is given to the flow, whoever cancels: the server may have used
    /// up a code or rotated a token. What the flow asks for after it has heard of a cancel it needs to end well.
    private func sendToItsEnd(_ request: ProofKeyFFI.HttpRequest) async -> Event {
        guard flight.beginFinishing() || hasHeard else { return .cancel }
        defer { flight.endFinishing() }
        // A task that nobody has a handle of cannot be cancelled.
        return await Task { await HttpExchange(request).run() }.value
    }
}

// MARK: - The user

extension Driver {
    private func listen(_ host: LoopbackHost, _ port: UInt16, _ path: String) -> Event {
        guard !flight.isCancelled else { return .cancel }
        do {
            let receiver = try Loopback(host: host, port: port, path: path)
            loopback?.close()
            loopback = receiver
            return .listening(port: receiver.port)
        } catch {
            return Loopback.failed(error)
        }
    }

    private func browse(_ address: String, _ redirectURI: String, _ timeout: Duration) async throws -> Event {
        // Cancelled in the meantime: no window opens for a sign-in that is over.
        guard !flight.isCancelled else { return .cancel }
        let visit: any Visit
        if let terminal = platform.terminal {
            visit = PastedVisit(at: terminal, to: address, timeout: timeout)
        } else {
            let request = WebAuthenticationRequest(
                url: try url(from: address), redirectURI: redirectURI, timeout: timeout, loopback: loopback)
            visit = BrowserVisit(timeout: timeout) { [platform] in platform.authenticator.redirects(for: request) }
        }
        self.visit = visit
        return await flight.untilCancelled { await visit.next(after: nil) }
    }

    /// Waits on; where nothing was opened, the sign-in is one that another run of the program began.
    private func wait(_ timeout: Duration, refused: (code: String, text: String)?) async -> Event {
        if visit == nil {
            if let terminal = platform.terminal {
                visit = PastedVisit(at: terminal, to: nil, timeout: timeout)
            } else if let loopback {
                let deadline = ContinuousClock.now + timeout
                visit = BrowserVisit(timeout: timeout) { loopback.redirects(until: deadline) }
            }
        }
        guard let visit else {
            let detail = refused.map(noMoreRedirects) ?? "no redirect was given, and none can be waited for here"
            return .failed(code: refused?.code ?? "", detail: detail)
        }
        return await flight.untilCancelled { await visit.next(after: refused) }
    }
}

// MARK: - The platform's key

extension Driver {
    private func signing(_ ask: @escaping @Sendable (any ProofKeySigner) async throws -> Event) async -> Event {
        await flight.untilCancelled { [platform] in
            do {
                guard let signer = platform.signer else { throw SignerError.noSigner }
                return try await ask(signer)
            } catch {
                // A signer that gives up by itself was not cancelled by the caller.
                return Task.isCancelled ? .cancel : .failed(code: "", detail: SignerError.words(of: error))
            }
        }
    }
}

// MARK: - The store

extension Driver {
    /// A wait for a lock is made of short ones, so that a cancel is seen whatever the store does.
    private static var slice: Duration { .milliseconds(200) }

    /// Serves the flow while the lock is held. What is to be told to the flow then; nothing when it is done.
    private func lock(_ key: String, until deadline: ContinuousClock.Instant) async throws -> Event? {
        let stopped = Locked<Result<Stop, any Error>?>(nil)
        while true {
            guard !flight.isCancelled else { return .cancel }
            let sliceEnd = min(deadline, .now + Self.slice)
            var failure: Event?
            do {
                _ = try await platform.store.withLock(key, timeout: max(.zero, sliceEnd - .now)) {
                    let result = await self.serveLocked()
                    stopped.withLock { $0 = result }
                }
            } catch {
                failure = try failed(error)
            }
            // What was done under the lock counts, whether it could be given back or not.
            if let stopped = stopped.withLock({ $0 }) {
                return try stopped.get() == .done ? nil : failure ?? .ok
            }
            if let failure { return failure }
            guard sliceEnd < deadline else { return .busy }
            // A store that does not wait is not asked without end.
            _ = await flight.untilCancelled {
                try? await Task.sleep(until: sliceEnd, clock: .continuous)
                return .ok
            }
        }
    }

    private func serveLocked() async -> Result<Stop, any Error> {
        do { return .success(try await serve(from: .locked)) } catch { return .failure(error) }
    }

    private func load(_ key: String) async throws -> Event {
        let failure = Locked<(any Error)?>(nil)
        let event = await flight.untilCancelled { [platform] in
            do {
                let stored = try await platform.store.load(key)
                return .loaded(revision: stored?.revision ?? 0, value: stored?.value)
            } catch is CancellationError {
                return .cancel
            } catch {
                failure.withLock { $0 = error }
                return .cancel
            }
        }
        return try failure.withLock { $0 }.map(failed) ?? event
    }

    /// Done also when nobody waits any more: it may be the only copy of a token.
    private func swap(_ key: String, _ revision: UInt64?, _ value: Data?) async throws -> Event {
        let store = platform.store
        do {
            let swapped = Task { try await store.swap(key, revision: revision, value: value) }
            return .swapped(swapped: try await swapped.value)
        } catch {
            return try failed(error)
        }
    }

    /// A store's error as the event that the flow turns into the same error. A mistake of ours is no event.
    private func failed(_ error: any Error) throws -> Event {
        let error = TokenStoreError.wrapping(error)
        if error.code == ProofKeyError.Code.internalError.rawValue { throw ProofKeyError.internalError }
        return .failed(code: error.code, detail: error.description)
    }
}

/// For expiry only, never for a wait.
func secondsSinceTheEpoch() -> UInt64 {
    UInt64(max(0, Date().timeIntervalSince1970))
}
