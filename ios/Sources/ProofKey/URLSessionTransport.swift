#if !os(Linux) || canImport(AuthenticationServices)
    // On Linux only the tests compile this, over stubs of Apple's modules.
    import Foundation
    internal import ProofKeyFFI

    #if canImport(FoundationNetworking)
        import FoundationNetworking
    #endif

    typealias PlatformTransport = URLSessionTransport

    /// One exchange by URLSession.
    final class URLSessionTransport: NSObject, HttpTransport {
        private struct State {
            var session: URLSession?
            var response: HTTPURLResponse?
            var body = Data()
            var isOver = false
        }

        private let request: ProofKeyFFI.HttpRequest
        private let ended: @Sendable (Event) -> Void
        private let state = Locked(State())

        init(_ request: ProofKeyFFI.HttpRequest, ended: @escaping @Sendable (Event) -> Void) {
            self.request = request
            self.ended = ended
        }

        func start() {
            guard let url = URL(string: request.url) else {
                ended(.unreachable(reason: .notConnected, detail: "the address is no URL"))
                return
            }
            var wanted = URLRequest(
                url: url, cachePolicy: .reloadIgnoringLocalCacheData,
                timeoutInterval: Double(request.timeoutMs) / 1000)
            wanted.httpMethod = request.method
            wanted.httpBody = request.body
            wanted.httpShouldHandleCookies = false
            for field in request.headers {
                wanted.setValue(field.value, forHTTPHeaderField: field.name)
            }
            // A session for one exchange: no connection is kept, so none can be found dead and used again, which is what
            // makes HTTP stacks send a request twice (P14).
            let session = URLSession(configuration: configuration(), delegate: self, delegateQueue: nil)
            let task = session.dataTask(with: wanted)
            let isOver = state.withLock {
                if !$0.isOver { $0.session = session }
                return $0.isOver
            }
            // Stopped before it began: nothing is sent.
            if isOver { session.invalidateAndCancel() } else { task.resume() }
        }

        /// It is not known how far the request has come: it may have arrived.
        func stop() -> Bool {
            let session = state.withLock { state in
                state.isOver = true
                // What holds an answer is kept no longer.
                state.body = Data()
                defer { state.session = nil }
                return state.session
            }
            session?.invalidateAndCancel()
            return session != nil
        }

        private func tooLarge() {
            ended(.unreachable(reason: .tooLarge, detail: "more than \(request.maxBody) bytes"))
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
            // What goes to this machine is never shown to a proxy.
            if WebAddress.isLoopback(request.url) { configuration.connectionProxyDictionary = [:] }
            return configuration
        }
    }

    extension URLSessionTransport: URLSessionDataDelegate {
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
                if !$0.isOver { $0.body.append(data) }
                return $0.body.count
            }
            if size > request.maxBody { tooLarge() }
        }

        func urlSession(_: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            if let error { ended(Self.unreachable(error)) } else { complete(with: task.response) }
        }

        private func complete(with response: URLResponse?) {
            let (answer, body) = state.withLock { ($0.response, $0.body) }
            guard let response = answer ?? response as? HTTPURLResponse else {
                ended(.unreachable(reason: .lost, detail: "no answer"))
                return
            }
            guard response.expectedContentLength < 0 || response.expectedContentLength == body.count else {
                ended(.unreachable(reason: .lost, detail: "the answer ended early"))
                return
            }
            let headers = response.allHeaderFields.compactMap { name, value -> Header? in
                guard let name = name as? String, let value = value as? String else { return nil }
                return Header(name: name, value: value)
            }
            let status = UInt16(clamping: response.statusCode)
            ended(.response(response: HttpResponse(status: status, headers: headers, body: body)))
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
#endif
