#if os(Linux) && !canImport(AuthenticationServices)
    import Foundation
    import ProofKeyFFI
    import Testing

    @testable import ProofKey

    extension HttpExchangeTests {
        /// They end a program that asks by URLSession: Foundation of Swift 6.0 on Linux.
        static let fatalChallenges = [
            "Basic realm=x", "Negotiate", "Basic", "Bearer error=invalid_token", "Basic realm=\"x\", Negotiate",
            "Basic realm=", "Basic realm=x, charset=y",
        ]

        /// No answer, nor more than one request, nor the end of the program.
        static let fatalHeads = [
            raw("nothing but a status line", "HTTP/1.1 200 OK\r\n"),
            raw("half a status line", "HTTP/1.1 20"),
            raw("a head that ends in a name", "HTTP/1.1 200 OK\r\nContent-Type"),
            raw("a head that ends in a value", "HTTP/1.1 200 OK\r\nContent-Type: application/js"),
            raw("a head without its empty line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
            raw("a challenge without its empty line", "HTTP/1.1 401 U\r\nWWW-Authenticate: Basic realm=x\r\n"),
            raw("an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n"),
            raw("the head of the interim answer only", "HTTP/1.1 103 Early\r\nLink: x\r\n"),
            raw("an answer cut behind an interim one", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n"),
            raw("a status that is none", "HTTP/1.1 abc OK\r\n\r\n"),
            raw("a protocol of the future", "HTTP/9.9 200 OK\r\n\r\n"),
            raw("no HTTP at all", "{\"access_token\":\"x\"}"),
            raw("a field without a colon", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nfield\r\n\r\n"),
            raw("a field without a name", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n: x\r\n\r\n"),
            raw("a space in a name", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\na b: x\r\n\r\n"),
            raw("a NUL in a field", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\na: x\0y\r\n\r\n"),
            raw("a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
            raw("a length below nothing", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
            raw("a chunk that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            raw("a length of 10^20", "HTTP/1.1 200 OK\r\nContent-Length: 100000000000000000000\r\n\r\n", .tooLarge),
            raw("a field of 64 KiB", "HTTP/1.1 200 OK\r\na: \(many("x", 65_536))\r\n\r\n", .tooLarge),
            raw("many fields", "HTTP/1.1 200 OK\r\n\(many("a: b\r\n", 11_000))\r\n", .tooLarge),
            raw("long fields", "HTTP/1.1 200 OK\r\n\(many("a: \(many("x", 995))\r\n", 66))\r\n", .tooLarge),
            raw(
                "interim answers of 64 KiB",
                many("HTTP/1.1 100 Continue\r\n\r\n", 2700) + "HTTP/1.1 200 OK\r\n\r\n", .tooLarge),
        ]

        private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

        private static func raw(_ what: String, _ text: String, _ reason: Lost = .lost) -> Broken {
            Broken(testDescription: what, reason: reason, answer: { $0.send(Data(text.utf8)) })
        }
    }

    /// What libcurl makes of an exchange, where the contract leaves no choice.
    @Suite struct CurlTransportTests {
        private func run(
            _ url: String, method: String = "POST", headers: [Header] = [], body: Data? = Data("a=b".utf8),
            timeoutMs: UInt64 = 30_000
        ) async -> Event {
            await HttpExchange(
                ProofKeyFFI.HttpRequest(
                    method: method, url: url, headers: headers, body: body, maxBody: 1000, timeoutMs: timeoutMs)
            ).run()
        }

        private func respond(raw text: String) -> @Sendable (Connection) -> Void {
            { $0.send(Data(text.utf8)) }
        }

        /// The request is what the core wrote, with what HTTP needs, and nothing else.
        @Test func theRequestToTheByte() async throws {
            let endpoint = try TokenEndpoint(ProofKeyTests.respond("{}"))
            let host = endpoint.url.dropFirst("http://".count).prefix { $0 != "/" }
            let headers = [Header(name: "X-Empty", value: ""), Header(name: "Accept", value: "application/json")]
            _ = await run(endpoint.url + "/../a%2Fb?c=d", headers: headers)
            var sent = String(decoding: try #require(endpoint.requests.last), as: UTF8.self)
            #expect(
                sent
                    == "POST /token/../a%2Fb?c=d HTTP/1.1\r\nHost: \(host)\r\nX-Empty:\r\n"
                    + "Accept: application/json\r\nContent-Length: 3\r\n\r\na=b")
            _ = await run(endpoint.url, method: "GET", body: nil)
            sent = String(decoding: try #require(endpoint.requests.last), as: UTF8.self)
            #expect(sent == "GET /token HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        }

        /// RFC 9110 §6.5: what comes after the body is no part of the head; §15.2: nor is what comes before.
        @Test func theFieldsAreThoseOfTheAnswersHead() async throws {
            let endpoint = try TokenEndpoint(
                respond(
                    raw: "HTTP/1.1 103 Early Hints\r\nX-Early: a\r\n\r\nHTTP/1.1 200 OK\r\nX-Mine:\t b \r\n c\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Late: d\r\n\r\n"))
            guard case .response(let response) = await run(endpoint.url) else {
                Issue.record("no response")
                return
            }
            #expect(
                response.headers == [
                    Header(name: "X-Mine", value: "b c"), Header(name: "Transfer-Encoding", value: "chunked"),
                ])
            #expect(response.body == Data("{}".utf8))
        }

        /// It is not asked for, and not unpacked: no small answer grows into a large one.
        @Test func nothingIsUnpacked() async throws {
            let endpoint = try TokenEndpoint(ProofKeyTests.respond("xx", "Content-Encoding: gzip"))
            guard case .response(let response) = await run(endpoint.url) else {
                Issue.record("no response")
                return
            }
            #expect(response.body == Data("xx".utf8))
        }

        /// Nothing was sent, so that a later try is another's first.
        @Test func aDeadlineBeforeTheConnection() async throws {
            // Listens and takes nobody in: TLS waits for its first word.
            let silent = try Listener()
            let event = await run("https://127.0.0.1:\(silent.port)/", timeoutMs: 200)
            #expect(event == .unreachable(reason: .notConnected, detail: "no whole answer within 0.2 s"))
        }

        @Test func aNameOrPasswordInTheAddressIsRefused() async throws {
            let endpoint = try TokenEndpoint(ProofKeyTests.respond("{}"))
            let url = endpoint.url.replacing("http://", with: "http://user:secret@")
            guard case .unreachable(let reason, let detail) = await run(url) else {
                Issue.record("an answer")
                return
            }
            #expect(reason == .notConnected)
            #expect(!detail.contains("secret"))
            #expect(endpoint.requests.isEmpty)
        }

        /// The run names a proxy for everything (`http_proxy`). All else here is on loopback, and arrives without it.
        @Test func theProxyOfTheEnvironment() async throws {
            let issuer = try Server.running().issuer
            #expect(ProcessInfo.processInfo.environment["http_proxy"] == issuer)
            guard case .response = await run("http://nowhere.invalid/token") else {
                Issue.record("it was not asked")
                return
            }
        }

        @Test func manyAtOnce() async throws {
            let endpoints = try (0..<50).map { n in try TokenEndpoint(ProofKeyTests.respond("\(n)")) }
            await withTaskGroup(of: Void.self) { group in
                for (n, endpoint) in endpoints.enumerated() {
                    group.addTask {
                        guard case .response(let response) = await self.run(endpoint.url) else {
                            Issue.record("no response")
                            return
                        }
                        #expect(response.body == Data("\(n)".utf8))
                    }
                }
            }
        }

        /// Whenever it comes, the cancel is the answer or came too late, and nothing is left open.
        @Test func aThousandCancels() async throws {
            let endpoint = try TokenEndpoint { _ = $0.receive() }
            await withTaskGroup(of: Void.self) { group in
                for n in 0..<1000 {
                    group.addTask {
                        let task = Task { await self.run(endpoint.url) }
                        for _ in 0..<n % 50 { await Task.yield() }
                        task.cancel()
                        #expect(await task.value == .cancel)
                    }
                }
            }
        }
    }
#else
    extension HttpExchangeTests {
        static let fatalChallenges: [String] = []
        static let fatalHeads: [Broken] = []
    }
#endif
