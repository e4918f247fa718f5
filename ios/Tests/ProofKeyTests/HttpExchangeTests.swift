import Foundation
import ProofKeyFFI
import Testing

@testable import ProofKey

/// One exchange, against servers that misbehave.
@Suite struct HttpExchangeTests {
    private func request(_ url: String, timeoutMs: UInt64 = 30_000) -> ProofKeyFFI.HttpRequest {
        ProofKeyFFI.HttpRequest(
            method: "POST", url: url,
            headers: [
                Header(name: "Content-Type", value: "application/x-www-form-urlencoded"),
                Header(name: "Accept-Encoding", value: "identity"),
            ],
            body: Data("a=b".utf8), maxBody: 1000, timeoutMs: timeoutMs)
    }

    private func answer(to endpoint: TokenEndpoint) async -> Event {
        await HttpExchange(request(endpoint.url)).run()
    }

    @Test(arguments: ["200 OK", "301 M", "302 F", "303 S", "307 T", "308 P", "401 U", "407 P", "500 E", "503 E"])
    func everyStatusIsAnAnswer(status: String) async throws {
        let other = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let endpoint = try TokenEndpoint(
            respond(
                "{}", status: status, "Location: \(other.url)", "WWW-Authenticate: Basic realm=\"x\"",
                "Proxy-Authenticate: Basic realm=x", "Set-Cookie: a=b", "Retry-After: 0"))
        guard case .response(let response) = await answer(to: endpoint) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == UInt16(status.prefix(3)))
        #expect(response.headers.contains { $0.name.lowercased() == "content-type" && $0.value == "application/json" })
        #expect(response.body == Data("{}".utf8))
        #expect(endpoint.requests.count == 1)
        #expect(other.requests.isEmpty)
    }

    static let challenges = [
        "Basic realm=\"x\"", "Basic realm=\"a\", charset=\"UTF-8\"", "Bearer error=\"invalid_token\"",
        "Basic realm=\"", "Basic realm=\"\\", "=", ",", "", "Digest realm=\"a\",nonce=\"b\"", "Negotiate abc==",
    ]

    /// None of them is answered.
    @Test(arguments: challenges + fatalChallenges)
    func everyChallengeIsAnAnswer(challenge: String) async throws {
        let endpoint = try TokenEndpoint(
            respond(#"{"error":"invalid_client"}"#, status: "401 U", "WWW-Authenticate: \(challenge)"))
        guard case .response(let response) = await answer(to: endpoint) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 401)
        #expect(endpoint.requests.count == 1)
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reason: Lost
        let answer: @Sendable (Connection) -> Void
    }

    static let broken = [
        Broken(testDescription: "too long", reason: .tooLarge, answer: respond(String(repeating: "x", count: 1001))),
        Broken(
            testDescription: "announced too long", reason: .tooLarge,
            answer: respond("xxx", "Content-Length: 1001")),
        Broken(
            testDescription: "too long in chunks", reason: .tooLarge,
            answer: respond("7d1\r\n" + String(repeating: "x", count: 2001), "Transfer-Encoding: chunked")),
        Broken(
            testDescription: "ends early", reason: .lost, answer: respond("xxxxxxxxx", "Content-Length: 10")),
        Broken(
            testDescription: "chunk ends early", reason: .lost,
            answer: respond("9\r\nxx", "Transfer-Encoding: chunked")),
        Broken(testDescription: "cut", reason: .lost, answer: { _ in }),
        Broken(testDescription: "another protocol", reason: .lost, answer: { $0.send(Data("SSH-2.0-x\r\n".utf8)) }),
    ]

    @Test(arguments: broken + fatalHeads)
    func whatIsNoWholeAnswer(broken: Broken) async throws {
        let endpoint = try TokenEndpoint(broken.answer)
        guard case .unreachable(let reason, _) = await answer(to: endpoint) else {
            Issue.record("an answer")
            return
        }
        #expect(reason == broken.reason)
        #expect(endpoint.requests.count == 1)
    }

    @Test func aBodyOfExactlyTheLimit() async throws {
        let endpoint = try TokenEndpoint(respond(String(repeating: "x", count: 1000)))
        guard case .response(let response) = await answer(to: endpoint) else {
            Issue.record("no response")
            return
        }
        #expect(response.body.count == 1000)
    }

    /// A server that goes on sending keeps no idle timeout from being met. What it sends is the extension of a chunk
    /// (RFC 9112 §7.1.1), which ends no chunk and makes no body larger; it sends as fast as it is read.
    @Test func theTimeoutHoldsForTheWholeExchange() async throws {
        let over = Signal()
        let endpoint = try TokenEndpoint { connection in
            respond("1;a=", "Transfer-Encoding: chunked")(connection)
            while connection.send(Data(repeating: UInt8(ascii: "x"), count: 1000)) {}
            over.set()
        }
        let started = ContinuousClock.now
        let event = await HttpExchange(request(endpoint.url, timeoutMs: 500)).run()
        let took = ContinuousClock.now - started
        #expect(event == .unreachable(reason: .timedOut, detail: "no whole answer within 0.5 s"))
        #expect(took > .milliseconds(400) && took < .seconds(15))
        try await over.happened()
    }

    @Test(arguments: [
        "http://127.0.0.1:1/", "https://127.0.0.1:1/", "ftp://x.invalid/", "file:///etc/passwd", "data:,x",
    ])
    func nothingWasSent(url: String) async {
        guard case .unreachable(let reason, _) = await HttpExchange(request(url)).run() else {
            Issue.record("an answer")
            return
        }
        #expect(reason == .notConnected)
    }

    @Test func aServerWithoutTLSBehindHttpsGetsNothing() async throws {
        let endpoint = try TokenEndpoint { _ in }
        let url = endpoint.url.replacing("http:", with: "https:")
        guard case .unreachable(let reason, _) = await HttpExchange(request(url, timeoutMs: 5000)).run() else {
            Issue.record("an answer")
            return
        }
        #expect(reason != .tooLarge)
        #expect(endpoint.requests.allSatisfy { $0.range(of: Data("a=b".utf8)) == nil })
    }

    @Test func aCancelClosesTheConnection() async throws {
        let gone = Signal()
        let endpoint = try TokenEndpoint { connection in
            if connection.receive().isEmpty { gone.set() }
        }
        let task = Task { await self.answer(to: endpoint) }
        try await endpoint.arrived.happened()
        task.cancel()
        #expect(await task.value == .cancel)
        try await gone.happened()
    }

    @Test func whatWasCancelledBeforeIsNeverSent() async throws {
        let endpoint = try TokenEndpoint(respond("{}"))
        let begin = Signal()
        let task = Task {
            try await begin.happened()
            return await self.answer(to: endpoint)
        }
        task.cancel()
        begin.set()
        #expect(try await task.value == .cancel)
        #expect(endpoint.requests.isEmpty)
    }
}
