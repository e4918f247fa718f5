import Foundation
import Testing

@testable import ProofKey

/// Who shows the browser: what it may give, and what becomes of it.
@Suite struct AuthenticatorTests {
    /// Gives these redirects, made from the address, and then ends or fails.
    struct Scripted: WebAuthenticator {
        var failure: (any Error)?
        let redirects: @Sendable (WebAuthenticationRequest) -> [String]

        func redirects(for request: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
            AsyncThrowingStream { stream in
                for uri in redirects(request) { stream.yield(uri) }
                stream.finish(throwing: failure)
            }
        }
    }

    private let app = "com.example.app:/callback"

    private func signIn(by authenticator: any WebAuthenticator, timeout: Duration = .seconds(60)) async throws
        -> (tokens: TokenSet, requests: Int)
    {
        let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
        let client = try endpoint.client(by: authenticator, redirectURI: app, timeout: timeout)
        let tokens = try await client.signIn()
        return (tokens, endpoint.requests.count)
    }

    /// As on a phone: the platform watches a scheme of the app's.
    @Test func aRedirectOfThePlatform() async throws {
        let (tokens, requests) = try await signIn(
            by: Scripted { request in
                #expect(request.redirectURI == "com.example.app:/callback")
                return [comingBack(from: request.url).absoluteString]
            })
        #expect(try tokens.exposeAccessToken() == canaryToken)
        #expect(requests == 1)
    }

    @Test func noiseAndThenTheRedirect() async throws {
        let (tokens, requests) = try await signIn(
            by: Scripted { request in
                let ours = comingBack(from: request.url).absoluteString
                return [
                    "com.example.app:/callback?code=stolen&state=guessed", "com.evil.app:/callback?code=x", "",
                    String(repeating: "x", count: 100_000), ours, ours,
                ]
            })
        #expect(try tokens.exposeAccessToken() == canaryToken)
        #expect(requests == 1)
    }

    /// Where the platform can give one redirect only, and that was none of ours.
    @Test func oneRedirectThatWasNoise() async throws {
        let error = try await failure {
            try await signIn(by: Scripted { _ in ["com.example.app:/callback?code=stolen&state=guessed"] })
        }
        #expect(error.code == .browserFailed)
        #expect(error.message.contains("its state is not that of this sign-in"))
        #expect(!error.description.contains("stolen") && !error.description.contains("guessed"))
    }

    @Test func noRedirectAtAll() async throws {
        let error = try await failure { try await signIn(by: Scripted { _ in [] }) }
        #expect(error.code == .browserFailed)
    }

    @Test func theUserClosesTheBrowser() async throws {
        let error = try await failure {
            try await signIn(by: Scripted(failure: WebAuthenticationError.dismissed) { _ in [] })
        }
        #expect(error.code == .userCancelled)
        #expect(error.family == .userCancelled)
    }

    @Test func thePlatformGivesUp() async throws {
        let error = try await failure {
            try await signIn(by: Scripted(failure: WebAuthenticationError.timedOut) { _ in [] })
        }
        #expect(error.code == .redirectTimeout)
    }

    @Test func thePlatformFails() async throws {
        let error = try await failure {
            try await signIn(
                by: Scripted(failure: WebAuthenticationError.failed("no window to show it in")) { _ in [] })
        }
        #expect(error.code == .browserFailed)
        #expect(error.family == .fixConfiguration)
        #expect(error.message.contains("no window to show it in"))
    }

    @Test func aBrowserThatNeverReturns() async throws {
        let ended = Signal()
        struct Silent: WebAuthenticator {
            let ended: Signal
            func redirects(for _: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
                AsyncThrowingStream { $0.onTermination = { [ended] _ in ended.set() } }
            }
        }
        let error = try await failure {
            try await signIn(by: Silent(ended: ended), timeout: .seconds(1))
        }
        #expect(error.code == .redirectTimeout)
        try await ended.happened()
    }

    @Test func loopbackCannotWatchAScheme() async throws {
        let error = try await failure { try await signIn(by: approving) }
        #expect(error.code == .browserFailed)
        #expect(error.message.contains("only a loopback redirect"))
    }

    /// Threat: an address that reaches a shell (CVE-2025-6514).
    @Test func aBrowserProgramGetsTheAddressAsItsOnlyArgument() async throws {
        let folder = try Folder()
        let said = try folder.pipe("said")
        let program = try folder.script(
            "a browser; touch $(pwned)", "printf '%s\\n' \"$#\" \"$1\" >'\(said.path)'")
        let address = "https://as.example/authorize?a=b%20c&d=$(x)&e=';'#f"
        try Browser.launch(program, URL(string: address)!)
        #expect(try await said.text() == "1\n\(address)\n")
    }

