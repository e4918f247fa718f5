import Foundation
internal import ProofKeyFFI

/// An authorization request that may be shown to the user (RFC 6749 §4.1.1).
///
/// It serves one answer: ``AuthorizationServer/approve(_:subject:scopes:signedInAt:acr:)`` or
/// ``AuthorizationServer/deny(_:because:)`` uses it up. What comes back from a form is a new request, and is judged anew.
public struct AuthorizationRequest: Sendable {
    /// The client that asks.
    public let client: ClientRecord

    /// Where the answer goes.
    public let redirectURI: String

    /// The scopes that are asked for.
    public let scopes: [String]

    /// The resource that is asked for (RFC 8707).
    public let resource: String?

    /// What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page.
    public let authorizationDetails: String?

    /// How the user should sign in: authentication context classes, the preferred one first (RFC 9470 §4).
    public let acrValues: [String]

    /// How long ago the user may have signed in at most (OpenID Connect Core §3.1.2.1). After a longer time the user has to
    /// sign in anew.
    public let maxAge: Duration?

    /// What the user is to be asked (OpenID Connect Core §3.1.2.1): `none` alone, or any of `login`, `consent`,
    /// `select_account` and what a server adds. Empty: the server's choice.
    public let prompt: [String]

    /// Who the client thinks will sign in. Believe nothing of it.
    public let loginHint: String?

    /// The languages that the user prefers, as BCP 47 tags.
    public let uiLocales: [String]

    let native: GrantRequest

    init(_ native: GrantRequest, of client: ClientRecord) throws {
        let details = try crossing { try native.details() }
        self.native = native
        self.client = client
        redirectURI = details.redirectUri
        scopes = details.scopes
        resource = details.resource
        authorizationDetails = details.authorizationDetails
        acrValues = details.acrValues
        maxAge = details.maxAge.map { .seconds(Int64(clamping: $0)) }
        prompt = details.prompt
        loginHint = details.loginHint
        uiLocales = details.uiLocales
    }

    /// The host of ``redirectURI``, with its port, or its scheme where it has none: show it on the consent page.
    public var redirectHost: String {
        let uri = Substring(redirectURI).utf8
        let scheme = uri.prefix { $0 != UInt8(ascii: ":") }
        let rest = uri.dropFirst(scheme.count)
        guard rest.starts(with: "://".utf8) else { return String(decoding: scheme, as: UTF8.self) }
        let host = rest.dropFirst(3).prefix { !"/?#".utf8.contains($0) }
        return String(decoding: host.isEmpty ? scheme : host, as: UTF8.self)
    }
}

extension AuthorizationRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The client and where the answer goes.
    public var description: String {
        "AuthorizationRequest(clientID: \(client.clientID), redirectURI: \(redirectURI), scopes: \(scopes))"
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "client": client, "redirectURI": redirectURI, "scopes": scopes, "resource": resource as Any,
                "authorizationDetails": authorizationDetails as Any, "acrValues": acrValues, "maxAge": maxAge as Any,
                "prompt": prompt, "loginHint": loginHint as Any, "uiLocales": uiLocales,
            ])
    }
}
