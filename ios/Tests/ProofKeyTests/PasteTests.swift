import Foundation
import ProofKeyFFI
import Testing

@testable import ProofKey

/// A sign-in where the address is pasted.
@Suite struct PasteTests {
    /// Somebody at a terminal.
    private final class Somebody: Sendable {
        let terminal: Terminal
        private let types: FileHandle
        private let sees: FileHandle
        // The other ends, for as long as this one is there.
        private let pipes: [Pipe]

        init() {
            let (input, output) = (Pipe(), Pipe())
            terminal = Terminal(
                input: input.fileHandleForReading.fileDescriptor, output: output.fileHandleForWriting.fileDescriptor)
            types = input.fileHandleForWriting
            sees = output.fileHandleForReading
            pipes = [input, output]
        }

        func type(_ text: String) { types.write(Data(text.utf8)) }

        func leave() { try? types.close() }

        /// All that is shown until this.
        func sees(_ text: String) async throws -> String {
            try await onThread { [sees] in
                var all = ""
                while !all.contains(text) {
                    let more = sees.availableData
                    guard !more.isEmpty else { throw Missing(what: text) }
                    all += String(decoding: more, as: UTF8.self)
                }
                return all
            }
        }
    }

    private let question = "(it is not shown): "

    private func flow() throws -> Access {
        let config = AccessConfig(
            issuer: "https://as.example", resource: nil,
            endpoints: Endpoints(
                authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "http://127.0.0.1:1/token",
                revocationEndpoint: nil, issPromised: false),
            clientId: "agent", clientDocument: nil, clientName: nil, scopes: [], account: nil,
            redirect: .loopback(host: .v4, port: 0, path: "/callback"), paste: true, browseTimeoutMs: 60_000,
            extraParameters: [], allowMissingS256: [], resumable: false, dpop: .never)
        return try Access(config: config, goal: .signIn, run: AccessRun())
    }

    private func signIn(_ somebody: Somebody) throws -> Task<Landing, any Error> {
        let flight = Flight<Landing>(isShared: false)
        let seat = try #require(flight.seat())
        let platform = Platform(
            store: MemoryTokenStore(), authenticator: nobody, confirmation: .any, terminal: somebody.terminal,
            showCode: { _ in }, signer: nil)
        let driver = Driver(flow: try flow(), platform: platform, flight: flight)
        Task {
            do { flight.settle(.success(try Landing(try await driver.run()))) } catch { flight.settle(.failure(error)) }
        }
        return Task { try await flight.wait(at: seat) }
    }

    @Test func aWrongAddressIsAskedForAgain() async throws {
        let somebody = Somebody()
        let task = try signIn(somebody)
        let shown = try await somebody.sees(question)
        #expect(shown.contains("never send it to anyone who asks for it"))
        let line = shown.components(separatedBy: "\n").first { $0.hasPrefix("https://as.example/authorize?") }
        let url = try #require(line.flatMap { URL(string: $0) })
        somebody.type("\n   \nhttp://127.0.0.1:1/callback?code=stolen&state=guessed\n")
        let again = try await somebody.sees(question)
        #expect(again.contains("That is not where this sign-in ended"))
        #expect(!again.contains("stolen"))
        // With what people do at a terminal.
        somebody.type("no\u{8}\u{7f}x\u{15} \(comingBack(from: url)) \r\n")
        // The token endpoint is nowhere: so far it has come.
        let error = try await failure { try await task.value }
        #expect(error.code == .unreachable)
        withExtendedLifetime(somebody) {}
    }

    @Test func theUserLeaves() async throws {
        for leaving in [{ $0.leave() }, { $0.type("\u{4}") }] as [@Sendable (Somebody) -> Void] {
            let somebody = Somebody()
            let task = try signIn(somebody)
            _ = try await somebody.sees(question)
            leaving(somebody)
            #expect(try await failure { try await task.value }.code == .userCancelled)
            withExtendedLifetime(somebody) {}
        }
    }

    @Test func aCancelWhileItIsAskedFor() async throws {
        let somebody = Somebody()
        let task = try signIn(somebody)
        _ = try await somebody.sees(question)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        withExtendedLifetime(somebody) {}
    }

    @Test func nobodyAnswersInTime() async throws {
        let somebody = Somebody()
        let visit = PastedVisit(at: somebody.terminal, to: nil, timeout: .milliseconds(10))
        #expect(await visit.next(after: nil) == .elapsed)
        withExtendedLifetime(somebody) {}
    }

    @Test func thereIsNoInput() async throws {
        let somebody = Somebody()
        defer { withExtendedLifetime(somebody) {} }
        let nowhere = Terminal(input: 9999, output: somebody.terminal.output)
        guard case .failed = await PastedVisit(at: nowhere, to: nil, timeout: .seconds(30)).next(after: nil) else {
            Issue.record("it did not fail")
            return
        }
    }

    /// A pasted redirect needs no receiver, and one that is claimed by an app cannot be pasted.
    @Test func onlyOnLoopback() async throws {
        let client = try ProofKeyClient(
            issuer: "https://as.example", clientID: "agent", redirectURI: "com.example.app:/callback",
            authenticator: nobody)
        #expect(try await failure { try await client.signIn(interaction: .paste) }.code == .invalidConfiguration)
    }
}
