import Foundation
internal import ProofKeyFFI

extension AuthorizationServer {
    /// What is to be done about an authorization request.
    public enum Judgment: Sendable {
        /// It is good: show it to the user, with the host of its redirect.
        case accepted(AuthorizationRequest)
        /// Show an error. Never a redirect: nobody knows whose the address is.
        case page(ErrorPage)
        /// Tell the client by a redirect what was wrong.
        case redirect(Redirect)
    }

    /// An error to be shown to the user.
    public struct ErrorPage: Hashable, Sendable {
        /// The error code of OAuth.
        public let error: String

        /// What was wrong, for the page. Nothing of the request stands in it.
        public let description: String

        /// The HTTP status.
        public var status: Int { 400 }
    }

    /// Where to send the browser.
    public struct Redirect: Hashable, Sendable {
        /// The error code of OAuth, where the request was refused before the user was asked.
        public let error: String?

        /// The grant's id, for an audit log, where the user has approved.
        public let grantID: String?

        /// Whether there is a code in it.
        public let isIssued: Bool

        /// The HTTP status: never 307, which would send a form along (RFC 9700 §4.12).
        public var status: Int { 303 }

        private let location: String

        init(to location: String, error: String? = nil, grantID: String? = nil, isIssued: Bool = false) {
            self.location = location
            self.error = error
            self.grantID = grantID
            self.isIssued = isIssued
        }

        /// The value of `Location`. It may hold the code and the client's state.
        public func exposeLocation() -> String { location }
    }

    /// The answer of the token or the revocation endpoint (RFC 6749 §5, RFC 7009 §2.2).
    public struct Answer: Sendable {
        /// The HTTP status.
        public let status: Int

        /// The header fields, `Cache-Control: no-store` among them.
        public let headers: [(name: String, value: String)]

        /// What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`, `replay_revoked` …).
        public let audit: String

        /// What tokens were issued from, where some were.
        public let issued: Issuance?

        private let native: TokenAnswer
        private let body: Data

        init(_ native: TokenAnswer, body: Data? = nil) {
            status = Int(native.status)
            headers = native.headers.map { ($0.name, $0.value) }
            audit = native.audit
            issued = native.issued.map(Issuance.init)
            self.native = native
            self.body = body ?? native.body
        }

        /// JSON, which may hold tokens. Empty after a revocation.
        public func exposeBody() -> Data { body }

        /// The same answer with an ID token beside its tokens (OpenID Connect Core §3.1.3.3), which the server has made and
        /// signed itself. A refusal is left as it is.
        ///
        /// - Throws: ``ProofKeyError``: `invalid_configuration` where the text is no JWS.
        public func addingIDToken(_ signed: String) throws -> Answer {
            Answer(native, body: try crossing { try bodyWithIdToken(answer: native, idToken: signed) })
        }
    }

    /// What the tokens of an answer were issued from: for an ID token beside them.
    public struct Issuance: Hashable, Sendable {
        /// The grant.
        public let grant: Grant

        /// The scope of the access token, separated by single spaces.
        public let scope: String

        /// SHA-256 of the access token: 32 bytes. Its left half, in base64url, is what an ID token calls `at_hash` (OpenID
        /// Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
        public let accessTokenHash: Data

        /// Whether they are the first ones of the grant, for a code: an ID token then says again what the request has given
        /// for it (``GrantTerms/nonce``), and after a refresh it does not (OpenID Connect Core §12.2).
        public let isFirst: Bool
    }

    /// Whether a request may pass at a resource.
    public enum Access: Sendable {
        /// It may: as whom, through which client, for what. The answer to it has to hold these fields beside its own: a nonce
        /// to be used from now on (RFC 9449 §8.2), if there is one.
        case granted(TokenRow, headers: [(name: String, value: String)])
        /// It may not: an answer with this status (400, 401 or 403; 503 where the store failed) and these fields:
        /// `WWW-Authenticate` (RFC 6750 §3) and `DPoP-Nonce` (RFC 9449 §9), where they are due.
        case refused(status: Int, headers: [(name: String, value: String)])
    }

    /// Why a request comes to nothing.
    public enum DenialReason: CaseIterable, Hashable, Sendable {
        /// The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
        case denied
        /// Nobody is signed in, and nobody may be asked (OpenID Connect Core §3.1.2.6).
        case nobodySignedIn
        /// The user would have to consent, and nobody may be asked.
        case consentNeeded
        /// The user would have to choose an account, and nobody may be asked.
        case accountNeeded
        /// The user would have to be asked something else, and nobody may be.
        case interactionNeeded
        /// The user cannot sign in as the request demands (RFC 9470 §5).
        case authenticationUnmet
        /// Later the server may serve it.
        case unavailable
        /// The server cannot serve it.
        case failed
    }
}

// MARK: - Nothing secret shows

extension AuthorizationServer.Redirect: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What came of it; nothing of the location.
    public var description: String { "Redirect(isIssued: \(isIssued), error: \(error ?? "none"))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(self, children: ["error": error as Any, "grantID": grantID as Any, "isIssued": isIssued])
    }
}

extension AuthorizationServer.Answer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Status and what happened; nothing of the body.
    public var description: String { "Answer(\(status), \(audit))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(self, children: ["status": status, "headers": headers, "audit": audit, "issued": issued as Any])
    }
}

// MARK: - Across the boundary

extension AuthorizationServer.Issuance {
    init(_ native: ProofKeyFFI.Issuance) {
        self.init(
            grant: Grant(native.grant), scope: native.scope, accessTokenHash: native.accessTokenHash,
            isFirst: native.first)
    }
}

extension AuthorizationServer.Access {
    init(_ native: TokenAccess) {
        switch native {
        case .granted(let token, let headers):
            self = .granted(TokenRow(token), headers: headers.map { ($0.name, $0.value) })
        case .refused(let status, _, let headers):
            self = .refused(status: Int(status), headers: headers.map { ($0.name, $0.value) })
        }
    }
}

extension AuthorizationServer.DenialReason {
    var native: Decline {
        switch self {
        case .denied: .denied
        case .nobodySignedIn: .loginRequired
        case .consentNeeded: .consentRequired
        case .accountNeeded: .accountSelectionRequired
        case .interactionNeeded: .interactionRequired
        case .authenticationUnmet: .unmetAuthentication
        case .unavailable: .temporarilyUnavailable
        case .failed: .serverError
        }
    }
}
