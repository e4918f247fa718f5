import Foundation
internal import ProofKeyFFI

/// The tokens of one sign-in. They stay in the library, which wipes them when the last copy of this value goes.
///
/// No text form of it shows a token: whoever wants one asks for it by a method whose name says so.
public struct TokenSet: Sendable {
    private let native: ProofKeyFFI.TokenSet

    /// When the access token expires; `nil` where the server did not say.
    public let expiresAt: Date?

    /// The scopes that were granted, which may be fewer than were asked for.
    public let scopes: [String]

    /// Who issued them.
    public let issuer: String

    /// Whom they were issued to.
    public let clientID: String

    /// The resource that was asked for (RFC 8707).
    public let resource: String?

    init(_ native: ProofKeyFFI.TokenSet) throws {
        self.native = native
        expiresAt = try native.expiresAt().map { Date(timeIntervalSince1970: Double($0)) }
        scopes = try native.scopes()
        issuer = try native.issuer()
        clientID = try native.clientId()
        resource = try native.resource()
    }

    /// Whether the access token can still be used at this time: it does not expire within the next minute or so, nor within
    /// the last quarter of a short life.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func isFresh(at now: Date = Date()) throws -> Bool {
        try crossing { try native.isFresh(now: UInt64(clamping: Int64(now.timeIntervalSince1970))) }
    }

    /// The value of the header `Authorization` for a request to this address (RFC 6750 §2.1), while the token is fresh;
    /// nothing where it must be refreshed first.
    func authorization(for url: String) throws -> String? {
        try crossing { try native.authorization(url: url, now: secondsSinceTheEpoch()) }
    }

    /// As ``authorization(for:)``, for tokens that a flow has just given: they can be used, although they may be about to
    /// expire.
    func authorizationNow(for url: String) throws -> String {
        try crossing { try native.authorizationNow(url: url) }
    }

    /// What names the access token without showing it.
    func fingerprint() throws -> Data {
        try crossing { try native.fingerprint() }
    }

    /// The access token, for the header `Authorization: Bearer …` of requests to its resource and to no other.
    ///
    /// Swift cannot wipe the text that is given out: do not keep it.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func exposeAccessToken() throws -> String {
        try crossing { try native.exposeAccessToken() }
    }

    /// The refresh token, if the server issued one. Swift cannot wipe the text that is given out: do not keep it.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func exposeRefreshToken() throws -> String? {
        try crossing { try native.exposeRefreshToken() }
    }
}

extension TokenSet: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whose tokens these are; none of them.
    public var description: String {
        "TokenSet(issuer: \(issuer), clientID: \(clientID), scopes: \(scopes))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "expiresAt": expiresAt as Any,
                "scopes": scopes,
                "issuer": issuer,
                "clientID": clientID,
                "resource": resource as Any,
            ]
        )
    }
}
