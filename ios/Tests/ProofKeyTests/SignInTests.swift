import Foundation
import ProofKey
import Testing

/// Whole sign-ins, against the development server and against token endpoints that misbehave.
@Suite struct SignInTests {
    @Test func aSignInGivesATokenThatTheResourceTakes() async throws {
        let server = try Server.running()
        let tokens = try await server.client(scopes: [server.scopes[0]]).signIn()
        #expect(tokens.issuer == server.issuer)
        #expect(tokens.clientID == server.client_id)
        #expect(tokens.resource == server.resource)
        #expect(tokens.scopes == [server.scopes[0]])
        #expect(try #require(tokens.expiresAt) > Date())
        let token = try tokens.exposeAccessToken()
        let answer = try await onThread { try get(URL(string: server.resource)!, token: token) }
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(server.client_id))
    }

    @Test(arguments: ["http://[::1]/callback", "http://127.0.0.1:0/callback"])
    func thePlaceOfTheRedirectCanBeNamed(redirectURI: String) async throws {
        let tokens = try await Server.running().client(redirectURI: redirectURI).signIn()
        #expect(try !tokens.exposeAccessToken().isEmpty)
    }

    @Test func manySignInsAtOnce() async throws {
        let client = try Server.running().client()
        let all = try await withThrowingTaskGroup(of: TokenSet.self) { group in
            for _ in 0..<20 {
                group.addTask { try await client.signIn() }
            }
            return try await group.reduce(into: []) { try $0.append($1.exposeAccessToken()) }
        }
        #expect(Set(all).count == 20)
    }

    /// P6: a redirect without our state is not an answer.
    @Test func noiseEndsNothing() async throws {
        let noisy = LoopbackAuthenticator { url in
            let noise = URL(string: "\(parameter(url, "redirect_uri"))?code=stolen&state=guessed")!
            Thread {
                for _ in 0..<3 { _ = try? get(noise) }
                _ = try? get(url)
            }.start()
        }
        let tokens = try await Server.running().client(by: noisy).signIn()
        #expect(try !tokens.exposeAccessToken().isEmpty)
    }

    /// As programs do that stay for as long as their window.
    @Test func whatOpensTheBrowserMayStay() async throws {
        let release = Signal()
        let staying = LoopbackAuthenticator { url in
            visit(url)
            try await release.happened()
        }
        let tokens = try await Server.running().client(by: staying).signIn()
        #expect(try !tokens.exposeAccessToken().isEmpty)
        release.set()
    }

    @Test func theUserSaysNo() async throws {
        let server = try Server.running()
        let refusing = LoopbackAuthenticator {
            visit(comingBack(from: $0, with: "error=access_denied&iss=\(server.issuer)"))
        }
        let error = try await failure { try await server.client(by: refusing).signIn() }
        #expect(error.code == .accessDenied)
        #expect(error.family == .userCancelled)
    }

    @Test func nobodyComes() async throws {
        let absent = LoopbackAuthenticator { _ in }
        let error = try await failure {
            try await Server.running().client(timeout: .seconds(1), by: absent).signIn()
        }
        #expect(error.code == .redirectTimeout)
        #expect(error.family == .signInAgain)
    }

    @Test func aPortInUseSaysSo() async throws {
        let taken = try Listener()
        let error = try await failure { try await Server.running().client(port: taken.port).signIn() }
        #expect(error.code == .portInUse)
        #expect(error.family == .retry)
        #expect(error.message.contains("\(taken.port)"))
    }

    @Test func aClientThatWasClosed() async throws {
        let client = try Server.running().client()
        await client.close()
        let error = try await failure { try await client.signIn() }
        #expect(error.code == .closed)
        #expect(error.family == .fixConfiguration)
    }

    /// P14: a server that reads the token request and cuts the line gets exactly one.
    @Test(arguments: 1...5)
    func aCutLineSendsNothingTwice(_: Int) async throws {
        let endpoint = try TokenEndpoint { _ in }
        let error = try await failure { try await endpoint.client().signIn() }
        #expect(error.code == .unreachable)
        #expect(error.family == .retry)
        #expect(endpoint.requests.count == 1)
    }

    @Test func whatIsSentIsWhatTheCoreWrote() async throws {
        let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let tokens = try await endpoint.client().signIn()
        #expect(try tokens.exposeAccessToken() == canaryToken)
        let sent = String(decoding: try #require(endpoint.requests.first), as: UTF8.self)
        let parts = sent.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        #expect(lines[0] == "POST /token HTTP/1.1")
        let fields = lines.dropFirst().map { $0.lowercased() }
        for expected in [
            "accept: application/json", "accept-encoding: identity",
            "content-type: application/x-www-form-urlencoded",
        ] {
            #expect(fields.contains(expected), "\(fields)")
        }
        let names = fields.map { $0.split(separator: ":")[0] }.sorted()
        #expect(Set(names).count == names.count)
        // What HTTP needs, and two of URLSession's own; no cookie, no credential, no referrer.
        let allowed = [
            "accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "host",
            "user-agent",
        ]
        #expect(names.allSatisfy { allowed.contains(String($0)) }, "\(names)")
        #expect(parts[1].contains("code=canary-code-0123456789"))
    }

    @Test func aRedirectOfTheTokenEndpointIsNotFollowed() async throws {
        let other = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let endpoint = try TokenEndpoint(respond("", status: "307 T", "Location: \(other.url)"))
        let error = try await failure { try await endpoint.client().signIn() }
        #expect(error.code == .redirectRefused)
        #expect(endpoint.requests.count == 1)
        #expect(other.requests.isEmpty)
    }
}
