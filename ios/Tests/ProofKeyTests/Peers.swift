import Foundation
import ProofKey
import Testing

/// What the development server said when it was ready (`proofkey serve --auto-approve --json`); the run starts it.
struct Server: Decodable {
    let issuer: String
    let authorization_endpoint: String
    let token_endpoint: String
    let client_id: String
    let resource: String
    let scopes: [String]

    static func running() throws -> Server { try named("PROOFKEY_TEST_SERVER") }

    /// The one that demands pushed requests, and proofs of a key with nonces.
    static func strict() throws -> Server { try named("PROOFKEY_STRICT_SERVER") }

    private static func named(_ name: String) throws -> Server {
        guard let line = ProcessInfo.processInfo.environment[name] else {
            throw Missing(what: "\(name); tests/run swift starts the server")
        }
        return try JSONDecoder().decode(Server.self, from: Data(line.utf8))
    }

    func client(
        scopes: [String] = [], redirectURI: String? = nil, port: UInt16? = nil,
        timeout: Duration = .seconds(60), store: any TokenStore = MemoryTokenStore(),
        by authenticator: any WebAuthenticator = following
    ) throws -> ProofKeyClient {
        try ProofKeyClient(
            issuer: issuer,
            endpoints: .init(authorization: authorization_endpoint, token: token_endpoint, issPromised: true),
            clientID: client_id, scopes: scopes, resource: resource, store: store, redirectURI: redirectURI, port: port,
            authenticator: authenticator, timeout: timeout)
    }
}

struct Missing: Error {
    let what: String
}

/// A browser that follows the server's redirects to the program, beside it.
let following = LoopbackAuthenticator { visit($0) }

/// A browser in which the user says yes at once, at no server.
let approving = LoopbackAuthenticator { visit(comingBack(from: $0)) }

/// Goes there, redirects included, on a thread of its own.
func visit(_ url: URL) {
    Thread { _ = try? get(url) }.start()
}

/// Where the user who says yes comes back to.
func comingBack(from url: URL, with answer: String = "code=canary-code-0123456789") -> URL {
    URL(string: "\(parameter(url, "redirect_uri"))?\(answer)&state=\(parameter(url, "state"))")!
}

/// A parameter of a URL.
func parameter(_ url: URL, _ name: String) -> String {
    URLComponents(url: url, resolvingAgainstBaseURL: false)?.queryItems?.first { $0.name == name }?.value ?? ""
}

