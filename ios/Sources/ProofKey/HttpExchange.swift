import Foundation
internal import ProofKeyFFI

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One HTTP exchange by URLSession, exactly as the core wrote it: nothing followed, nothing repeated, nothing kept.
final class HttpExchange: NSObject, Sendable {
    private struct State {
        var waiting: CheckedContinuation<Event, Never>?
        var outcome: Event?
        var session: URLSession?
        var deadline: Task<Void, Never>?
        var response: HTTPURLResponse?
        var body = Data()
    }

    private let request: ProofKeyFFI.HttpRequest
    private let state = Locked(State())

    init(_ request: ProofKeyFFI.HttpRequest) {
        self.request = request
    }

    /// Makes the exchange and waits for its end. A cancel of the task closes it.
    func run() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiting = continuation }
                begin()
            }
        } onCancel: {
            end(.cancel)
        }
    }

    private func begin() {
        guard let url = URL(string: request.url), url.scheme == "https" || url.scheme == "http" else {
            end(.unreachable(reason: .notConnected, detail: "the address is neither http nor https"))
            return
        }
        let milliseconds = Double(request.timeoutMs)
        var wanted = URLRequest(
            url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: milliseconds / 1000)
        wanted.httpMethod = request.method
        wanted.httpBody = request.body
        wanted.httpShouldHandleCookies = false
        for field in request.headers {
            wanted.setValue(field.value, forHTTPHeaderField: field.name)
        }
        // A session for one exchange: no connection is kept, so none can be found dead and used again, which is what
        // makes HTTP stacks send a request twice (P14).
        let session = URLSession(configuration: configuration(), delegate: self, delegateQueue: nil)
        let deadline = Task { [request] in
            if (try? await Task.sleep(for: .milliseconds(request.timeoutMs))) != nil {
                self.end(.unreachable(reason: .timedOut, detail: "no whole answer within \(milliseconds / 1000) s"))
            }
        }
        let task = session.dataTask(with: wanted)
        let ended = state.withLock {
            $0.session = session
            $0.deadline = deadline
            return $0.outcome
        }
        // Cancelled before it began: nothing is sent.
        if let ended { end(ended) } else { task.resume() }
    }

    private func configuration() -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpMaximumConnectionsPerHost = 1
        // What goes to this machine is never shown to a proxy. (Linux takes the environment's in any case.)
        if WebAddress.isLoopback(request.url) { configuration.connectionProxyDictionary = [:] }
        return configuration
    }

    /// Ends the exchange with this, if it has not ended: nothing more is sent or read.
    private func end(_ event: Event) {
        let (waiting, outcome, session, deadline) = state.withLock { state in
            let outcome = state.outcome ?? event
            state.outcome = outcome
            // What holds an answer is kept no longer.
            state.body = Data()
            defer { (state.waiting, state.session, state.deadline) = (nil, nil, nil) }
            return (state.waiting, outcome, state.session, state.deadline)
        }
        deadline?.cancel()
        session?.invalidateAndCancel()
        waiting?.resume(returning: outcome)
    }

    private func tooLarge() {
        end(.unreachable(reason: .tooLarge, detail: "more than \(request.maxBody) bytes"))
    }
}

extension HttpExchange: URLSessionDataDelegate {
    func urlSession(
        _: URLSession, task _: URLSessionTask, willPerformHTTPRedirection _: HTTPURLResponse,
        newRequest _: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _: URLSession, task _: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        #if canImport(FoundationNetworking)
            // It asks when the whole answer has come. That is the answer, and what would follow is another request.
            complete(with: challenge.failureResponse)
            completionHandler(.cancelAuthenticationChallenge, nil)
        #else
            // The server's certificate is judged by the system. No other question has an answer here.
            let method = challenge.protectionSpace.authenticationMethod
            let isCertificate = method == NSURLAuthenticationMethodServerTrust
            completionHandler(isCertificate ? .performDefaultHandling : .rejectProtectionSpace, nil)
        #endif
    }

    func urlSession(
        _: URLSession, dataTask _: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        guard response.expectedContentLength <= Int64(clamping: request.maxBody) else {
            completionHandler(.cancel)
            tooLarge()
            return
        }
        state.withLock { $0.response = response as? HTTPURLResponse }
        completionHandler(.allow)
    }

    func urlSession(_: URLSession, dataTask _: URLSessionDataTask, didReceive data: Data) {
        let size = state.withLock {
            if $0.outcome == nil { $0.body.append(data) }
            return $0.body.count
        }
        if size > request.maxBody { tooLarge() }
    }

    func urlSession(_: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error { end(Self.unreachable(error)) } else { complete(with: task.response) }
    }

    private func complete(with response: URLResponse?) {
        let (answer, body) = state.withLock { ($0.response, $0.body) }
        guard let response = answer ?? response as? HTTPURLResponse else {
            end(.unreachable(reason: .lost, detail: "no answer"))
            return
        }
        guard response.expectedContentLength < 0 || response.expectedContentLength == body.count else {
            end(.unreachable(reason: .lost, detail: "the answer ended early"))
            return
        }
        let headers = response.allHeaderFields.compactMap { name, value -> Header? in
            guard let name = name as? String, let value = value as? String else { return nil }
            return Header(name: name, value: value)
        }
        let status = UInt16(clamping: response.statusCode)
        end(.response(response: HttpResponse(status: status, headers: headers, body: body)))
    }

    /// How far it went. In doubt the request may have arrived: that is the answer that loses nothing.
    private static func unreachable(_ error: any Error) -> Event {
        let code = (error as? URLError)?.code
        let reason: Lost =
            switch code {
            case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed,
                .notConnectedToInternet, .secureConnectionFailed, .serverCertificateHasBadDate,
                .serverCertificateUntrusted, .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid,
                .appTransportSecurityRequiresSecureConnection:
                .notConnected
            case .timedOut: .timedOut
            case .dataLengthExceedsMaximum: .tooLarge
            default: .lost
            }
        return .unreachable(reason: reason, detail: error.localizedDescription)
    }
}
