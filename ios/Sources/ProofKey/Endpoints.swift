internal import ProofKeyFFI

extension ProofKeyClient {
    /// Where a server's endpoints are, for who knows them.
    public struct Endpoints: Hashable, Sendable {
        /// Where the user is sent (RFC 6749 §3.1).
        public var authorization: String

        /// Where codes and refresh tokens are redeemed (RFC 6749 §3.2).
        public var token: String

        /// Where tokens are revoked (RFC 7009).
        public var revocation: String?

        /// Where authorization requests are pushed (RFC 9126).
        public var pushedAuthorization: String?

        /// Where device codes come from (RFC 8628).
        public var deviceAuthorization: String?

        /// Where the server's keys are (RFC 7517): without them nobody knows who has signed in.
        public var keySet: String?

        /// Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
        public var endSession: String?

        /// Whether the server's metadata promises `iss` in its answers (RFC 9207 §3).
        public var issPromised: Bool

        /// From the server's metadata, or its manual.
        public init(
            authorization: String, token: String, revocation: String? = nil, pushedAuthorization: String? = nil,
            deviceAuthorization: String? = nil, keySet: String? = nil, endSession: String? = nil,
            issPromised: Bool = false
        ) {
            self.authorization = authorization
            self.token = token
            self.revocation = revocation
            self.pushedAuthorization = pushedAuthorization
            self.deviceAuthorization = deviceAuthorization
            self.keySet = keySet
            self.endSession = endSession
            self.issPromised = issPromised
        }

        var native: ProofKeyFFI.Endpoints {
            ProofKeyFFI.Endpoints(
                authorizationEndpoint: authorization,
                tokenEndpoint: token,
                revocationEndpoint: revocation,
                pushedAuthorizationRequestEndpoint: pushedAuthorization,
                deviceAuthorizationEndpoint: deviceAuthorization,
                jwksUri: keySet,
                endSessionEndpoint: endSession,
                issPromised: issPromised
            )
        }
    }
}
