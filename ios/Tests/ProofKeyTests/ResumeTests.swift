#if os(Linux)
    import Foundation
    import Testing

    @testable import ProofKey

    /// A sign-in that is finished by another run of the program.
    @Suite struct ResumeTests {
        private let folder: Folder
        private let server: Server

        init() throws {
            folder = try Folder()
            server = try Server.running()
        }

        /// The example `KeptToken`, with this folder as its store, and the address that it shows its user.
        private func program(_ words: String...) throws -> (process: Process, said: Pipe, address: NamedPipe) {
            let address = NamedPipe(path: folder.path("address"))
            if !FileManager.default.fileExists(atPath: address.path) { _ = try folder.pipe("address") }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
                .deletingLastPathComponent().appending(path: "KeptToken")
            process.arguments = [server.resource, server.client_id] + words
            process.environment = ProcessInfo.processInfo.environment.merging([
                "PROOFKEY_STORE": folder.path("kept"),
                "BROWSER": try folder.script("browser", "printf %s \"$1\" >'\(address.path)'"),
            ]) { $1 }
            let said = Pipe()
            process.standardOutput = said
            process.standardError = said
            return (process, said, address)
        }

        /// Ends, and what it said.
        private func run(_ words: [String]) async throws -> String {
            let (process, said, _) = try words.isEmpty ? program() : program(words[0])
            return try await onThread {
                try process.run()
                let text = try said.fileHandleForReading.readToEnd() ?? Data()
                process.waitUntilExit()
                return String(decoding: text, as: UTF8.self)
            }
        }

        /// Signs in as far as the browser, and is killed there. Where its user is to come back.
        private func killedAtTheBrowser() async throws -> URL {
            let (process, _, address) = try program("sign-in")
            try process.run()
            let shown = try await address.text()
            kill(process.processIdentifier, SIGKILL)
            try await onThread { process.waitUntilExit() }
            #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
            let url = try #require(URL(string: shown))
            #expect(isFree(UInt16(URL(string: parameter(url, "redirect_uri"))!.port!)))
            return url
        }

        @Test func afterTheProgramWasKilled() async throws {
            let url = try await killedAtTheBrowser()
            let (process, said, _) = try program("resume")
            try process.run()
            // It listens at the same port as before; the user comes back when it does.
            try await onThread {
                let port = UInt16(URL(string: parameter(url, "redirect_uri"))!.port!)
                while isFree(port) { try #require(process.isRunning, "it does not listen") }
                _ = try get(url)
            }
            let text = try await onThread { try said.fileHandleForReading.readToEnd() ?? Data() }
            #expect(String(decoding: text, as: UTF8.self).contains("signed in at \(server.issuer)\n"))
            // What came is kept for the next run, which needs no user.
            #expect(try await run([]).contains("200 {"))
            // Once.
            #expect(try await run(["resume"]).contains("no sign-in is waiting"))
            #expect(try await run(["sign-out"]).contains("revoked: true"))
            #expect(try await run([]).contains("there is no usable token"))
        }

        private func client(by authenticator: any WebAuthenticator = nobody) throws -> ProofKeyClient {
            try ProofKeyClient(
                resource: server.resource, clientID: server.client_id,
                store: FileTokenStore(folder: URL(fileURLWithPath: folder.path("kept")), onKeyFile: { _ in }),
                authenticator: authenticator)
        }

        /// As where the system hands over the redirect that it started the program for.
        @Test func withTheRedirectAtHand() async throws {
            let url = try await killedAtTheBrowser()
            // The server's answer, which nobody is there to receive.
            let redirect = try await onThread { try sentBack(from: url) }
            let tokens = try await client().resume(redirect: redirect)
            #expect(tokens.issuer == server.issuer)
            #expect(try await client().accessToken() == tokens.exposeAccessToken())
            #expect(try await failure { try await client().resume(redirect: redirect) }.code == .nothingPending)
        }

        /// A redirect that is none of ours ends nothing, but there is no other to wait for.
        @Test func withAForeignRedirect() async throws {
            let url = try await killedAtTheBrowser()
            let foreign = "\(parameter(url, "redirect_uri"))?code=stolen&state=guessed"
            let error = try await failure { try await client().resume(redirect: foreign) }
            #expect(error.code == .browserFailed || error.code == .redirectMalformed, "\(error)")
            #expect(!error.description.contains("stolen"))
        }

        /// Of many who try, one succeeds (T25).
        @Test func once() async throws {
            let url = try await killedAtTheBrowser()
            let redirect = try await onThread { try sentBack(from: url) }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await self.client().resume(redirect: redirect)) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
        }

        @Test func nothingIsPending() async throws {
            #expect(try await failure { try await client().resume() }.code == .nothingPending)
            // One that was finished, or cancelled, leaves nothing behind.
            try await client(by: following).signIn(resumable: true)
            #expect(try await failure { try await client().resume() }.code == .nothingPending)
            let shown = Signal()
            let waiting = try client(by: LoopbackAuthenticator { _ in shown.set() })
            let task = Task { try await waiting.signIn(resumable: true) }
            try await shown.happened()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await failure { try await client().resume() }.code == .nothingPending)
        }

        @Test func aSessionByHand() async throws {
            let session = try MisuseTests.session()
            let key = try DataKey.generate()
            let url = try session.authorizationURL()
            let sealed = try session.sealed(under: key, until: Date(timeIntervalSinceNow: 60))
            func opened(_ key: DataKey, clientID: String = "agent", now: Date = Date()) throws -> PkceSession {
                try PkceSession(
                    opening: sealed, under: key, issuer: "https://as.example", clientID: clientID,
                    redirectURI: "https://app.example/callback", now: now)
            }
            let same = try opened(DataKey(text: key.exposeText()))
            #expect(try same.authorizationURL() == url)
            #expect(try await failure { try opened(key, clientID: "other") }.code == .recordUnreadable)
            #expect(try await failure { try opened(DataKey.generate()) }.code == .recordUnreadable)
            #expect(try await failure { try opened(key, now: Date(timeIntervalSinceNow: 120)) }.code == .sessionExpired)
        }
    }

    /// Where a server sends its user, one step.
    private func sentBack(from url: URL) throws -> String {
        let connection = try Connection(to: UInt16(url.port ?? 80))
        let target = "\(url.path(percentEncoded: true))?\(url.query(percentEncoded: true) ?? "")"
        connection.send(
            Data("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(url.port ?? 80)\r\nConnection: close\r\n\r\n".utf8))
        let head = String(decoding: connection.receiveAll(), as: UTF8.self)
        let line = head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("location: ") }
        guard let line else { throw Missing(what: "a redirect") }
        return String(line.dropFirst("location: ".count))
    }
#endif
