import Foundation
internal import ProofKeyFFI

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// An answer of the resource, and what it says of the token.
struct ResourceAnswer: Sendable {
    let body: Data
    let response: HTTPURLResponse
    /// The values of its fields `WWW-Authenticate`, each for itself: joined, a bad one would spoil the others.
    let challenges: [String]
    /// The values of its fields `DPoP-Nonce` (RFC 9449 §8.2).
    let nonces: [String]
}

extension URLRequest {
    /// One exchange.
    func answer(maxBody: Int) async throws -> ResourceAnswer {
        let (method, fields) = (httpMethod ?? "GET", allHTTPHeaderFields ?? [:])
        guard let url, httpBodyStream == nil, method.wholeMatch(of: #/[A-Za-z]+/#) != nil else {
            throw ProofKeyError.invalidConfiguration(
                "the request has no address, no such method, or a stream as its body")
        }
        // What would begin another field, or another request.
        let controls = fields.map { "\($0.key)\($0.value)" }.joined().unicodeScalars.filter { $0.value < 0x20 }
        guard controls.allSatisfy({ $0 == "\t" }) else {
            throw ProofKeyError.invalidConfiguration("a header field of the request has a control character")
        }
        let wanted = ProofKeyFFI.HttpRequest(
            method: method,
            url: url.absoluteString,
            headers: fields.map { Header(name: $0.key, value: $0.value) },
            body: httpBody,
            maxBody: UInt64(clamping: maxBody),
            timeoutMs: try Settings.milliseconds(.seconds(timeoutInterval))
        )
        switch await HttpExchange(wanted).run() {
        case .response(let response):
            let answered = Dictionary(response.headers.map { ($0.name, $0.value) }) { "\($0), \($1)" }
            let head = HTTPURLResponse(
                url: url, statusCode: Int(response.status), httpVersion: "HTTP/1.1", headerFields: answered)
            guard let head else { throw URLError(.badServerResponse) }
            return ResourceAnswer(
                body: response.body, response: head, challenges: response.values(of: "WWW-Authenticate"),
                nonces: response.values(of: "DPoP-Nonce"))
        case .unreachable(let reason, let detail):
            let code: URLError.Code =
                switch reason {
                case .notConnected: .cannotConnectToHost
                case .lost: .networkConnectionLost
                case .timedOut: .timedOut
                case .tooLarge: .dataLengthExceedsMaximum
                }
            throw URLError(code, userInfo: [NSLocalizedDescriptionKey: detail, NSURLErrorFailingURLErrorKey: url])
        default: throw CancellationError()
        }
    }
}

extension ProofKeyFFI.HttpResponse {
    fileprivate func values(of name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}
