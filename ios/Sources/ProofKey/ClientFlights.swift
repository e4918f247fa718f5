import Foundation
internal import ProofKeyFFI

// Every flow of a client is a flight.
extension ProofKeyClient {
    func checkIsOpen() throws {
        guard !isClosed else { throw Settings.closed }
    }

    /// A flight of the caller's own.
    func flyAlone(
        _ goal: Goal, _ interaction: Interaction, isResumable: Bool = false, redirect: String? = nil
    ) async throws -> Landing {
        try checkIsOpen()
        guard interaction != .never else {
            throw ProofKeyError.invalidConfiguration(
                "interaction is never, and this needs the user", advice: "Leave it out, or name how the user is asked.")
        }
        let flight = Flight<Landing>(isShared: false)
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: isResumable)
        return try await fly(flight, goal, config) { key, known in
            AccessRun(key: key, redirectUri: redirect, known: known)
        }
    }

    /// A flight to tokens, with all who want some now.
    func flyTogether(
        _ interaction: Interaction, insteadOf rejected: Data?, after challenges: [String]
    ) async throws -> Landing {
        // Who may not ask the user does not wait for one who is asked.
        let asks = interaction != .never
        if let flight = flights[asks], let seat = flight.seat() { return try await flight.wait(at: seat) }
        let flight = Flight<Landing>(isShared: true)
        flights[asks] = flight
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: false)
        return try await fly(flight, asks ? .tokenOrSignIn : .token, config) { key, known in
            AccessRun(key: key, rejected: rejected, wwwAuthenticate: challenges, known: known)
        }
    }

    /// Begins a flight, in a task that belongs to nobody, and waits for it.
    private func fly(
        _ flight: Flight<Landing>, _ goal: Goal, _ config: AccessConfig,
        _ run: @escaping @Sendable (ProofKeyFFI.DataKey?, Discovered?) -> AccessRun
    ) async throws -> Landing {
        guard let seat = flight.seat() else { throw ProofKeyError.internalError }
        let (era, known) = (era, known)
        let platform = settings.platform(pastes: config.paste)
        Task {
            let result: Result<Landing, any Error>
            do {
                let run = run(try await platform.sealingKey(), known)
                let flow = try crossing { try Access(config: config, goal: goal, run: run) }
                let driver = Driver(flow: flow, platform: platform, flight: flight)
                let landing = try Landing(try await driver.run())
                land(landing, goal, since: era)
                result = .success(landing)
            } catch {
                result = .failure(error)
            }
            // Who comes from here on finds the tokens, or flies again.
            flights = flights.filter { $0.value !== flight }
            flight.settle(result)
        }
        return try await flight.wait(at: seat)
    }

    private func land(_ landing: Landing, _ goal: Goal, since era: Int) {
        let replaces = goal != .token && goal != .tokenOrSignIn
        // What has ended meanwhile does not come back.
        if replaces || self.era == era { held = landing.tokens }
        if replaces { self.era += 1 }
        if let discovered = landing.discovered { known = discovered }
        lastWarning = landing.warning
        if let warning = landing.warning { onWarning?(warning) }
    }
}

extension Platform {
    /// The key of the store, as the flow takes it.
    func sealingKey() async throws -> ProofKeyFFI.DataKey? {
        do {
            return try await store.dataKey()?.native
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as ProofKeyError {
            throw error
        } catch {
            let error = TokenStoreError.wrapping(error)
            throw ProofKeyError.ofStore(error.code, error.description)
        }
    }
}
