internal import ProofKeyFFI

/// What the flows of a server have in common.
protocol StoreFlow<Outcome> {
    associatedtype Outcome
    func advance(event: StoreEvent) throws -> StoreStep
    func outcome() throws -> Outcome?
}

extension ProofKeyFFI.Issue: StoreFlow {}
extension ProofKeyFFI.Redeem: StoreFlow {}
extension ProofKeyFFI.RevokeToken: StoreFlow {}
extension ProofKeyFFI.CheckToken: StoreFlow {}

/// The loop over a flow's steps: asks the store what the flow wants to know, to the end.
struct StoreLoop: Sendable {
    let store: any GrantStore
    let onStoreError: AuthorizationServer.StoreErrorHandler

    func serve<Flow: StoreFlow>(_ flow: Flow) async throws -> Flow.Outcome {
        var step = try crossing { try flow.advance(event: .start) }
        while step != .done {
            let event: StoreEvent
            do {
                event = try await answer(to: step)
            } catch let cancel as CancellationError {
                // Nothing is issued: the flow goes with this call.
                throw cancel
            } catch {
                event = .failed
                onStoreError(name(of: step), error)
            }
            step = try advance(flow, event, after: step)
        }
        guard let outcome = try crossing({ try flow.outcome() }) else { throw ProofKeyError.internalError }
        return outcome
    }

    /// A row that cannot cross, as one with a challenge that is none, the flow has not seen, and goes on: it is a failure of
    /// the store. Else the flow has ended, and that is what is thrown.
    private func advance(_ flow: some StoreFlow, _ event: StoreEvent, after asked: StoreStep) throws -> StoreStep {
        do {
            return try flow.advance(event: event)
        } catch {
            guard event != .failed, let next = try? flow.advance(event: .failed) else {
                throw ProofKeyError(crossing: error)
            }
            onStoreError(name(of: asked), ProofKeyError(crossing: error))
            return next
        }
    }

    private func answer(to step: StoreStep) async throws -> StoreEvent {
        switch step {
        case .put(let grant):
            return .stored(stored: try await store.put(NewGrant(grant)))
        case .find(let grantID, let codeHash):
            let (row, now) = try await store.find(grantID, codeHash: codeHash)
            return .found(grant: try row?.native(), now: try stored(now, "the store's clock"))
        case .claim(let grantID, let codeHash, let maxMismatches, let tokens):
            let claimed = try await store.claim(
                grantID, codeHash: codeHash, maxMismatches: Int(maxMismatches), tokens: tokens.map(NewToken.init))
            return .claimed(claimed: claimed)
        case .rotate(let grantID, let tokenHash, let reuseWindowS, let tokens):
            let rotated = try await store.rotate(
                grantID, tokenHash: tokenHash, reuseWindowSeconds: Int(clamping: reuseWindowS),
                tokens: tokens.map(NewToken.init))
            return .rotated(rotated: rotated)
        case .count(let grantID):
            try await store.count(grantID)
            return .ok
        case .revoke(let grantID):
            try await store.revoke(grantID)
            return .ok
        case .findToken(let grantID, let tokenHash):
            let (row, now) = try await store.findToken(grantID, tokenHash: tokenHash)
            return .foundToken(token: try row?.native(), now: try stored(now, "the store's clock"))
        case .remember(let name, let lifetimeS):
            // Flows ask for it where proofs are taken, and a server takes none without such a store.
            guard let store = store as? any ProofStore else { throw ProofKeyError.internalError }
            let remembered = try await store.remember(name, lifetimeSeconds: Int(clamping: lifetimeS))
            return .remembered(remembered: remembered)
        case .done:
            throw ProofKeyError.internalError
        }
    }

    private func name(of step: StoreStep) -> String {
        switch step {
        case .put: "put"
        case .find: "find"
        case .claim: "claim"
        case .rotate: "rotate"
        case .count: "count"
        case .revoke: "revoke"
        case .findToken: "findToken"
        case .remember: "remember"
        case .done: "done"
        }
    }
}
