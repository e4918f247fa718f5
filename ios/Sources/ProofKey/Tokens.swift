import Foundation
internal import ProofKeyFFI

// A token, whenever one is needed.
extension ProofKeyClient {
    /// Tokens that are fresh: those at hand, else those that are kept, refreshed where they must be.
    ///
    /// All who ask at once wait for one and the same flow. A cancelled task leaves at once, with `CancellationError`, and the
    /// others wait on; when nobody waits any more the flow ends, but a refresh that has begun runs to its end and is kept.
    ///
    /// - Parameter interaction: Whether the user may be asked where there is no other way, and how.
    /// - Throws: ``ProofKeyError``: of the family `signInAgain` where only the user can help. `CancellationError`.
    public func tokens(interaction: Interaction = .never) async throws -> TokenSet {
        try await tokens(interaction, insteadOf: nil, after: [])
    }

    /// The access token of ``tokens(interaction:)``, for requests to its own resource and to no other.
    ///
    /// Swift cannot wipe the text that is given out: do not keep it, ask each time.
    public func accessToken(interaction: Interaction = .never) async throws -> String {
        try await tokens(interaction).exposeAccessToken()
    }

    /// Tokens that are fresh and not the ones with this fingerprint, which the resource did not take.
    func tokens(
        _ interaction: Interaction, insteadOf rejected: Data? = nil, after challenges: [String] = []
    ) async throws -> TokenSet {
        for _ in 1...3 {
            try checkIsOpen()
            try Task.checkCancellation()
            if let held = try heldTokens(insteadOf: rejected) { return held }
            let tokens = try await flyTogether(interaction, insteadOf: rejected, after: challenges).signedIn()
            // Of somebody else's flight, which did not know.
            if try rejected == nil || tokens.fingerprint() != rejected { return tokens }
        }
        // A server may issue the same again.
        return try await flyTogether(interaction, insteadOf: rejected, after: challenges).signedIn()
    }

    /// Tokens of a sign-in that meets what the resource demands of one.
    ///
    /// - Parameter era: When the tokens came that the resource refused.
    func tokens(meeting demand: StepUp, _ interaction: Interaction, after era: Int) async throws -> TokenSet {
        try checkIsOpen()
        try Task.checkCancellation()
        // Another request has met the same demand, and the user has signed in for it since.
        if era != self.era, met == demand, let held { return held }
        return try await flyTogether(interaction, to: demand).signedIn()
    }

    /// The tokens at hand, if they can be used as they are.
    private func heldTokens(insteadOf rejected: Data?) throws -> TokenSet? {
        guard let held, try held.isFresh() else { return nil }
        return try rejected != nil && held.fingerprint() == rejected ? nil : held
    }
}
