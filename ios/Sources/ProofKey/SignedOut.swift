import Foundation

/// What came of a sign-out. Nothing is kept here any more, in any case.
public struct SignedOut: Hashable, Sendable {
    /// Whether the server has revoked the tokens (RFC 7009); `nil` where there were none.
    public let isRevoked: Bool?

    /// Why it has not, as the error that it would have been.
    public let warning: ProofKeyError?

    /// Where the user's browser ends the session that it may still have with the server (OpenID Connect RP-Initiated Logout
    /// §2), where the server has one and has said who signed in. Opening it is the program's part. It says who signed in: it
    /// belongs into the browser and into no log, and no text form of this value shows it.
    public let endSessionURL: URL?
}

extension SignedOut: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What became of the tokens.
    public var description: String {
        "SignedOut(isRevoked: \(isRevoked.map { "\($0)" } ?? "nil"), warning: \(warning.map { "\($0)" } ?? "nil"))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What became of the tokens.
    public var customMirror: Mirror {
        Mirror(self, children: ["isRevoked": isRevoked as Any, "warning": warning as Any])
    }
}
