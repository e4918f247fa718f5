import Foundation
import ProofKey
import Testing

@testable import GrantServer

/// The example over a file of SQLite, listening.
struct RunningSite: Sendable {
    let site: Site
    let store: SQLiteGrantStore
    private let http: HTTPServer

    var port: UInt16 { http.port }

    /// Where clients ask, as they say it.
    var host: String { String(site.issuer.dropFirst("http://".count)) }

    /// One request. Blocks.
    func ask(_ method: String, _ target: String, _ fields: [String] = [], form: String? = nil) throws -> Heard {
        try ProofKeyTests.ask(port, method, target, ["Host: \(host)"] + fields, form: form)
    }

    /// - Parameter issuer: That of another node, where this is one of several.
    init(over path: String, user: String = "alice <b>", issuer: String? = nil) async throws {
        store = try await SQLiteGrantStore(path)
        try await store.makeTables()
        http = try HTTPServer(port: 0)
        let site = try Site(issuer: issuer ?? "http://127.0.0.1:\(http.port)", store: store, user: user)
        self.site = site
        http.serve { await site.answer($0) }
    }
}

/// An answer, read by hand.
struct Heard: Sendable {
    let status: Int
    let fields: [String]
    let body: String

    init(_ data: Data) throws {
        guard let end = data.range(of: Data("\r\n\r\n".utf8)) else { throw Missing(what: "an answer") }
        var lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        fields = lines
        body = String(decoding: data[end.upperBound...], as: UTF8.self)
    }

    func field(_ name: String) -> String? {
        let start = name.lowercased() + ": "
        return fields.first { $0.lowercased().hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
}

/// One request on a connection of its own. Blocks.
func ask(
    _ port: UInt16, _ method: String, _ target: String, _ fields: [String] = [], form: String? = nil
) throws -> Heard {
    let connection = try Connection(to: port)
    connection.send(Data((head(method, target, fields, form) + (form ?? "")).utf8))
    return try Heard(connection.receiveAll())
}

/// All of a request but its body.
func head(_ method: String, _ target: String, _ fields: [String] = [], _ form: String? = nil) -> String {
    var lines = ["\(method) \(target) HTTP/1.1"] + fields
    if let form { lines += ["Content-Type: \(Kit.form)", "Content-Length: \(form.utf8.count)"] }
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}

/// A user who reads the page of the example and presses a button; where that leads. Blocks.
func press(_ button: String, at url: URL) throws -> String {
    let (port, target) = (UInt16(url.port ?? 0), "\(url.path)?\(url.query(percentEncoded: true) ?? "")")
    let host = "Host: 127.0.0.1:\(port)"
    let page = try ask(port, "GET", target, [host])
    guard let cookie = page.field("Set-Cookie")?.prefix(while: { $0 != ";" }),
        let start = page.body.range(of: "value=\"")
    else { throw Missing(what: "a page: \(page.status) \(page.body)") }
    let token = page.body[start.upperBound...].prefix { $0 != "\"" }
    let form = "token=\(token)&decision=\(button)"
    guard let location = try ask(port, "POST", target, [host, "Cookie: \(cookie)"], form: form).field("Location") else {
        throw Missing(what: "a redirect")
    }
    return location
}

/// A browser in which a user presses that button.
func pressing(_ button: String) -> LoopbackAuthenticator {
    LoopbackAuthenticator { url in
        Thread {
            do {
                _ = try get(URL(string: press(button, at: url))!)
            } catch {
                Testing.Issue.record("the browser failed: \(error)")
            }
        }.start()
    }
}
