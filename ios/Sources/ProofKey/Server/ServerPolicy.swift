internal import ProofKeyFFI

extension AuthorizationServer {
    /// Which text rules where OAuth 2.1 and RFC 6749 differ.
    public enum Profile: Hashable, Sendable {
        /// A redirect URI that was sent with the authorization request must come with the token request too (RFC 6749 §4.1.3).
        case oauth20
        /// It may be absent there; where it comes it must be equal.
        case oauth21
    }

    /// What an authorization server chooses where the specifications leave a choice. Lifetimes count in whole seconds.
    public struct Policy: Hashable, Sendable {
        /// The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
        public var issuer: String

        /// Which text rules.
        public var profile: Profile

        /// How long a code lives. More than 600 seconds count as 600.
        public var codeLifetime: Duration

        /// How long an access token lives.
        public var accessTokenLifetime: Duration

        /// How long a refresh token lives unused. Zero: none is issued and none is taken.
        public var refreshTokenLifetime: Duration

        /// How long the immediate predecessor of a refresh token may still be exchanged while its successor is unused; more
        /// than 30 seconds count as 30. Zero: never.
        public var reuseWindow: Duration

        /// After so many wrong verifiers a grant is burnt.
        public var maxMismatches: Int

        /// Scopes that every client may ask for, beside those of its own record.
        public var openScopes: [String]

        /// The types of authorization details that are granted (RFC 9396 §2); none here: every type.
        public var detailsTypes: [String]

        /// What is chosen; what is left out is as the specifications recommend.
        public init(
            issuer: String, profile: Profile = .oauth21, codeLifetime: Duration = .seconds(60),
            accessTokenLifetime: Duration = .seconds(3600), refreshTokenLifetime: Duration = .seconds(1_209_600),
            reuseWindow: Duration = .zero, maxMismatches: Int = 5, openScopes: [String] = [],
            detailsTypes: [String] = []
        ) {
            self.issuer = issuer
            self.profile = profile
            self.codeLifetime = codeLifetime
            self.accessTokenLifetime = accessTokenLifetime
            self.refreshTokenLifetime = refreshTokenLifetime
            self.reuseWindow = reuseWindow
            self.maxMismatches = maxMismatches
            self.openScopes = openScopes
            self.detailsTypes = detailsTypes
        }
    }

    /// What a resource asks of a request beside a token for it.
    public struct Demands: Hashable, Sendable {
        /// The authentication context classes of which one will do, the preferred one first (RFC 9470 §3); none here: any
        /// will.
        public var acrValues: [String]

        /// How long ago the user may have signed in, in whole seconds; none: any time.
        public var maxAge: Duration?

        /// Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status 401 also which
        /// scopes are needed (RFC 6750 §3): a client without a token learns what to ask for, and where.
        public var metadataURL: String?

        /// What is asked; nothing, where nothing is given.
        public init(acrValues: [String] = [], maxAge: Duration? = nil, metadataURL: String? = nil) {
            self.acrValues = acrValues
            self.maxAge = maxAge
            self.metadataURL = metadataURL
        }
    }
}

/// What a server knows of a public client. There is no secret in it: none could be kept.
public struct ClientRecord: Hashable, Sendable {
    /// Its identifier.
    public var clientID: String

    /// Its name, for the consent page.
    public var name: String

    /// The redirect URIs that it registered. They match exactly; of loopback addresses the port may differ (RFC 8252 §7.3).
    public var redirectURIs: [String]

    /// The scopes that it may ask for.
    public var scopes: [String]

    /// Whether it may have refresh tokens (RFC 7591 §2).
    public var mayRefresh: Bool

    /// What is known of it.
    public init(
        clientID: String, name: String, redirectURIs: [String], scopes: [String] = [], mayRefresh: Bool = false
    ) {
        self.clientID = clientID
        self.name = name
        self.redirectURIs = redirectURIs
        self.scopes = scopes
        self.mayRefresh = mayRefresh
    }
}

// MARK: - Across the boundary

extension AuthorizationServer.Policy {
    func native() throws -> ProofKeyFFI.Policy {
        guard let maxMismatches = UInt32(exactly: maxMismatches) else {
            throw ProofKeyError.invalidConfiguration("maxMismatches is \(maxMismatches)")
        }
        return ProofKeyFFI.Policy(
            issuer: issuer,
            profile: profile == .oauth21 ? .oauth21 : .oauth20,
            codeLifetimeS: try wholeSeconds(codeLifetime, "codeLifetime"),
            accessTokenLifetimeS: try wholeSeconds(accessTokenLifetime, "accessTokenLifetime"),
            refreshTokenLifetimeS: try wholeSeconds(refreshTokenLifetime, "refreshTokenLifetime"),
            reuseWindowS: try wholeSeconds(reuseWindow, "reuseWindow"),
            maxMismatches: maxMismatches,
            openScopes: openScopes,
            detailsTypes: detailsTypes
        )
    }
}

extension AuthorizationServer.Demands {
    func native(_ proof: RequestProof?) throws -> CheckDemands {
        CheckDemands(
            authentication: Authentication(
                acrValues: acrValues, maxAgeS: try maxAge.map { try wholeSeconds($0, "maxAge") }),
            metadataUrl: metadataURL,
            proof: proof
        )
    }
}

extension ClientRecord {
    var native: ProofKeyFFI.ClientRecord {
        ProofKeyFFI.ClientRecord(
            clientId: clientID, name: name, redirectUris: redirectURIs, scopes: scopes, mayRefresh: mayRefresh)
    }
}

/// A setting in whole seconds, small enough to be added to any time.
func wholeSeconds(_ time: Duration, _ what: String) throws -> UInt64 {
    guard time >= .zero, time.components.seconds <= 1 << 53 else {
        throw ProofKeyError.invalidConfiguration("\(what) is negative, or longer than any time")
    }
    return UInt64(time.components.seconds)
}
