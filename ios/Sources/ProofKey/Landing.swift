import Foundation
internal import ProofKeyFFI

/// What a flow came to.
struct Landing: Sendable {
    let tokens: TokenSet?
    let isRevoked: Bool?
    let warning: ProofKeyError?
    let endSessionURL: URL?
    let discovered: Discovered?

    init(_ outcome: AccessOutcome) throws {
        tokens = try crossing { try outcome.tokens.map { try TokenSet($0) } }
        isRevoked = outcome.revoked
        warning = outcome.warning.map(ProofKeyError.init)
        // The tokens are gone: an address that Foundation cannot read costs the sign-out nothing.
        endSessionURL = outcome.endSessionUrl.flatMap { URL(string: $0) }
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
