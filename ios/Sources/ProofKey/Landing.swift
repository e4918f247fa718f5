internal import ProofKeyFFI

/// What a flow came to.
struct Landing: Sendable {
    let tokens: TokenSet?
    let isRevoked: Bool?
    let warning: ProofKeyError?
    let discovered: Discovered?

    init(_ outcome: AccessOutcome) throws {
        tokens = try crossing { try outcome.tokens.map { try TokenSet($0) } }
        isRevoked = outcome.revoked
        warning = outcome.warning.map(ProofKeyError.init)
        discovered = outcome.discovered
    }

    /// The tokens, of a flow that has some.
    func signedIn() throws -> TokenSet {
        guard let tokens else { throw ProofKeyError.internalError }
        return tokens
    }
}

extension ProofKeyError {
    init(_ warning: Warning) {
        self.init(
            code: Code(rawValue: warning.code), family: Family(warning.family), message: warning.text,
            advice: warning.advice)
    }
}
