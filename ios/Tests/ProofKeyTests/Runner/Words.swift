import Foundation

/// The format of tests/vectors/README.md: texts, bodies, verdicts, URLs.
enum Words {
    /// A string, or a list of strings and repetitions.
    static func text(_ value: JSON) throws -> String {
        if let text = value.string { return text }
        guard let parts = value.list else { throw Missing(what: "a text in \(value)") }
        return try parts.map {
            try $0.string ?? String(repeating: $0.string("repeat"), count: Int($0.number("times")))
        }.joined()
    }

    /// `body` as UTF-8, or `body_base64`.
    static func body(_ data: JSON) throws -> Data {
        try base64(data["body_base64"].string) ?? Data(text(data["body"]).utf8)
    }

    /// Bytes, with padding.
    static func base64(_ text: String?) throws -> Data? {
        guard let text else { return nil }
        guard let data = Data(base64Encoded: text) else { throw Missing(what: "base64") }
        return data
    }

    /// Bytes in base64url, without padding (RFC 7515 §2).
    static func base64url(_ text: String) throws -> Data {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let plain = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard !text.contains(#/[+\/=]/#), let data = Data(base64Encoded: plain) else {
            throw Missing(what: "base64url")
        }
        return data
    }

    /// ` name=value`; nothing where there is no value.
    static func word(_ name: String, _ value: String?) -> String {
        guard let value else { return "" }
        let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/".utf8)
        let encoded = value.utf8.map {
            kept.contains($0) ? String(UnicodeScalar($0)) : percent($0)
        }
        return " \(name)=\(encoded.joined())"
    }

    static func percent(_ byte: UInt8) -> String {
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// A query or form, decoded; a name that stands twice matches nothing.
    static func form(_ query: String) throws -> [String: String] {
        var pairs: [String: String] = [:]
        for part in query.split(separator: "&", omittingEmptySubsequences: true) {
            guard let equals = part.firstIndex(of: "=") else { throw Missing(what: "= in a form") }
            let name = try decoded(part[..<equals])
            guard pairs.updateValue(try decoded(part[part.index(after: equals)...]), forKey: name) == nil
            else { throw Missing(what: "one \(name) alone") }
        }
        return pairs
    }

    private static func decoded(_ text: Substring) throws -> String {
        guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
            throw Missing(what: "UTF-8 in a form")
        }
        return decoded
    }

    /// What stands before and after the first question mark.
    static func halves(_ url: String) -> (base: String, query: String) {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }

    /// A URL as base and parameters.
    static func located(_ url: String) throws -> JSON {
        let (base, query) = halves(url)
        return .object([
            "base": .string(base), "parameters": .object(try form(query).mapValues(JSON.string)),
        ])
    }

    static func parameter(_ url: String, _ name: String) throws -> String {
        guard let value = try form(halves(url).query)[name] else { throw Missing(what: "\(name) in a URL") }
        return value
    }
}

/// Where the files are, and what is in them.
struct Cases {
    struct Case: Sendable {
        let folder: String
        let kind: String
        let id: String
        let why: String
        let expect: String
        let data: JSON
    }

    static let top = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func folder(_ name: String) -> URL {
        let given = ProcessInfo.processInfo.environment["PROOFKEY_\(name.uppercased())_DIR"]
        return given.map { URL(fileURLWithPath: $0) } ?? top.appending(path: "tests/\(name)")
    }

    /// The kinds of a folder.
    static func kinds(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.folder(folder).path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func all() throws -> [Case] {
        try ["vectors", "transcripts"].flatMap { folder in
            try kinds(folder).flatMap { kind in
                let file = self.folder(folder).appending(path: "\(kind).json")
                return try JSON.parse(Data(contentsOf: file)).list(folder).map {
                    Case(
                        folder: folder, kind: kind, id: try $0.string("id"), why: try $0.string("why"),
                        expect: try $0.string("expect"), data: $0)
                }
            }
        }
    }
}
