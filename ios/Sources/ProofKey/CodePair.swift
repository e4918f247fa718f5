internal import ProofKeyFFI

/// A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on their own.
///
/// The verifier stays in the library, which wipes it when the last copy of this value goes.
public struct CodePair: Sendable {
    private let native: ProofKeyFFI.CodePair

    /// The 43 characters for the authorization request; the method is S256, always.
    public let challenge: String

    init(_ native: ProofKeyFFI.CodePair) throws {
        self.native = native
        challenge = try native.challenge()
    }

    /// The verifier. Swift cannot wipe the text that is given out: do not keep it.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func exposeVerifier() throws -> String {
        try crossing { try native.exposeVerifier() }
    }
}

extension CodePair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The challenge, which is public.
    public var description: String { "CodePair(challenge: \(challenge))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// The challenge, which is public.
    public var customMirror: Mirror { Mirror(self, children: ["challenge": challenge]) }
}

/// Makes a new pair, from the operating system's generator.
///
/// - Throws: ``ProofKeyError`` of the family `retry` where the generator failed. There is no fallback.
public func pair() throws -> CodePair {
    try crossing { try CodePair(ProofKeyFFI.pair()) }
}

/// Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6), in constant
/// time.
///
/// - Throws: ``ProofKeyError`` where a text is outside the grammar of RFC 7636.
public func verify(_ verifier: String, against challenge: String) throws -> Bool {
    try crossing { try ProofKeyFFI.verify(verifier: verifier, challenge: challenge) }
}
