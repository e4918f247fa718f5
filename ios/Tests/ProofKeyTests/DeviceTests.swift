import Foundation
import Testing

@testable import ProofKey

/// Sign-ins on another device (RFC 8628).
@Suite struct DeviceTests {
    /// The other device: goes to the address with the code in it.
    private static let entering: DeviceCode.Show = { code in
        let complete = try #require(code.verificationURIComplete)
        let url = try #require(URL(string: complete))
        _ = try await onThread { try get(url) }
    }

    private func client(_ server: Server, _ show: @escaping DeviceCode.Show) throws -> ProofKeyClient {
        try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, dpop: .preferred, showCode: show,
            authenticator: nobody)
    }

    @Test func aSignIn() async throws {
        let server = try Server.running()
        let shown = Box<[DeviceCode]>([])
        let client = try client(server) { code in
            shown.change { $0.append(code) }
            try await Self.entering(code)
        }
        let tokens = try await client.signIn(interaction: .device)
        #expect(tokens.tokenType == "DPoP")
        #expect(try await client.data(from: URL(string: server.resource)!).1.statusCode == 200)
        let code = try #require(shown.value.first)
        #expect(shown.value.count == 1)
        #expect(code.verificationURI == "\(server.issuer)/device")
        #expect(code.expiresIn == .seconds(600))
        #expect(code.advice.contains("never enter a code that somebody sent you"))
        for part in [code.userCode, code.verificationURI, code.advice, "10 min"] {
            #expect(code.text.contains(part))
        }
    }

    /// Where a token is needed and there is none; at a server that demands a nonce in each proof.
    @Test func aTokenThatIsNeeded() async throws {
        let server = try Server.strict()
        let client = try client(server, Self.entering)
        let (_, response) = try await client.data(from: URL(string: server.resource)!, interaction: .device)
        #expect(response.statusCode == 200)
    }

    /// What is shown may stay until the sign-in is over, and is told to go then.
    @Test func whatIsShownGoesAtTheEnd() async throws {
        let gone = Signal()
        let client = try client(try Server.running()) { code in
            try await Self.entering(code)
            try? await Task.sleep(for: .seconds(3600))
            if Task.isCancelled { gone.set() }
        }
        try await client.signIn(interaction: .device)
        try await gone.happened()
    }

    @Test func theUserClosesIt() async throws {
        let endpoint = try Undecided(interval: 60)
        let client = try endpoint.client { _ in throw WebAuthenticationError.dismissed }
        #expect(try await failure { try await client.signIn(interaction: .device) }.code == .userCancelled)
        #expect(endpoint.requests == 1)
    }

    /// The time until the first question is an hour's, if nobody ends it.
    @Test func aCancelWhileTheCodeIsShown() async throws {
        let (shown, gone) = (Signal(), Signal())
        let endpoint = try Undecided(interval: 60)
        let client = try endpoint.client { _ in
            shown.set()
            try? await Task.sleep(for: .seconds(3600))
            gone.set()
        }
        let task = Task { try await client.signIn(interaction: .device) }
        try await shown.happened()
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        try await gone.happened()
        #expect(endpoint.requests == 1)
    }

    /// After the server has said that nobody has entered the code yet.
    @Test func aCancelBetweenTwoQuestions() async throws {
        let asked = Signal()
        let endpoint = try Undecided(interval: 0, asked: asked)
        let client = try endpoint.client { _ in }
        let task = Task { try await client.signIn(interaction: .device) }
        try await asked.happened()
        task.cancel()
        let result = await task.result
        #expect(throws: CancellationError.self) { try result.get() }
        #expect(endpoint.requests == 2)
    }

    /// It is never chosen by itself: where the program says nothing, the user is asked by the browser.
    @Test func itIsNeverChosenByItself() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client { _ in Issue.record("a code was shown") }
        for interaction in [.auto, .browser] as [Interaction] {
            #expect(try await client.signIn(interaction: interaction).tokenType == "Bearer")
        }
    }

    @Test func nobodyWouldSeeIt() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(by: nobody)
        try #require(!Terminal.standard.isShown, "the tests run without a terminal")
        let error = try await failure { try await client.signIn(interaction: .device) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("showCode"))
    }

    /// Nothing comes that could be taken up again.
    @Test func itCannotBeResumed() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(by: nobody) { _ in }
        let error = try await failure { try await client.signIn(interaction: .device, resumable: true) }
        #expect(error.code == .invalidConfiguration)
        #expect(try await failure { try await client.resume(interaction: .device) }.code == .nothingPending)
    }

    @Test func aServerThatHasNone() async throws {
        let client = try ProofKeyClient(
            issuer: "https://as.example",
            endpoints: .init(authorization: "https://as.example/a", token: "https://as.example/t"), clientID: "agent",
            showCode: { _ in }, authenticator: nobody)
        #expect(try await failure { try await client.signIn(interaction: .device) }.code == .deviceUnsupported)
    }
}

/// A server that gives a code, and where nobody ever enters it.
private final class Undecided: Sendable {
    private let endpoint: TokenEndpoint

    init(interval: Int, asked: Signal? = nil) throws {
        let count = Box(0)
        endpoint = try TokenEndpoint { connection in
            count.change { $0 += 1 }
            guard count.value > 1 else {
                respond(
                    #"{"device_code":"canary-device","user_code":"ABCD-EFGH","#
                        + #""verification_uri":"https://as.example/device","expires_in":600,"interval":\#(interval)}"#)(
                        connection)
                return
            }
            respond(#"{"error":"slow_down"}"#, status: "400 B")(connection)
            // The other side closes when it has read all.
            _ = connection.receive()
            asked?.set()
        }
    }

    var requests: Int { endpoint.requests.count }

    func client(_ show: @escaping DeviceCode.Show) throws -> ProofKeyClient {
        try endpoint.client(by: nobody, showCode: show)
    }
}

extension TokenEndpoint {
    fileprivate func client(
        by authenticator: any WebAuthenticator = approving, _ show: @escaping DeviceCode.Show
    ) throws -> ProofKeyClient {
        try client(by: authenticator, showCode: show)
    }
}
