import Foundation

/// A request, as far as this server reads it (RFC 9112).
struct HTTPRequest: Sendable {
    let method: String
    let path: String
    /// As it came, without its `?`; empty where there is none.
    let query: String
    let fields: [(name: String, value: String)]
    var body = Data()

    /// The value of a field that comes once.
    func field(_ name: String) -> String? { fields(name).first }

    func fields(_ name: String) -> [String] {
        fields.filter { $0.name == name.lowercased() }.map(\.value)
    }
}

/// An answer; the connection ends with it.
struct HTTPResponse: Sendable {
    let status: Int
    var fields: [(name: String, value: String)] = []
    var body = Data()

    /// Head and body, to be sent.
    var bytes: Data {
        let own = [(name: "Content-Length", value: "\(body.count)"), (name: "Connection", value: "close")]
        let lines = ["HTTP/1.1 \(status) "] + (fields + own).map { "\($0.name): \($0.value)" }
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}

/// A request that cannot be read, and the status that says so.
struct HTTPFailure: Error {
    let status: Int
}

extension HTTPRequest {
    static let maxHead = 16 * 1024
    /// More than ProofKey takes.
    static let maxBody = 64 * 1024

    /// These come once or not at all: of two a proxy before this may have read the other.
    private static let single = ["host", "content-length", "content-type", "authorization", "cookie"]

    /// Reads a head, without the empty line at its end.
    init(head: Data) throws {
        guard let text = String(data: head, encoding: .utf8) else { throw HTTPFailure(status: 400) }
        // Lines end in CR and LF, and nothing else is between them (RFC 9110 §5.5).
        guard !text.replacing("\r\n", with: "").utf8.contains(where: { ($0 < 32 && $0 != 9) || $0 == 127 }) else {
            throw HTTPFailure(status: 400)
        }
        let lines = text.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[1].hasPrefix("/"), ["HTTP/1.1", "HTTP/1.0"].contains(words[2]) else {
            throw HTTPFailure(status: 400)
        }
        method = String(words[0])
        let parts = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : ""
        fields = try lines.dropFirst().map { line in
            // No space before the colon, and no line that goes on in the next (RFC 9112 §5.1, §5.2).
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                !line[..<colon].contains(where: \.isWhitespace)
            else { throw HTTPFailure(status: 400) }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        for name in Self.single where fields(name).count > 1 { throw HTTPFailure(status: 400) }
    }

    /// How long the body is.
    func bodyLength() throws -> Int {
        // No coding of transfers is known here (RFC 9112 §6.1).
        guard field("transfer-encoding") == nil else { throw HTTPFailure(status: 501) }
        guard let text = field("content-length") else { return 0 }
        guard let length = Int(text), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw HTTPFailure(status: 400)
        }
        guard length <= Self.maxBody else { throw HTTPFailure(status: 413) }
        return length
    }
}
