#if os(Linux) && !canImport(AuthenticationServices)
    internal import CProofKeyHttp
    import Foundation
    internal import ProofKeyFFI

    typealias PlatformTransport = CurlTransport

    /// One exchange by libcurl, on a thread of its own.
    ///
    /// Not by URLSession: an answer of the server ends the program in the Foundation that comes with Swift 6.0 on Linux.
    final class CurlTransport: HttpTransport {
        private enum State {
            case new
            case running(OpaquePointer)
            case over
        }

        private let request: ProofKeyFFI.HttpRequest
        private let ended: @Sendable (Event) -> Void
        private let state = Locked(State.new)

        init(_ request: ProofKeyFFI.HttpRequest, ended: @escaping @Sendable (Event) -> Void) {
            self.request = request
            self.ended = ended
        }

        func start() {
            let thread = Thread { self.exchange() }
            thread.name = "proofkey-http"
            thread.start()
        }

        func stop() -> Bool {
            state.withLock {
                guard case .running(let http) = $0 else {
                    $0 = .over
                    return false
                }
                return proofkey_http_end(http)
            }
        }

        private func exchange() {
            guard let http = proofkey_http_new() else {
                ended(.unreachable(reason: .notConnected, detail: "out of memory"))
                return
            }
            let begins = state.withLock {
                guard case .new = $0 else { return false }
                $0 = .running(http)
                return true
            }
            let event = begins ? run(http) : nil
            state.withLock { $0 = .over }
            // When an answer is told, nothing of the exchange is open any more.
            proofkey_http_free(http)
            if let event { ended(event) }
        }

        /// Nothing if it was stopped.
        private func run(_ http: OpaquePointer) -> Event? {
            guard lines().allSatisfy({ proofkey_http_add(http, $0) }) else {
                return .unreachable(reason: .notConnected, detail: "out of memory")
            }
            let outcome = request.url.withCString { url in
                request.method.withCString { method in
                    (request.body ?? Data()).withUnsafeBytes { body in
                        var wanted = proofkey_http_request(
                            url: url,
                            method: method,
                            body: body.bindMemory(to: UInt8.self).baseAddress,
                            body_length: body.count,
                            max_body: Int(clamping: request.maxBody),
                            // What goes to this machine is never shown to a proxy.
                            may_use_proxy: !WebAddress.isLoopback(request.url)
                        )
                        return proofkey_http_run(http, &wanted)
                    }
                }
            }
            let error = String(cString: proofkey_http_error(http))
            switch outcome {
            case .answered: return answer(proofkey_http_answered(http))
            case .ended: return nil
            case .notConnected: return .unreachable(reason: .notConnected, detail: error)
            case .lost: return .unreachable(reason: .lost, detail: error)
            case .tooLarge: return .unreachable(reason: .tooLarge, detail: "more than \(request.maxBody) bytes")
            }
        }

        /// The fields of the request, and none that libcurl adds by itself.
        private func lines() -> [String] {
            let asked = request.headers
            let own = ["Accept", "Content-Type", "Expect", "User-Agent"].filter { name in
                !asked.contains { $0.name.caseInsensitiveCompare(name) == .orderedSame }
            }
            // libcurl takes `Name:` for a field to be left out and `Name;` for one that is empty.
            return own.map { "\($0):" } + asked.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        }

        private func answer(_ answer: proofkey_http_answer) -> Event {
            let head = UnsafeBufferPointer(start: answer.head, count: answer.head_length)
            guard let headers = HttpHead.fields(of: head) else {
                return .unreachable(reason: .lost, detail: "the head of the answer is malformed")
            }
            let body = answer.body.map { Data(bytes: $0, count: answer.body_length) } ?? Data()
            return .response(response: HttpResponse(status: answer.status, headers: headers, body: body))
        }
    }
#endif
