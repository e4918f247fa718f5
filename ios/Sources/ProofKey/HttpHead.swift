internal import ProofKeyFFI

/// The head of an answer in HTTP/1.1 (RFC 9112 §2.1), where the platform does not read it.
enum HttpHead {
    /// The fields after the status line; nothing where a line is malformed.
    static func fields(of head: some BidirectionalCollection<UInt8>) -> [Header]? {
        var fields: [Header] = []
        // The status line was read with the status.
        for line in head.split(separator: newline, omittingEmptySubsequences: false).dropFirst() {
            let line = line.last == carriageReturn ? line.dropLast() : line
            guard let first = line.first else { break }
            guard line.allSatisfy({ $0 == tab || $0 >= space && $0 != delete }) else { return nil }
            if isSpace(first) {
                // It goes on with the field before it (§5.2).
                guard let begun = fields.popLast() else { return nil }
                fields.append(Header(name: begun.name, value: "\(begun.value) \(text(line))"))
            } else {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
                let name = line[..<colon]
                guard !name.isEmpty, name.allSatisfy(isOfToken) else { return nil }
                fields.append(Header(name: text(name), value: text(line[line.index(after: colon)...])))
            }
        }
        return fields
    }

    private static let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    private static let (space, tab, delete) = (UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(0x7F))

    /// Without the spaces around it.
    private static func text(_ value: some BidirectionalCollection<UInt8>) -> String {
        let rest = value.drop(while: isSpace)
        let end = rest.lastIndex { !isSpace($0) }
        return String(decoding: end.map { rest[...$0] } ?? rest[rest.endIndex...], as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// RFC 9110 §5.6.2
    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
