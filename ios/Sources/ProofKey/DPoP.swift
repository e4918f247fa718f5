internal import ProofKeyFFI

/// Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449).
public enum DPoP: Hashable, Sendable {
    /// They are not.
    case never
    /// They are where the server offers it; what came of it is ``TokenSet/tokenType``.
    case preferred
    /// They are, or there is no sign-in: `dpop_unsupported`, `token_not_bound`.
    case required

    var native: Dpop {
        switch self {
        case .never: .never
        case .preferred: .preferred
        case .required: .required
        }
    }
}
