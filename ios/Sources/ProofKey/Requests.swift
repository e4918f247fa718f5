import Foundation
internal import ProofKeyFFI

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

// Requests to the client's resource. A token goes to its own resource and to no other (RFC 8707 §2, RFC 6750 §5.3).
extension ProofKeyClient {
    /// Sets the header `Authorization` of a request to the client's resource.
    ///
    /// - Parameter interaction: Whether the user may be asked for a sign-in, and how.
    /// - Throws: ``ProofKeyError``: `wrong_resource` where the request goes elsewhere; else as ``tokens(interaction:)``.
    public nonisolated func authorize(_ request: inout URLRequest, interaction: Interaction = .never) async throws {
        request = try await authorized(request, interaction: interaction)
    }

    /// A request to the client's resource, with the header `Authorization`.
    ///
    /// - Parameter interaction: Whether the user may be asked for a sign-in, and how.
    /// - Throws: ``ProofKeyError``: `wrong_resource` where the request goes elsewhere; else as ``tokens(interaction:)``.
    public func authorized(_ request: URLRequest, interaction: Interaction = .never) async throws -> URLRequest {
        let url = request.url?.absoluteString ?? ""
        if let header = try header(for: url) { return request.authorized(by: header) }
        // Before anybody is asked.
        try settings.checkResource(of: url)
        let tokens = try await tokens(interaction)
        return request.authorized(by: try tokens.authorizationNow(for: url))
    }

    /// The request once more, after the resource has answered it by 401: with a token that is refreshed, unless another is at
    /// hand by now. Repeat it once; if it is refused again, give up.
    ///
    /// - Parameters:
    ///   - request: As it was sent.
    ///   - response: The answer, whose `WWW-Authenticate` may say what the resource demands.
    ///   - interaction: Whether the user may be asked for a sign-in, and how.
    /// - Throws: As ``authorized(_:interaction:)``.
    public func authorized(
        _ request: URLRequest, after response: HTTPURLResponse, interaction: Interaction = .never
    ) async throws -> URLRequest {
        let url = request.url?.absoluteString ?? ""
        try settings.checkResource(of: url)
        let rejected = try rejected(request.value(forHTTPHeaderField: "Authorization"), for: url)
        let challenges = [response.value(forHTTPHeaderField: "WWW-Authenticate")].compactMap { $0 }
        let tokens = try await tokens(interaction, insteadOf: rejected, after: challenges)
        return request.authorized(by: try tokens.authorizationNow(for: url))
    }

    /// Asks the client's resource. Where it answers by 401 the token is refreshed and the request repeated, once.
    ///
    /// It is one exchange of its own: no redirect is followed, for a token must not go where an answer says; nothing is kept
    /// or taken from a cache, and there are no cookies. On Linux it is made by libcurl.
    ///
    /// - Parameters:
    ///   - request: Its body is data, not a stream. The time that it may take is its own `timeoutInterval`.
    ///   - interaction: Whether the user may be asked for a sign-in, and how.
    ///   - maxBody: More bytes than these are not read.
    /// - Throws: `URLError` where no whole answer came; `CancellationError`; else as ``authorized(_:interaction:)``.
    public nonisolated func data(
        for request: URLRequest, interaction: Interaction = .never, maxBody: Int = 16 * 1024 * 1024
    ) async throws -> (Data, HTTPURLResponse) {
        let first = try await authorized(request, interaction: interaction)
        let (body, response) = try await first.answer(maxBody: maxBody)
        guard response.statusCode == 401 else { return (body, response) }
        let second = try await authorized(first, after: response, interaction: interaction)
        return try await second.answer(maxBody: maxBody)
    }

    /// As ``data(for:interaction:maxBody:)``, for an address.
    public nonisolated func data(
        from url: URL, interaction: Interaction = .never, maxBody: Int = 16 * 1024 * 1024
    ) async throws -> (Data, HTTPURLResponse) {
        try await data(for: URLRequest(url: url), interaction: interaction, maxBody: maxBody)
    }
}

extension URLRequest {
    fileprivate func authorized(by header: String) -> URLRequest {
        var request = self
        request.setValue(header, forHTTPHeaderField: "Authorization")
        return request
    }

    /// One exchange.
    fileprivate func answer(maxBody: Int) async throws -> (Data, HTTPURLResponse) {
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
            return (response.body, head)
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
