import Foundation
internal import ProofKeyFFI

/// One pending sign-in, for programs that bring their own browser and HTTP: its secrets, made for it alone, and
/// the record of what was asked of whom. It is used once.
///
/// ```swift
/// let session = try PkceSession(issuer: …, …)
/// show(try session.authorizationURL())
/// switch try session.complete(redirect) {
/// case .accepted(let request): …      // send it, read the answer
/// case .notOurs: …                    // wait on
/// }
/// ```
public final class PkceSession: Sendable {
    private let native: ProofKeyFFI.PkceSession

    /// Begins: checks the settings, which are those of ``ProofKeyClient``, and draws the secrets.
    ///
    /// - Parameters:
    ///   - redirectURI: Where the answer arrives: a claimed `https` link, a private-use scheme, or a loopback address
    ///     (RFC 8252 §7).
    ///   - extraParameters: More parameters of the authorization request, such as `prompt` or `login_hint`.
    /// - Throws: ``ProofKeyError``: a setting cannot be used, and the message names it; or the operating system's
    ///   generator failed.
    public init(
        issuer: String,
        authorizationEndpoint: String,
        tokenEndpoint: String,
        clientID: String,
        redirectURI: String,
        scopes: [String] = [],
        resource: String? = nil,
        issPromised: Bool = false,
        extraParameters: KeyValuePairs<String, String> = [:]
    ) throws {
        let request = ProofKeyFFI.AuthorizationRequest(
            issuer: issuer,
            authorizationEndpoint: authorizationEndpoint,
            tokenEndpoint: tokenEndpoint,
            issPromised: issPromised,
            clientId: clientID,
            redirectUri: redirectURI,
            scopes: scopes,
            resource: resource,
            extraParameters: Settings.parameters(extraParameters)
        )
        native = try crossing { try ProofKeyFFI.PkceSession.begin(request: request) }
    }

    /// Takes up a session that another run of the program has ``sealed(under:until:)``, for the same issuer, client and
    /// redirect URI. Whoever keeps the bytes deletes them first, so that of two that try one succeeds.
    ///
    /// - Throws: ``ProofKeyError``: `session_expired`, or `record_unreadable` where the bytes are none of these.
    public init(
        opening sealed: Data, under key: DataKey, issuer: String, clientID: String, redirectURI: String,
        now: Date = Date()
    ) throws {
        native = try crossing {
            try ProofKeyFFI.PkceSession.open(
                key: key.native, sealed: sealed, issuer: issuer, clientId: clientID, redirectUri: redirectURI,
                now: UInt64(clamping: Int64(now.timeIntervalSince1970)))
        }
    }

    /// The session as bytes that may lie on a disk, for a system that may end the program while the user is at the browser.
    /// The session goes on.
    ///
    /// - Parameter end: When they can no longer be opened.
    /// - Throws: ``ProofKeyError``: the session is over.
    public func sealed(under key: DataKey, until end: Date) throws -> Data {
        try crossing {
            try native.seal(key: key.native, expiresAt: UInt64(clamping: Int64(end.timeIntervalSince1970)))
        }
    }

    /// What a redirect did to a session.
    public enum Completion: Sendable {
        /// It is ours and carries a code: this redeems it.
        case accepted(TokenRequest)
        /// Anyone could have sent it. It ends nothing: the session waits on.
        case notOurs(NotOurs)
    }

    /// Why a redirect was not taken.
    public struct NotOurs: Hashable, Sendable, CustomStringConvertible {
        /// Why, as a stable code.
        public let code: String
        /// Why, for a log. Nothing of the redirect stands in it.
        public let reason: String

        /// Why, for a log. Nothing of the redirect stands in it.
        public var description: String { "\(code): \(reason)" }
    }

    /// The URL for the user's browser. It holds the challenge, never the verifier.
    ///
    /// - Throws: ``ProofKeyError``: the session is over.
    public func authorizationURL() throws -> URL {
        try crossing { try url(from: native.authorizationUrl()) }
    }

    /// Judges a redirect: the whole URI as it arrived, undecoded. One that is not ours does not spend the session.
    ///
    /// - Throws: ``ProofKeyError``: the redirect is ours and says no, or is broken. The session is over.
    public func complete(_ redirect: String) throws -> Completion {
        switch try crossing({ try native.complete(redirect: redirect) }) {
        case .accepted(let request): .accepted(TokenRequest(request))
        case .notOurs(let code, let text): .notOurs(NotOurs(code: code, reason: text))
        }
    }

    /// As ``complete(_:)-(String)``, for the URL that the system hands over.
    public func complete(_ redirect: URL) throws -> Completion {
        try complete(redirect.absoluteString)
    }

    /// Ends the session unused and wipes its secrets now. May be called again.
    ///
    /// - Throws: ``ProofKeyError`` for a mistake inside ProofKey, and for nothing else.
    public func discard() throws {
        try crossing { try native.discard() }
    }
}

/// A URL of the core's as Foundation's. What the core writes is ASCII and well formed.
func url(from text: String) throws -> URL {
    guard let url = URL(string: text), url.absoluteString == text else {
        throw ProofKeyError.invalidConfiguration("an address of the settings is not one that the system can read")
    }
    return url
}

extension PkceSession: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type's name.
    public var description: String { "PkceSession" }

    /// The type's name.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
