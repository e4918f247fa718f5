internal import ProofKeyFFI

/// What a user granted to a client: the part of a row that never changes. Neither it nor any other row of a ``GrantStore``
/// holds a code, a token or a verifier.
public struct Grant: Hashable, Sendable {
    /// The first half of the code and of every token issued from it: 22 characters of base64url.
    public let grantID: String

    /// Who asked.
    public let clientID: String

    /// Who allowed it, as the server names its users.
    public let subject: String

    /// The redirect URI that the code was sent to.
    public let redirectURI: String

    /// Whether the authorization request named the redirect URI.
    public let redirectURIWasSent: Bool

    /// The challenge (S256, RFC 7636 §4.2): 43 characters of base64url. None only in rows that another program wrote.
    public let codeChallenge: String?

    /// The granted scopes, separated by single spaces; may be empty.
    public let scope: String

    /// The resource that the tokens are for (RFC 8707), if one was named.
    public let resource: String?

    /// Whether refresh tokens are issued from it.
    public let isRefreshable: Bool

    /// What else it was made under.
    public let terms: GrantTerms

    /// A grant as a store has it.
    public init(
        grantID: String, clientID: String, subject: String, redirectURI: String, redirectURIWasSent: Bool,
        codeChallenge: String?, scope: String, resource: String?, isRefreshable: Bool, terms: GrantTerms
    ) {
        self.grantID = grantID
        self.clientID = clientID
        self.subject = subject
        self.redirectURI = redirectURI
        self.redirectURIWasSent = redirectURIWasSent
        self.codeChallenge = codeChallenge
        self.scope = scope
        self.resource = resource
        self.isRefreshable = isRefreshable
        self.terms = terms
    }
}

/// What a ``Grant`` was made under beside scope and resource. All of it may be absent; a store keeps all of it, for a grant
/// that comes back without its key is a grant for everybody.
public struct GrantTerms: Hashable, Sendable {
    /// The thumbprint of the key that the code must be redeemed with (RFC 9449 §10): 43 characters of base64url.
    public let dpopThumbprint: String?

    /// What an ID token must say again (OpenID Connect Core §3.1.2.1).
    public let nonce: String?

    /// When the user signed in, in seconds since the epoch (OpenID Connect Core §2).
    public let authTime: Int?

    /// How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
    public let acr: String?

    /// What else was granted: an array, as JSON text (RFC 9396 §2).
    public let authorizationDetails: String?

    /// The terms of a grant as a store has them.
    public init(
        dpopThumbprint: String?, nonce: String?, authTime: Int?, acr: String?, authorizationDetails: String?
    ) {
        self.dpopThumbprint = dpopThumbprint
        self.nonce = nonce
        self.authTime = authTime
        self.acr = acr
        self.authorizationDetails = authorizationDetails
    }
}

// MARK: - Across the boundary

extension Grant {
    init(_ native: ProofKeyFFI.Grant) {
        self.init(
            grantID: native.grantId, clientID: native.clientId, subject: native.subject,
            redirectURI: native.redirectUri, redirectURIWasSent: native.redirectUriWasSent,
            codeChallenge: native.codeChallenge, scope: native.scope, resource: native.resource,
            isRefreshable: native.refreshable, terms: GrantTerms(native.terms))
    }

    func native() throws -> ProofKeyFFI.Grant {
        ProofKeyFFI.Grant(
            grantId: grantID, clientId: clientID, subject: subject, redirectUri: redirectURI,
            redirectUriWasSent: redirectURIWasSent, codeChallenge: codeChallenge, scope: scope, resource: resource,
            terms: try terms.native(), refreshable: isRefreshable)
    }
}

extension GrantTerms {
    init(_ native: ProofKeyFFI.Terms) {
        self.init(
            dpopThumbprint: native.dpopJkt, nonce: native.nonce, authTime: native.authTime.map(Int.init(clamping:)),
            acr: native.acr, authorizationDetails: native.authorizationDetails)
    }

    func native() throws -> ProofKeyFFI.Terms {
        Terms(
            dpopJkt: dpopThumbprint, nonce: nonce,
            authTime: try authTime.map { try stored($0, "the time of a sign-in") },
            acr: acr, authorizationDetails: authorizationDetails)
    }
}

/// A number that a store has given. A negative one is a failure of the store.
func stored<Number: FixedWidthInteger>(_ number: Int, _ what: String) throws -> Number {
    guard let number = Number(exactly: number) else {
        throw ProofKeyError.ofStore(ProofKeyError.Code.storeFailed.rawValue, "\(what) is \(number)")
    }
    return number
}
