extension ProofKeyClient {
    /// Where a server's endpoints are, for who knows them.
    public struct Endpoints: Hashable, Sendable {
        /// Where the user is sent (RFC 6749 §3.1).
        public var authorization: String

        /// Where codes and refresh tokens are redeemed (RFC 6749 §3.2).
        public var token: String

        /// Where tokens are revoked (RFC 7009).
        public var revocation: String?

        /// Whether the server's metadata promises `iss` in its answers (RFC 9207 §3).
        public var issPromised: Bool

        /// From the server's metadata, or its manual.
        public init(authorization: String, token: String, revocation: String? = nil, issPromised: Bool = false) {
            self.authorization = authorization
            self.token = token
            self.revocation = revocation
            self.issPromised = issPromised
        }
    }
}
