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
        // Where no redirect comes there is none to be taken up.
        let device = try settings.isOnDevice(interaction) && goal != .resume
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: isResumable)
        return try await fly(flight, goal, config) { key, known, nonces in
            AccessRun(key: key, redirectUri: redirect, known: known, device: device, nonces: nonces)
        }
    }

    /// A flight to tokens, with all who want some now.
    func flyTogether(
        _ interaction: Interaction, insteadOf rejected: Data?, after challenges: [String]
    ) async throws -> Landing {
        // Who may not ask the user does not wait for one who is asked.
        let asks = interaction != .never
        let device = try settings.isOnDevice(interaction)
        return try await fly(on: asks ? .asking : .quiet, asks ? .tokenOrSignIn : .token, interaction) {
            AccessRun(
                key: $0, rejected: rejected, wwwAuthenticate: challenges, known: $1, device: device, nonces: $2)
        }
    }

    /// A flight to what the resource demands of the sign-in, with all who meet the same demand now.
    func flyTogether(_ interaction: Interaction, to demand: StepUp) async throws -> Landing {
        let device = try settings.isOnDevice(interaction)
        return try await fly(on: .stepUp(demand), .signIn, interaction) {
            AccessRun(
                key: $0, wwwAuthenticate: demand.wwwAuthenticate, known: $1, device: device, stepUp: demand, nonces: $2)
        }
    }

    /// Joins the flight of this course, or begins it.
    private func fly(
        on course: Course, _ goal: Goal, _ interaction: Interaction, _ run: @escaping Run
    ) async throws -> Landing {
        if let flight = flights[course], let seat = flight.seat() { return try await flight.wait(at: seat) }
        let flight = Flight<Landing>(isShared: true)
        flights[course] = flight
        let config = settings.config(pastes: settings.pastes(interaction), isResumable: false)
        return try await fly(flight, goal, config, run)
    }

    private typealias Run = @Sendable (ProofKeyFFI.DataKey?, Discovered?, DpopNonces) -> AccessRun

    /// Begins a flight, in a task that belongs to nobody, and waits for it.
    private func fly(
        _ flight: Flight<Landing>, _ goal: Goal, _ config: AccessConfig, _ run: @escaping Run
    ) async throws -> Landing {
        guard let seat = flight.seat() else { throw ProofKeyError.internalError }
        let (era, known) = (era, known)
        let platform = settings.platform(pastes: config.paste)
        let nonces = settings.proofs.nonces
        Task {
            let result: Result<Landing, any Error>
            do {
                let run = run(try await platform.sealingKey(), known, nonces)
                let flow = try crossing { try Access(config: config, goal: goal, run: run) }
                let driver = Driver(flow: flow, platform: platform, flight: flight)
                let landing = try Landing(try await driver.run())
                land(landing, goal, run.stepUp, since: era)
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

    private func land(_ landing: Landing, _ goal: Goal, _ demand: StepUp?, since era: Int) {
        let replaces = goal != .token && goal != .tokenOrSignIn
        // What has ended meanwhile does not come back.
        if replaces || self.era == era { held = landing.tokens }
        if replaces {
            self.era += 1
            met = demand
        }
        if let discovered = landing.discovered { known = discovered }
        lastWarning = landing.warning
        if let warning = landing.warning { onWarning?(warning) }
    }
}

/// Which flights are one and the same.
enum Course: Hashable, Sendable {
    /// To tokens, without the user.
    case quiet
    /// To tokens, with the user where there is no other way.
    case asking
    /// To a sign-in that meets this demand.
    case stepUp(StepUp)
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
