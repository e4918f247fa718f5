import Foundation
internal import ProofKeyFFI

/// What a client proves the possession of its tokens' key with (RFC 9449): one for all its flows and requests.
struct Proofs: Sendable {
    /// What the servers and the resource have said of nonces.
    let nonces: DpopNonces
    /// Who keeps the key, where the platform does.
    let signer: (any ProofKeySigner)?

    init(signer: (any ProofKeySigner)?) throws {
        nonces = try crossing { try DpopNonces() }
        self.signer = signer
    }

    /// The header fields of a request, signed by the platform where that is still to be done; none where the tokens must be
    /// refreshed first.
    func fields(_ authorized: Authorized) async throws -> AuthorizationFields? {
        switch authorized {
        case .stale: return nil
        case .ready(let fields): return fields
        case .sign(let keyID, _, let input, let proof):
            let signature: Data
            do {
                guard let signer else { throw SignerError.noSigner }
                signature = try await signer.sign(keyID: keyID, input: Data(input.utf8))
            } catch {
                try Task.checkCancellation()
                throw ProofKeyError.signingFailed(SignerError.words(of: error))
            }
            return try crossing { try proof.signed(signature: signature) }
        }
    }

    /// What an answer said of nonces: the values of its fields of that name.
    func heard(_ values: [String], from url: String) throws {
        for value in values { _ = try crossing { try nonces.heard(url: url, nonce: value) } }
    }
}

extension ProofKeyError {
    /// In the words of the core, which says so where a flow needs the key.
    static func signingFailed(_ detail: String) -> ProofKeyError {
        ProofKeyError(
            code: .signingFailed,
            family: .signInAgain,
            message: "the key of the DPoP proof could not be used: \(detail)",
            advice: "Sign in again: the tokens are bound to a key that cannot be used any more."
        )
    }
}
