import Foundation
internal import ProofKeyFFI

/// Who has signed in, as the server says in a token that was verified (OpenID Connect Core §2, §5.1).
///
/// A person is told from others by ``issuer`` and ``subject`` together; names and addresses change. No text form of it shows
/// more than the issuer.
public struct Identity: Hashable, Sendable {
    /// Who says so.
    public let issuer: String

    /// Whom the issuer means; 1 to 255 ASCII characters.
    public let subject: String

    /// The clients that it was said to.
    public let audience: [String]

    /// When it was said.
    public let issuedAt: Date

    /// Until when it may be believed by one who has not seen it before.
    public let expiresAt: Date

    /// When the user authenticated.
    public let authenticatedAt: Date?

    /// How strong the authentication was, in words that issuer and client have agreed upon (`acr`).
    public let authenticationClass: String?

    /// The ways of authentication (`amr`, RFC 8176); empty where none is named.
    public let authenticationMethods: [String]

    /// The session at the issuer.
    public let sessionID: String?

    /// The whole name, fit to be shown.
    public let name: String?

    /// By which name the user wants to be called. It tells nobody from others.
    public let preferredUsername: String?

    /// An address.
    public let email: String?

    /// Whether the issuer has seen that the address is the user's.
    public let isEmailVerified: Bool?

    /// All claims, these and others: a JSON object.
    public let claims: String
}

extension Identity {
    init(_ native: ProofKeyFFI.Identity) {
        func date(_ seconds: UInt64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
        issuer = native.issuer
        subject = native.subject
        audience = native.audience
        issuedAt = date(native.issuedAt)
        expiresAt = date(native.expiresAt)
        authenticatedAt = native.authTime.map(date)
        authenticationClass = native.acr
        authenticationMethods = native.amr
        sessionID = native.sessionId
        name = native.name
        preferredUsername = native.preferredUsername
        email = native.email
        isEmailVerified = native.emailVerified
        claims = native.claims
    }
}

extension Identity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Who says so; not of whom.
    public var description: String { "Identity(issuer: \(issuer))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// The issuer, and nothing else.
    public var customMirror: Mirror { Mirror(self, children: ["issuer": issuer]) }
}
