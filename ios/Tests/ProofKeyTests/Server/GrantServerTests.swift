import Foundation
import Testing

@testable import GrantServer
@testable import ProofKey

/// The example GrantServer, over HTTP: sign-ins by our own client, the race, and what is wrong.
@Suite struct GrantServerTests {
    private func client(
        of site: Site, dpop: DPoP = .never, by authenticator: any WebAuthenticator = pressing("allow")
    ) throws -> ProofKeyClient {
        try ProofKeyClient(
            resource: site.resource, clientID: site.client.clientID, dpop: dpop, authenticator: authenticator,
            timeout: .seconds(seconds))
    }

    @Test(arguments: [(DPoP.never, "Bearer"), (.required, "DPoP")])
    func aUserSignsInAndTheResourceAnswers(_ dpop: DPoP, _ type: String) async throws {
        let folder = try Folder()
        let running = try await RunningSite(over: folder.path("grants.db"))
        let client = try client(of: running.site, dpop: dpop)
        let tokens = try await client.signIn()
        #expect(tokens.tokenType == type && tokens.issuer == running.site.issuer)
        let url = try #require(URL(string: running.site.resource))
        let (body, response) = try await client.data(from: url)
        #expect(response.statusCode == 200)
        #expect(try JSON.parse(body).string("user") == "alice <b>")
        // Refreshed, and then given back.
        let refreshed = try await client.tokens(.never, insteadOf: tokens.fingerprint())
        #expect(try refreshed.exposeAccessToken() != tokens.exposeAccessToken())
        #expect(try await client.data(from: url).1.statusCode == 200)
        let token = try refreshed.exposeAccessToken()
        #expect(try await client.signOut().isRevoked == true)
        let late = try await onThread { try running.ask("GET", "/notes", ["Authorization: Bearer \(token)"]) }
        #expect(late.status == 401)
    }

    @Test func aUserSaysNo() async throws {
        let folder = try Folder()
        let running = try await RunningSite(over: folder.path("grants.db"))
        let client = try client(of: running.site, by: pressing("deny"))
        let error = try await failure { try await client.signIn() }
        #expect(error.family == .userCancelled)
    }

    /// Another node on the same file, later: what was issued is there.
    @Test func whatWasIssuedOutlivesTheProgram() async throws {
        let folder = try Folder()
        let first = try await RunningSite(over: folder.path("grants.db"))
        let token = try await client(of: first.site).signIn().exposeAccessToken()
        let next = try await RunningSite(over: folder.path("grants.db"), issuer: first.site.issuer)
        let heard = try await onThread { try next.ask("GET", "/notes", ["Authorization: Bearer \(token)"]) }
        #expect(heard.status == 200)
    }

    /// P24: sixty-four redeemers of one code, over two nodes.
    @Test func ofManyRequestsOneGetsAToken() async throws {
        let folder = try Folder()
        let path = folder.path("grants.db")
        let first = try await RunningSite(over: path)
        let nodes = [first, try await RunningSite(over: path, issuer: first.site.issuer)]
        for _ in 1...4 {
            let form = try await redemption(at: first)
            let answers = try await race(64, form, over: nodes)
            #expect(answers.count { $0.status == 200 } == 1)
            #expect(answers.count { $0.status == 400 } == 63)
            #expect(answers.allSatisfy { $0.field("Cache-Control") == "no-store" })
            // The code came again: the winner's token is revoked.
            let winner = try #require(answers.first { $0.status == 200 })
            let token = try JSON.parse(Data(winner.body.utf8)).string("access_token")
            let late = try await onThread { try first.ask("GET", "/notes", ["Authorization: Bearer \(token)"]) }
            #expect(late.status == 401)
        }
    }

    /// A token request for a code that a user has just allowed.
    private func redemption(at node: RunningSite) async throws -> String {
        let query =
            "response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&scope=notes.read"
            + "&code_challenge=\(SHA256.challenge(of: Kit.verifier))&code_challenge_method=S256"
        let url = try #require(URL(string: "\(node.site.issuer)/authorize?\(query)"))
        let location = try await onThread { try press("allow", at: url) }
        return String(decoding: Kit.redemption(of: try Words.parameter(location, "code")), as: UTF8.self)
    }

