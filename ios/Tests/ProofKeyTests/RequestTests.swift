import Foundation
import Testing

@testable import ProofKey

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests to the client's resource, and to no other.
@Suite struct RequestTests {
    /// A resource that answers so, one after the other, and what was sent to it.
    private final class Resource: Sendable {
        let endpoint: TokenEndpoint

        init(_ answers: (@Sendable (Connection) -> Void)...) throws {
            let left = Box(answers[...])
            endpoint = try TokenEndpoint { connection in
                var answer: (@Sendable (Connection) -> Void)?
                left.change { answer = $0.popFirst() }
                answer?(connection)
            }
        }

        var url: URL { URL(string: endpoint.url)! }

        /// What the requests said of their token.
        var authorizations: [String] {
            endpoint.requests.map { request in
                let head = String(decoding: request, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
                let line = head.components(separatedBy: "\r\n").first { $0.hasPrefix("Authorization: ") }
                return String(line?.dropFirst("Authorization: ".count) ?? "")
            }
        }
    }

    private static let good = respond(#"{"it":"is"}"#)

    @Test func theDevelopmentServersResource() async throws {
        let server = try Server.running()
        let client = try ProofKeyClient(
            resource: server.resource, clientID: server.client_id, authenticator: following)
        let url = try #require(URL(string: server.resource))
        let (body, response) = try await client.data(from: url, interaction: .browser)
        #expect(response.statusCode == 200)
        #expect(String(decoding: body, as: UTF8.self).contains(server.client_id))
    }

    @Test func aHeaderForItsOwnResource() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: "https://api.example/mcp")
        try await client.signIn()
        var request = URLRequest(url: URL(string: "https://api.example/mcp/items?page=2")!)
        request.setValue("x", forHTTPHeaderField: "X-Own")
        try await client.authorize(&request)
        #expect(request.value(forHTTPHeaderField: "Authorization") == "Bearer canary-token-1")
        #expect(request.value(forHTTPHeaderField: "X-Own") == "x")
    }

    /// M8
    @Test(
        arguments: [
            ("https://evil.example/mcp", .wrongResource), ("https://api.example/other", .wrongResource),
            ("https://api.example:444/mcp", .wrongResource), ("https://api.example.evil.example/mcp", .wrongResource),
            ("http://api.example/mcp", .invalidConfiguration), ("https://a@api.example/mcp", .invalidConfiguration),
            ("https://api.example/mcp/../other", .invalidConfiguration),
        ] as [(String, ProofKeyError.Code)])
    func noHeaderForAnother(url: String, code: ProofKeyError.Code) async throws {
        let endpoint = try TokenEndpoint.issuing()
        let store = MemoryTokenStore()
        let client = try endpoint.client(resource: "https://api.example/mcp", store: store)
        try await client.signIn()
        let request = URLRequest(url: URL(string: url)!)
        // Nobody is asked for a request that goes elsewhere anyway.
        let anew = try endpoint.client(by: nobody, resource: "https://api.example/mcp")
        #expect(try await failure { try await anew.data(for: request, interaction: .browser) }.code == code)
        // With the tokens at hand, and read from the store.
        for client in [client, try endpoint.client(by: nobody, resource: "https://api.example/mcp", store: store)] {
            #expect(try await failure { try await client.authorized(request) }.code == code)
            #expect(try await failure { try await client.data(for: request) }.code == code)
        }
    }