/// Goes where a browser would go, redirects included: the last status and body.
func get(_ url: URL, token: String? = nil) throws -> (status: Int, body: Data) {
    var url = url
    for _ in 0..<5 {
        let host = url.host(percentEncoded: false) ?? ""
        let connection = try Connection(
            to: UInt16(url.port ?? 80), host: host.contains(":") ? "[::1]" : "127.0.0.1")
        let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
        let bare = host.trimmingCharacters(in: ["[", "]"])
        let authority = (host.contains(":") ? "[\(bare)]" : host) + ":\(url.port ?? 80)"
        var head = "GET \(url.path(percentEncoded: true))\(query) HTTP/1.1\r\nHost: \(authority)\r\n"
        head += "Connection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        connection.send(Data("\(head)\r\n".utf8))
        let answer = connection.receiveAll()
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { throw Missing(what: "an answer") }
        let lines = String(decoding: answer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        guard
            let location = lines.first(where: { $0.lowercased().hasPrefix("location: ") }),
            let next = URL(string: String(location.dropFirst("location: ".count)), relativeTo: url)
        else { return (status, answer[end.upperBound...]) }
        url = next.absoluteURL
    }
    throw Missing(what: "an end of the redirects")
}

/// A token endpoint that answers as it is told, and keeps what it was sent.
final class TokenEndpoint: Sendable {
    private let listener: Listener
    private let seen = Box<[Data]>([])
    /// Something has arrived.
    let arrived = Signal()

    init(_ answer: @escaping @Sendable (Connection) -> Void) throws {
        listener = try Listener()
        Thread { [listener, seen, arrived] in
            while let connection = listener.accept() {
                let request = readRequest(connection)
                // One that was opened and never used is no request.
                guard !request.isEmpty else { continue }
                seen.change { $0.append(request) }
                arrived.set()
                answer(connection)
            }
        }.start()
    }

    deinit { listener.close() }

    var requests: [Data] { seen.value }

    var url: String { "http://127.0.0.1:\(listener.port)/token" }

    /// A client that ends up here.
    func client(
        by authenticator: any WebAuthenticator = approving, redirectURI: String? = nil,
        timeout: Duration = .seconds(60), resource: String? = nil, store: any TokenStore = MemoryTokenStore(),
        dpop: DPoP = .never, signer: (any ProofKeySigner)? = nil, scopeCeiling: [String]? = nil,
        showCode: DeviceCode.Show? = nil, onWarning: (@Sendable (ProofKeyError) -> Void)? = nil
    ) throws -> ProofKeyClient {
        try ProofKeyClient(
            issuer: "https://as.example",
            endpoints: .init(
                authorization: "https://as.example/authorize", token: url, revocation: url, deviceAuthorization: url),
            clientID: "agent", resource: resource, store: store, redirectURI: redirectURI, dpop: dpop,
            dpopKey: signer == nil ? nil : "canary-key", signer: signer, scopeCeiling: scopeCeiling, showCode: showCode,
            authenticator: authenticator, timeout: timeout, onWarning: onWarning)
    }

    /// One that issues `canary-token-1`, `canary-token-2` … with refresh tokens, each for so many seconds; an hour where
    /// nothing is said. What is to happen before an answer is told its number, and may block.
    static func issuing(
        for lifetimes: [Int] = [], _ before: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> TokenEndpoint {
        let issued = Box(0)
        return try TokenEndpoint { connection in
            var number = 0
            issued.change {
                $0 += 1
                number = $0
            }
            before(number)
            let lifetime = number <= lifetimes.count ? lifetimes[number - 1] : 3600
            respond(
                #"{"access_token":"canary-token-\#(number)","refresh_token":"canary-refresh-\#(number)","#
                    + #""token_type":"Bearer","expires_in":\#(lifetime)}"#)(connection)
        }
    }
}

/// A browser that nobody may open.
let nobody = LoopbackAuthenticator { _ in
    Issue.record("the browser was opened")
    throw WebAuthenticationError.failed("nobody is there")
}

/// One whole request, or what came of it.
private func readRequest(_ connection: Connection) -> Data {
    var data = Data()
    let blank = Data("\r\n\r\n".utf8)
    while true {
        if let end = data.range(of: blank) {
            let head = String(decoding: data[..<end.lowerBound], as: UTF8.self).lowercased()
            let length = head.components(separatedBy: "\r\n").first { $0.hasPrefix("content-length:") }
            let body = Int(length?.dropFirst(15).trimmingCharacters(in: .whitespaces) ?? "0") ?? 0
            if data.count - end.upperBound >= body { return data }
        }
        let more = connection.receive()
        if more.isEmpty { return data }
        data += more
    }
}

/// An answer with a body of JSON.
func respond(
    _ body: String, status: String = "200 OK", _ fields: String...
) -> @Sendable (Connection) -> Void {
    var head = ["HTTP/1.1 \(status)", "Content-Type: application/json"] + fields
    if !fields.contains(where: { $0.lowercased().hasPrefix("content-length") || $0.hasPrefix("Transfer") }) {
        head.append("Content-Length: \(body.utf8.count)")
    }
    let answer = Data((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    return { $0.send(answer) }
}

let canaryToken = "canary-token-0123456789"
let tokens = #"{"access_token":"\#(canaryToken)","token_type":"Bearer","expires_in":60}"#
