extension ProofKeyError {
    /// A stable code. It never changes its meaning; a later version may bring more of them.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code as it is written in every language.
        public let rawValue: String

        /// A code of this name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code as it is written in every language.
        public var description: String { rawValue }
    }
}

extension ProofKeyError.Code {
    /// A code verifier is outside the grammar of RFC 7636 §4.1.
    public static let invalidVerifier = Self(rawValue: "invalid_verifier")
    /// A code challenge is outside the grammar of RFC 7636 §4.2.
    public static let invalidChallenge = Self(rawValue: "invalid_challenge")
    /// The operating system's generator failed. There is no fallback.
    public static let randomUnavailable = Self(rawValue: "random_unavailable")
    /// A setting cannot be used; the message begins with its name.
    public static let invalidConfiguration = Self(rawValue: "invalid_configuration")
    /// A fixed port of the loopback address is in use by another program.
    public static let portInUse = Self(rawValue: "port_in_use")
    /// The loopback receiver could not listen.
    public static let listenFailed = Self(rawValue: "listen_failed")
    /// The library was built without the loopback receiver, as for phones.
    public static let loopbackUnavailable = Self(rawValue: "loopback_unavailable")
    /// The browser could not be opened.
    public static let browserFailed = Self(rawValue: "browser_failed")
    /// No redirect came back in time.
    public static let redirectTimeout = Self(rawValue: "redirect_timeout")
    /// The user closed the sign-in.
    public static let userCancelled = Self(rawValue: "user_cancelled")
    /// The program cancelled. A caller sees `CancellationError` instead.
    public static let cancelled = Self(rawValue: "cancelled")
    /// The redirect is ours, but cannot be read.
    public static let redirectMalformed = Self(rawValue: "redirect_malformed")
    /// Another server than the one that was asked may have answered (RFC 9207).
    public static let issuerMismatch = Self(rawValue: "issuer_mismatch")
    /// The redirect does not say who sent it, although the server promises that (RFC 9207).
    public static let issuerMissing = Self(rawValue: "issuer_missing")
    /// The user or the server denied the access.
    public static let accessDenied = Self(rawValue: "access_denied")
    /// The server wants to see the user.
    public static let interactionRequired = Self(rawValue: "interaction_required")
    /// The server did not accept the code or the verifier.
    public static let invalidGrant = Self(rawValue: "invalid_grant")
    /// The server did not accept the client.
    public static let clientRefused = Self(rawValue: "client_refused")
    /// The server did not accept the scopes.
    public static let scopeRefused = Self(rawValue: "scope_refused")
    /// The server did not accept the resource (RFC 8707).
    public static let resourceRefused = Self(rawValue: "resource_refused")
    /// The server refused the request.
    public static let requestRefused = Self(rawValue: "request_refused")
    /// The server cannot answer now.
    public static let serverUnavailable = Self(rawValue: "server_unavailable")
    /// No whole answer came from the server.
    public static let unreachable = Self(rawValue: "unreachable")
    /// The server answered with a redirect, which is never followed.
    public static let redirectRefused = Self(rawValue: "redirect_refused")
    /// The answer is not one that the specification allows.
    public static let malformedResponse = Self(rawValue: "malformed_response")
    /// No address of the server's or the resource's metadata has a document (RFC 8414, RFC 9728).
    public static let metadataNotFound = Self(rawValue: "metadata_not_found")
    /// A member of the metadata cannot be used; the message names it.
    public static let invalidMetadata = Self(rawValue: "invalid_metadata")
    /// The metadata is of another issuer than the one that was asked (RFC 8414 §3.3).
    public static let metadataIssuerMismatch = Self(rawValue: "metadata_issuer_mismatch")
    /// The metadata is of another resource than the one that was asked (RFC 9728 §3.3).
    public static let metadataResourceMismatch = Self(rawValue: "metadata_resource_mismatch")
    /// The resource does not name the configured issuer among its authorization servers.
    public static let issuerNotListed = Self(rawValue: "issuer_not_listed")
    /// The server's metadata does not promise S256, and no exception names the issuer.
    public static let pkceUnsupported = Self(rawValue: "pkce_unsupported")
    /// There is no usable token: nobody has signed in, or the sign-in has come to its end.
    public static let signInRequired = Self(rawValue: "sign_in_required")
    /// The refresh token is no longer accepted, and the answer to its last use was lost.
    public static let refreshOutcomeLost = Self(rawValue: "refresh_outcome_lost")
    /// There is no client identifier for this issuer; the message says which ways to one are closed.
    public static let clientIDNeeded = Self(rawValue: "client_id_needed")
    /// The server did not register this client (RFC 7591).
    public static let registrationRefused = Self(rawValue: "registration_refused")
    /// The issuer that a resource names was not allowed.
    public static let issuerRefused = Self(rawValue: "issuer_refused")
    /// The resource names another issuer now than the one that gave the client its identifier.
    public static let issuerChanged = Self(rawValue: "issuer_changed")
    /// The request does not go to the resource that the token is for.
    public static let wrongResource = Self(rawValue: "wrong_resource")
    /// No sign-in is waiting to be resumed.
    public static let nothingPending = Self(rawValue: "nothing_pending")
    /// The sign-in that was to be resumed has expired.
    public static let sessionExpired = Self(rawValue: "session_expired")
    /// What was kept cannot be opened.
    public static let recordUnreadable = Self(rawValue: "record_unreadable")
    /// Another task or program was using the token store for too long.
    public static let storeBusy = Self(rawValue: "store_busy")
    /// The token store failed.
    public static let storeFailed = Self(rawValue: "store_failed")
    /// The token store has no room.
    public static let storeFull = Self(rawValue: "store_full")
    /// The token store may not be used.
    public static let storeDenied = Self(rawValue: "store_denied")
    /// Others can read or write what the token store holds.
    public static let storeInsecure = Self(rawValue: "store_insecure")
    /// The token store was written by a newer version.
    public static let storeNewer = Self(rawValue: "store_newer")
    /// What the token store holds is damaged. It was set aside.
    public static let storeUnreadable = Self(rawValue: "store_unreadable")
    /// The system's keyring, which holds the key of the token store, does not answer.
    public static let keyringUnavailable = Self(rawValue: "keyring_unavailable")
    /// The server issued a token of another type than Bearer.
    public static let unsupportedTokenType = Self(rawValue: "unsupported_token_type")
    /// The keys of the issuer cannot be read (RFC 7517).
    public static let invalidKeySet = Self(rawValue: "invalid_key_set")
    /// What the server says about who signed in is not to be believed (OpenID Connect Core §3.1.3.7).
    public static let idTokenRefused = Self(rawValue: "id_token_refused")
    /// The key that the tokens are bound to could not be used (RFC 9449).
    public static let signingFailed = Self(rawValue: "signing_failed")
    /// The server binds no tokens to keys, and that was demanded (RFC 9449).
    public static let dpopUnsupported = Self(rawValue: "dpop_unsupported")
    /// The server issued a token that is not bound to the key, although that was demanded (RFC 9449).
    public static let tokenNotBound = Self(rawValue: "token_not_bound")
    /// The server signs nobody in on another device (RFC 8628).
    public static let deviceUnsupported = Self(rawValue: "device_unsupported")
    /// Nobody has entered the device code in time (RFC 8628).
    public static let deviceCodeExpired = Self(rawValue: "device_code_expired")
    /// The resource demands a scope that may not be asked for without the program's word.
    public static let scopeCeiling = Self(rawValue: "scope_ceiling")
    /// The resource still refuses the token after all that it demanded was done.
    public static let stepUpRefused = Self(rawValue: "step_up_refused")
    /// A mistake in the driver of a flow.
    public static let unexpectedEvent = Self(rawValue: "unexpected_event")
    /// A session or request was used twice.
    public static let flowEnded = Self(rawValue: "flow_ended")
    /// The client was closed before it was used.
    public static let closed = Self(rawValue: "closed")
    /// This build has no authorization server: that of iOS.
    public static let grantsUnavailable = Self(rawValue: "grants_unavailable")
    /// A mistake of ProofKey was caught. Please report it.
    public static let internalError = Self(rawValue: "internal_error")
}