    @Test func aBrowserThatIsNotThere() async throws {
        for browser in ["/nowhere/a-browser", "/etc/passwd"] {
            let authenticator = LoopbackAuthenticator(browser: URL(fileURLWithPath: browser))
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let error = try await failure { try await endpoint.client(by: authenticator).signIn() }
            #expect(error.code == .browserFailed)
            #expect(error.family == .fixConfiguration)
            #expect(error.message.contains(browser), "\(error)")
        }
    }

    @Test func noBrowserIsInstalled() async throws {
        let folder = try Folder()
        let url = URL(string: "https://as.example/")!
        await #expect(throws: WebAuthenticationError.self) {
            try await Browser.openSystem(url, environment: ["PATH": folder.path("")])
        }
        // As xdg-open does where there is none.
        _ = try folder.script("xdg-open", "exit 3")
        await #expect(throws: WebAuthenticationError.self) {
            try await Browser.openSystem(url, environment: ["PATH": "/nowhere:\(folder.path(""))"])
        }
        await #expect(throws: WebAuthenticationError.self) {
            try await Browser.openSystem(url, environment: ["BROWSER": "no-such-browser", "PATH": folder.path("")])
        }
    }

    @Test func theSystemsBrowserAndTheNamedOne() async throws {
        let folder = try Folder()
        let url = URL(string: "https://as.example/")!
        _ = try folder.script("xdg-open", "echo \"$1\" >'\(folder.path("a"))'")
        let said = try folder.pipe("b")
        let named = try folder.script("named", "echo \"$1\" >'\(said.path)'")
        try await Browser.openSystem(url, environment: ["PATH": folder.path("")])
        #expect(try String(contentsOfFile: folder.path("a"), encoding: .utf8) == "https://as.example/\n")
        try await Browser.openSystem(url, environment: ["BROWSER": named, "PATH": "/usr/bin:/bin"])
        #expect(try await said.text() == "https://as.example/\n")
    }

    @Test(arguments: [
        "https://login.example/authorize?a=b&c=%20", "http://127.0.0.1:8080/authorize", "http://[::1]:1/",
        "http://localhost/x?y", "https://[2001:db8::1]/a",
    ])
    func webAddressesReachABrowser(address: String) throws {
        try WebAddress.check(address)
    }

    /// M9
    @Test(arguments: [
        "", "-https://login.example/", "--new-window", " https://login.example/", "https://login.example/ a",
        "https://login.example/\n--flag", "https://login.example/\0", "https://login.example/\u{7f}",
        "https://login.example/ä", "https://login.example/\"&calc&\"", "https://login.example/`id`",
        "https://login.example/|id", "https://login.example/<>", "https://login.example/\\x",
        "http://login.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/",
        "http://127.0.0.1:80@evil.example/", "http://localhost.evil.example/", "HTTPS://login.example/",
        "file:///etc/passwd", "javascript:alert(1)", "ms-settings:", "https:login.example",
        "https://login.example/" + String(repeating: "a", count: 16 * 1024), "https://login.example/e\u{301}",
    ])
    func nothingElseReachesABrowser(address: String) {
        #expect(throws: WebAuthenticationError.self) { try WebAddress.check(address) }
    }
}

/// A folder that goes when it is no longer held.
final class Folder: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "proofkey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// One that is there for as long as the tests run.
    static let lasting = try! Folder()

    func path(_ name: String) -> String { name.isEmpty ? url.path : url.appending(path: name).path }

    /// A pipe that has a name.
    func pipe(_ name: String) throws -> NamedPipe {
        guard mkfifo(path(name), 0o600) == 0 else { throw SocketError(what: "mkfifo", number: errno) }
        return NamedPipe(path: path(name))
    }

    /// A program of the shell's.
    func script(_ name: String, _ text: String) throws -> String {
        try "#!/bin/sh\n\(text)\n".write(toFile: path(name), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
        return path(name)
    }
}

/// What a program beside this one has to say, through a pipe with a name.
struct NamedPipe: Sendable {
    let path: String

    /// All of it, when it has been said.
    func text() async throws -> String {
        let said = Box<Data?>(nil)
        let ended = Signal()
        Thread {
            // Opening waits for the program to open it too.
            let data = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd()
            said.change { $0 = data }
            ended.set()
        }.start()
        try await ended.happened()
        return String(decoding: try #require(said.value), as: UTF8.self)
    }
}
