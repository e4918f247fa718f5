import Foundation
internal import ProofKeyFFI

/// A code and the verifier that redeems it. It reads one answer.
public final class TokenRequest: Sendable {
    private let native: ProofKeyFFI.TokenRequest

    init(_ native: ProofKeyFFI.TokenRequest) {
        self.native = native
    }

    /// What is to be sent to the token endpoint, once: a code is never tried twice (RFC 6749 §4.1.2).
    ///
    /// - Throws: ``ProofKeyError``: it was used before.
    public func httpRequest() throws -> HttpRequest {
        try crossing { try HttpRequest(native.httpRequest()) }
    }

    /// Reads the answer.
    ///
    /// - Parameters:
    ///   - status: Its HTTP status.
    ///   - headers: Its header fields, as pairs of name and value.
    ///   - body: Its body, whole and undecoded.
    ///   - now: The time from which the expiry is counted.
    /// - Throws: ``ProofKeyError``: the server's refusal, or an answer that the specification does not allow.
    public func tokens(
        status: Int, headers: [(name: String, value: String)], body: Data, now: Date = Date()
    ) throws -> TokenSet {
        guard let status = UInt16(exactly: status), status < 1000 else {
            throw ProofKeyError.invalidConfiguration("status is not between 0 and 999")
        }
        guard let now = UInt64(exactly: now.timeIntervalSince1970.rounded(.down)) else {
            throw ProofKeyError.invalidConfiguration("now is before 1970")
        }
        let response = HttpResponse(
            status: status,
            headers: headers.map { Header(name: $0.name, value: $0.value) },
            body: body
        )
        return try crossing { try TokenSet(native.tokens(response: response, now: now)) }
    }
}

extension TokenRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The type's name.
    public var description: String { "TokenRequest" }

    /// The type's name.
    public var debugDescription: String { description }

    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A request, to be sent once and exactly so: no redirect followed, nothing repeated.
public struct HttpRequest: Sendable {
    /// `GET` or `POST`.
    public let method: String

    /// The absolute URL.
    public let url: URL

    /// All header fields; add none beyond what HTTP itself needs.
    public let headers: [(name: String, value: String)]

    /// Stop reading the answer after so many bytes.
    public let maxBody: Int

    /// For the whole exchange.
    public let timeout: Duration

    private let body: Data?

    init(_ native: ProofKeyFFI.HttpRequest) throws {
        method = native.method
        url = try ProofKey.url(from: native.url)
        headers = native.headers.map { ($0.name, $0.value) }
        maxBody = Int(clamping: native.maxBody)
        timeout = .milliseconds(native.timeoutMs)
        body = native.body
    }

    /// The body; it holds the code and the verifier.
    public func exposeBody() -> Data? { body }
}

extension HttpRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Method and address.
    public var description: String { "HttpRequest(\(method) \(url))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "method": method, "url": url, "headers": headers, "maxBody": maxBody, "timeout": timeout,
            ]
        )
    }
}
