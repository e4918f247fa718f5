/// What came of a sign-out. Nothing is kept here any more, in any case.
public struct SignedOut: Hashable, Sendable {
    /// Whether the server has revoked the tokens (RFC 7009); `nil` where there were none.
    public let isRevoked: Bool?

    /// Why it has not, as the error that it would have been.
    public let warning: ProofKeyError?
}
