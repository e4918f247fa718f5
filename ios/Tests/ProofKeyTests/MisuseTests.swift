import Foundation
import ProofKey
import Testing

/// Settings and texts that cannot be used: typed errors that say what to do.
@Suite struct MisuseTests {
    struct Settings: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var issuer = "https://as.example"
        var authorizationEndpoint = "https://as.example/authorize"
        var tokenEndpoint = "https://as.example/token"
        var clientID = "agent"
        var scopes: [String] = []
        var resource: String?
        var redirectURI: String?
        var port: UInt16?
        var redirectPath: String?
        var timeout: Duration = .seconds(300)

        func client() throws -> ProofKeyClient {
            try ProofKeyClient(
                issuer: issuer, endpoints: .init(authorization: authorizationEndpoint, token: tokenEndpoint),
                clientID: clientID, scopes: scopes, resource: resource, redirectURI: redirectURI, port: port,
                redirectPath: redirectPath, timeout: timeout)
        }
    }

    @Test(arguments: [
        Settings(testDescription: "the defaults"),
        Settings(testDescription: "a scheme", redirectURI: "com.example.app:/callback"),
        Settings(testDescription: "a claimed link", redirectURI: "https://app.example/callback"),
        Settings(testDescription: "loopback", redirectURI: "http://localhost:8080/callback"),
        Settings(testDescription: "an hour", timeout: .seconds(3600)),
    ])
    func settingsThatCanBeUsed(settings: Settings) throws {
        _ = try settings.client()
    }

    @Test(arguments: [
        Settings(testDescription: "issuer", issuer: "http://as.example"),
        Settings(testDescription: "issuer", issuer: ""),
        Settings(testDescription: "authorization_endpoint", authorizationEndpoint: "http://as.example/a"),
        Settings(testDescription: "token_endpoint", tokenEndpoint: "https://as.example/token#fragment"),
        Settings(testDescription: "token_endpoint", tokenEndpoint: "https://as.example/\0"),
        Settings(testDescription: "client_id", clientID: ""),
        Settings(testDescription: "client_id", clientID: "ä"),
        Settings(testDescription: "scopes", scopes: ["a b"]),
        Settings(testDescription: "resource", resource: "not a uri"),
        Settings(testDescription: "redirect_path", redirectPath: "callback"),
        Settings(testDescription: "browse_timeout_ms", timeout: .zero),
        Settings(testDescription: "browse_timeout_ms", timeout: .seconds(3601)),
        Settings(testDescription: "browse_timeout_ms", timeout: .seconds(Int64.max)),
        Settings(testDescription: "timeout", timeout: .seconds(-1)),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1"),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1:99999/callback"),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1.evil.example/callback"),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1/callback?a=b"),
        Settings(testDescription: "redirect_uri", redirectURI: "app:/callback"),
        Settings(testDescription: "redirect_uri", redirectURI: ""),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1/callback", port: 1),
        Settings(testDescription: "redirectURI", redirectURI: "http://127.0.0.1/callback", redirectPath: "/x"),
    ])
    func settingsThatCannotBeUsed(settings: Settings) async throws {
        let error = try await failure { try settings.client() }
        #expect(error.code == .invalidConfiguration)
        #expect(error.family == .fixConfiguration)
        #expect(error.message.hasPrefix(settings.testDescription), "\(error)")
        #expect(error.advice.hasSuffix("."))
    }

    @Test func pairs() throws {
        let (first, second) = (try pair(), try pair())
        #expect(try first.exposeVerifier() != second.exposeVerifier())
        #expect(try verify(first.exposeVerifier(), against: first.challenge))
        #expect(try !verify(first.exposeVerifier(), against: second.challenge))
    }

    @Test(arguments: [
        "too-short", String(repeating: "A", count: 42) + "\0", String(repeating: "ä", count: 43),
        String(repeating: "A", count: 1_000_000),
    ])
    func verifiersOutsideTheGrammar(verifier: String) async throws {
        let error = try await failure { try verify(verifier, against: String(repeating: "A", count: 43)) }
        #expect(error.code == .invalidVerifier)
        #expect(!error.description.contains(verifier.prefix(9)))
    }

    static func session() throws -> PkceSession {
        try PkceSession(
            issuer: "https://as.example", authorizationEndpoint: "https://as.example/authorize",
            tokenEndpoint: "https://as.example/token", clientID: "agent",
            redirectURI: "https://app.example/callback", scopes: ["read"])
    }

    @Test func aSessionByHand() async throws {
        let session = try Self.session()
        let url = try session.authorizationURL()
        guard case .notOurs(let why) = try session.complete("https://app.example/callback?code=stolen&state=guessed")
        else { throw Missing(what: "a refusal") }
        #expect(why.code == "state_mismatch")
        #expect(!why.description.contains("stolen"))
        guard case .accepted(let request) = try session.complete(comingBack(from: url)) else {
            throw Missing(what: "a request")
        }
        let sent = try request.httpRequest()
        #expect(sent.method == "POST")
        #expect(sent.url.absoluteString == "https://as.example/token")
        #expect(sent.timeout == .seconds(30))
        #expect(sent.maxBody == 65536)
        #expect(String(decoding: try #require(sent.exposeBody()), as: UTF8.self).contains("canary-code"))
        let body = Data(ProofKeyTests.tokens.utf8)
        let headers = [(name: "Content-Type", value: "application/json")]
        let tokens = try request.tokens(
            status: 200, headers: headers, body: body, now: Date(timeIntervalSince1970: 1000.9))
        #expect(try tokens.exposeAccessToken() == canaryToken)
        #expect(try tokens.exposeRefreshToken() == nil)
        #expect(tokens.expiresAt == Date(timeIntervalSince1970: 1060))
        #expect(tokens.scopes == ["read"])
        let again = try await failure { try request.tokens(status: 200, headers: headers, body: body) }
        #expect(again.code == .flowEnded)
    }

    @Test func aSessionIsUsedOnce() async throws {
        let session = try Self.session()
        let url = try session.authorizationURL()
        let error = try await failure { try session.complete(comingBack(from: url, with: "error=access_denied")) }
        #expect(error.family == .userCancelled)
        #expect(try await failure { try session.authorizationURL() }.code == .flowEnded)
        #expect(try await failure { try session.complete("https://app.example/") }.code == .flowEnded)
        try session.discard()
        try session.discard()
    }

    @Test func anAnswerOutOfRange() async throws {
        let session = try Self.session()
        guard case .accepted(let request) = try session.complete(comingBack(from: session.authorizationURL())) else {
            throw Missing(what: "a request")
        }
        for status in [-1, 1000, 70000, Int.max] {
            let error = try await failure { try request.tokens(status: status, headers: [], body: Data()) }
            #expect(error.code == .invalidConfiguration)
        }
        for now in [Date.distantPast, Date(timeIntervalSince1970: -1), Date(timeIntervalSince1970: .infinity)] {
            let error = try await failure { try request.tokens(status: 200, headers: [], body: Data(), now: now) }
            #expect(error.code == .invalidConfiguration)
        }
    }

    /// docs/errors.md names every code; each has its constant, and one family.
    @Test func everyCodeOfThePageHasItsName() throws {
        let page = try String(contentsOf: Cases.top.appending(path: "docs/errors.md"), encoding: .utf8)
        let source = try String(
            contentsOf: Cases.top.appending(path: "ios/Sources/ProofKey/ErrorCode.swift"), encoding: .utf8)
        let named = Set(source.matches(of: #/Self\(rawValue: "([a-z_]+)"\)/#).map { String($0.1) })
        let families = ProofKeyError.Family.allCases.map { "`\($0.rawValue)`" }
        let rows = page.split(separator: "\n").map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let codes = rows.filter { $0.count > 2 && families.contains($0[1]) }.map { $0[0].replacing("`", with: "") }
        #expect(codes.count >= 28)
        #expect(named == Set(codes).union(["closed", "grants_unavailable", "internal_error"]))
    }
}