    @Test func tokensForNoResourceGetNoHeader() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client()
        try await client.signIn()
        let request = URLRequest(url: URL(string: "https://api.example/")!)
        #expect(try await failure { try await client.authorized(request) }.code == .wrongResource)
    }

    /// Whatever the 401 says: some of these end a program that asks by URLSession on Linux.
    @Test(arguments: ["Bearer", "Bearer realm=x, Basic realm=x", "=", #"Bearer error="invalid_token", scope="a""#])
    func aTokenThatIsNotTakenIsRefreshedOnce(challenge: String) async throws {
        let endpoint = try TokenEndpoint.issuing()
        let resource = try Resource(respond("", status: "401 U", "WWW-Authenticate: \(challenge)"), Self.good)
        let client = try endpoint.client(resource: resource.endpoint.url)
        try await client.signIn()
        let (body, response) = try await client.data(from: resource.url)
        #expect(response.statusCode == 200)
        #expect(String(decoding: body, as: UTF8.self) == #"{"it":"is"}"#)
        #expect(resource.authorizations == ["Bearer canary-token-1", "Bearer canary-token-2"])
        #expect(endpoint.requests.count == 2)
    }

    /// Whoever takes no token at all is not asked again; nor is anybody else for what no token changes.
    @Test(arguments: [
        ("401 U", "Basic realm=x"), ("401 U", "Negotiate"), ("401 U", #"Bearer error="invalid_request""#),
        ("403 F", #"Bearer error="invalid_token""#), ("500 E", "Bearer"),
    ])
    func whatIsTheProgramsOwn(status: String, challenge: String) async throws {
        let endpoint = try TokenEndpoint.issuing()
        let resource = try Resource(respond("", status: status, "WWW-Authenticate: \(challenge)"))
        let client = try endpoint.client(resource: resource.endpoint.url)
        try await client.signIn()
        let (_, response) = try await client.data(from: resource.url)
        #expect(status.hasPrefix("\(response.statusCode)"))
        #expect(resource.endpoint.requests.count == 1)
        let request = try await client.authorized(URLRequest(url: resource.url))
        #expect(try await client.authorized(request, after: response, interaction: .browser) == nil)
        #expect(endpoint.requests.count == 1)
    }

    @Test func theSecond401IsGivenUp() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let resource = try Resource(respond("no", status: "401 U"), respond("no", status: "401 U"))
        let client = try endpoint.client(resource: resource.endpoint.url)
        try await client.signIn()
        let (_, response) = try await client.data(from: resource.url)
        #expect(response.statusCode == 401)
        #expect(resource.endpoint.requests.count == 2)
        #expect(endpoint.requests.count == 2)
    }

    /// Of many who meet a 401 at once, one refreshes.
    @Test func oneRefreshForAll() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: "https://api.example/")
        try await client.signIn()
        let request = try await client.authorized(URLRequest(url: URL(string: "https://api.example/a")!))
        let refused = HTTPURLResponse(url: request.url!, statusCode: 401, httpVersion: nil, headerFields: [:])!
        let headers = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await client.authorized(request, after: refused)?.value(forHTTPHeaderField: "Authorization")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(headers == Array(repeating: "Bearer canary-token-2", count: 100))
        #expect(endpoint.requests.count == 2)
    }

    /// A token must not go where an answer says.
    @Test func aRedirectIsNotFollowed() async throws {
        let other = try TokenEndpoint(Self.good)
        let resource = try Resource(respond("", status: "307 T", "Location: \(other.url)"))
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: resource.endpoint.url)
        let (_, response) = try await client.data(from: resource.url, interaction: .browser)
        #expect(response.statusCode == 307)
        #expect(response.value(forHTTPHeaderField: "Location") == other.url)
        #expect(other.requests.isEmpty)
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    func methodsAndBodies(method: String) async throws {
        let resource = try Resource(Self.good)
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: resource.endpoint.url)
        var request = URLRequest(url: resource.url)
        request.httpMethod = method
        if method != "GET" { request.httpBody = Data("a body".utf8) }
        let (_, response) = try await client.data(for: request, interaction: .browser)
        #expect(response.statusCode == 200)
        let sent = String(decoding: try #require(resource.endpoint.requests.first), as: UTF8.self)
        #expect(sent.hasPrefix("\(method) /token HTTP/1.1\r\n"))
        #expect(sent.hasSuffix(method == "GET" ? "\r\n\r\n" : "\r\n\r\na body"))
    }

    @Test func whatCannotBeSent() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: "https://api.example/")
        try await client.signIn()
        var request = URLRequest(url: URL(string: "https://api.example/")!)
        request.httpMethod = "GET / HTTP/1.1\r\nHost: evil\r\n\r\n"
        #expect(try await failure { [request] in try await client.data(for: request) }.code == .invalidConfiguration)
    }

    @Test func whatDoesNotAnswer() async throws {
        let endpoint = try TokenEndpoint.issuing()
        let client = try endpoint.client(resource: "http://127.0.0.1:1/")
        try await client.signIn()
        let nowhere = URL(string: "http://127.0.0.1:1/")!
        await #expect(throws: URLError.self) { try await client.data(from: nowhere) }
        let resource = try Resource(respond(String(repeating: "x", count: 2000)))
        let another = try TokenEndpoint.issuing()
        let other = try another.client(resource: resource.endpoint.url)
        try await other.signIn()
        await #expect(throws: URLError.self) { try await other.data(from: resource.url, maxBody: 1000) }
    }
}