    /// What so many get whose requests end at one moment.
    private func race(_ racers: Int, _ form: String, over nodes: [RunningSite]) async throws -> [Heard] {
        let together = Barrier(racers)
        return try await withThrowingTaskGroup(of: Heard.self) { group in
            for number in 0..<racers {
                let node = nodes[number % nodes.count]
                group.addTask {
                    let connection = try await onThread {
                        let connection = try Connection(to: node.port)
                        connection.send(Data(head("POST", "/token", ["Host: \(node.host)"], form).utf8))
                        return connection
                    }
                    try await together.pass()
                    return try await onThread {
                        connection.send(Data(form.utf8))
                        return try Heard(connection.receiveAll())
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func thePageIsGuarded() async throws {
        let folder = try Folder()
        let running = try await RunningSite(over: folder.path("grants.db"))
        let target =
            "/authorize?response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback"
            + "&scope=notes.read&code_challenge=\(SHA256.challenge(of: Kit.verifier))&code_challenge_method=S256"
        let page = try await onThread { try running.ask("GET", target) }
        #expect(page.status == 200 && page.field("X-Frame-Options") == "DENY")
        #expect(page.field("Content-Security-Policy") == "frame-ancestors 'none'")
        #expect(page.body.contains("alice &lt;b&gt;") && page.body.contains("127.0.0.1:4711"))
        let cookie = try #require(page.field("Set-Cookie")?.prefix { $0 != ";" })
        let token = cookie.dropFirst("consent=".count)
        for (sent, own) in [
            (nil, token), (cookie, ""), ("consent=x", "x"), (cookie, token.reversed().map(String.init).joined()[...]),
        ] {
            let fields = sent.map { ["Cookie: \($0)"] } ?? []
            let heard = try await onThread {
                try running.ask("POST", target, fields, form: "token=\(own)&decision=allow")
            }
            #expect(heard.status == 403, "a forged form")
        }
        let quiet = try await onThread { try running.ask("GET", target + "&prompt=none") }
        #expect(quiet.status == 303 && quiet.field("Location")?.contains("consent_required") == true)
    }

    @Test(arguments: [
        ("GET /token HTTP/1.1", 405), ("POST /notes HTTP/1.1", 405), ("GET /token/more HTTP/1.1", 404),
        ("GET /authorize?client_id=x HTTP/1.1", 400), ("POST /token HTTP/1.1", 400), ("GET /notes HTTP/1.1", 401),
        ("POST /token HTTP/1.1\r\nContent-Length: 65537", 413), ("POST /token HTTP/1.1\r\nContent-Length: +1", 400),
        ("POST /token HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2", 400), ("GET  /notes HTTP/1.1", 400),
        ("POST /token HTTP/1.1\r\nTransfer-Encoding: chunked", 501), ("GET notes HTTP/1.1", 400), ("hello", 400),
        ("GET /notes HTTP/1.1\r\nHost : x", 400), ("GET /notes HTTP/1.1\r\nHost: elsewhere.example", 421),
        ("GET /notes HTTP/1.1\r\nX: 1\n2", 400), ("GET /notes HTTP/1.1\r\nX: 1\02", 400),
        ("GET /notes HTTP/1.1\r\nX: 1\r\n folded", 400),
        ("GET /notes HTTP/1.1\r\nAuthorization: a\r\nAuthorization: b", 400), ("GET /notes HTTP/2", 400),
        ("GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1", 431),
    ])
    func whatIsWrongIsAnsweredSo(_ head: String, _ status: Int) async throws {
        let folder = try Folder()
        let running = try await RunningSite(over: folder.path("grants.db"))
        let heard = try await onThread {
            let connection = try Connection(to: running.port)
            let host = head.contains("Host") ? "" : "\r\nHost: \(running.host)"
            connection.send(Data("\(head)\(host)\r\n\r\n".utf8))
            return try Heard(connection.receiveAll())
        }
        #expect(heard.status == status)
        if status == 401 { #expect(heard.field("WWW-Authenticate")?.contains("resource_metadata") == true) }
        if status == 405 { #expect(heard.field("Allow") != nil) }
    }

    #if os(Linux)
        /// The program beside the tests, as `swift run` runs it.
        private func program(_ arguments: [String]) throws -> (process: Process, said: Pipe, complaint: Pipe) {
            let (process, said, complaint) = (Process(), Pipe(), Pipe())
            process.executableURL = try #require(Bundle.main.executableURL).deletingLastPathComponent()
                .appending(path: "GrantServer")
            process.arguments = arguments
            process.standardOutput = said
            process.standardError = complaint
            try process.run()
            return (process, said, complaint)
        }

        @Test(.timeLimit(.minutes(2))) func theProgramServes() async throws {
            let folder = try Folder()
            let (process, said, _) = try program([folder.path("grants.db")])
            defer { process.terminate() }
            let line = try await onThread { String(decoding: said.fileHandleForReading.availableData, as: UTF8.self) }
            let words = line.split(whereSeparator: \.isWhitespace)
            try #require(words.count == 5 && words.prefix(2) == ["proofkey", "login"], "\(line)")
            let client = try ProofKeyClient(
                resource: String(words[2]), clientID: String(words[4]), authenticator: pressing("allow"),
                timeout: .seconds(seconds))
            try await client.signIn()
            let url = try #require(URL(string: String(words[2])))
            #expect(try await client.data(from: url).1.statusCode == 200)
            // One that finds the port taken says so.
            let (other, _, complaint) = try program([folder.path("grants.db"), "\(url.port ?? 0)"])
            let told = try await onThread { complaint.fileHandleForReading.readDataToEndOfFile() }
            #expect(String(decoding: told, as: UTF8.self).contains("bind to port"))
            try await onThread { other.waitUntilExit() }
            #expect(other.terminationStatus == 1)
        }

        @Test(.timeLimit(.minutes(1)), arguments: [[], ["a", "b"], ["a", "1", "c"]])
        func theProgramSaysHowItIsUsed(_ arguments: [String]) async throws {
            let (process, _, complaint) = try program(arguments)
            let told = try await onThread { complaint.fileHandleForReading.readDataToEndOfFile() }
            try await onThread { process.waitUntilExit() }
            #expect(process.terminationStatus == 2)
            #expect(String(decoding: told, as: UTF8.self).hasPrefix("usage: GrantServer"))
        }
    #endif
}
