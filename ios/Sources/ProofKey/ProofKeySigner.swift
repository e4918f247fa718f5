import Foundation

/// Keeps keys so that nobody can copy them, and signs with them: the Secure Enclave, a security key, an agent.
///
/// A client that is given one binds its tokens to a key there (RFC 9449). Without one the key is made in this program, and
/// kept with the tokens, sealed like them. ``SecureEnclaveSigner`` is the one of Apple's devices.
///
/// Its methods may be called from any task, and several at once; neither may hold a thread of Swift's while it asks the
/// user. What they throw becomes `signing_failed`, and its text is shown: no secret may stand in it.
public protocol ProofKeySigner: Sendable {
    /// Makes the P-256 key of this name if there is none, and gives its public half.
    ///
    /// - Parameter keyID: The name that the program gave to the client.
    /// - Returns: The point (SEC 1 §2.3.3), compressed or not.
    func publicKey(keyID: String) async throws -> Data

    /// Signs with that key by ES256 (RFC 7518 §3.4). It makes no key: where there is none any more, it throws.
    ///
    /// - Parameter input: What is signed. It is not hashed yet.
    /// - Returns: The 64 bytes of the RFC, or DER (RFC 3279 §2.2.3).
    func sign(keyID: String, input: Data) async throws -> Data
}

/// Why a ``ProofKeySigner`` could not do what it was asked.
public struct SignerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// There is no such key any more: tokens that are bound to it are useless.
        case keyGone
        /// There is no place for keys here, or it cannot be used now.
        case unavailable
        /// Something went wrong.
        case failed
    }

    /// What is wrong.
    public let kind: Kind

    /// What happened, in the signer's words. No secret may stand in it: it is shown.
    public let description: String

    /// An error of a signer.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    static let noSigner = SignerError(.unavailable, "this client has no signer")

    /// What is shown of any error of a signer.
    static func words(of error: any Error) -> String {
        (error as? SignerError)?.description ?? error.localizedDescription
    }
}
