import Foundation
internal import ProofKeyFFI

/// The tokens of one sign-in. They stay in the library, which wipes them when the last copy of this value goes.
///
/// No text form of it shows a token: whoever wants one asks for it by a method whose name says so.
public struct TokenSet: Sendable {
    let native: ProofKeyFFI.TokenSet

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

    /// The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
    public let tokenType: String

    /// Who signed in, where the scope `openid` was asked for and what the server said of it was verified.
    public let identity: Identity?

    /// The scopes that the last sign-in asked for.
    public let requestedScopes: [String]

    /// The scopes that were asked for and not granted, in their order.
    public let missingScopes: [String]

    /// The authorization details that were granted (RFC 9396 §7), as JSON; `nil` where the answer has none.
    public let authorizationDetails: String?

    /// The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each once. Those
    /// of one type may still differ from what was asked for.
    public let missingAuthorizationDetails: [String]

    init(_ native: ProofKeyFFI.TokenSet) throws {
        self.native = native
        expiresAt = try native.expiresAt().map { Date(timeIntervalSince1970: Double($0)) }
        scopes = try native.scopes()
        issuer = try native.issuer()
        clientID = try native.clientId()
        resource = try native.resource()
        tokenType = try native.tokenType()
        identity = try native.identity().map(Identity.init)
        requestedScopes = try native.requestedScopes()
        missingScopes = try native.missingScopes()
        authorizationDetails = try native.authorizationDetails()
        missingAuthorizationDetails = try native.missingAuthorizationDetails()
    }

    /// Whether the access token can still be used at this time: it does not expire within the next minute or so, nor within
    /// the last quarter of a short life.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func isFresh(at now: Date = Date()) throws -> Bool {
        try crossing { try native.isFresh(now: UInt64(clamping: Int64(now.timeIntervalSince1970))) }
    }

    /// The header fields of a request, while the token is fresh; nothing where it must be refreshed first.
    func fields(_ method: String, for url: String, by proofs: Proofs) async throws -> AuthorizationFields? {
        let now = secondsSinceTheEpoch()
        return try await proofs.fields(
            crossing { try native.authorize(method: method, url: url, now: now, nonces: proofs.nonces) })
    }

    /// As ``fields(_:for:by:)``, for tokens that a flow has just given: they can be used, although they may be about to
    /// expire.
    func fieldsNow(_ method: String, for url: String, by proofs: Proofs) async throws -> AuthorizationFields {
        let now = secondsSinceTheEpoch()
        let fields = try await proofs.fields(
            crossing { try native.authorizeNow(method: method, url: url, now: now, nonces: proofs.nonces) })
        guard let fields else { throw ProofKeyError.internalError }
        return fields
    }

    /// What names the access token without showing it.
    func fingerprint() throws -> Data {
        try crossing { try native.fingerprint() }
    }

    /// The access token, for the header `Authorization` of requests to its resource and to no other. One that is bound to a key
    /// (``tokenType``) needs a proof beside it: ``ProofKeyClient/authorized(_:interaction:)`` makes it.
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

    /// What is public and tells nothing of the user.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "expiresAt": expiresAt as Any,
                "scopes": scopes,
                "issuer": issuer,
                "clientID": clientID,
                "resource": resource as Any,
                "tokenType": tokenType,
                "identity": identity as Any,
                "requestedScopes": requestedScopes,
                "missingScopes": missingScopes,
                "missingAuthorizationDetails": missingAuthorizationDetails,
            ]
        )
    }
}
