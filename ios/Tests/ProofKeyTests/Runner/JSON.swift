import Foundation

/// A value of the files, and what a runner compares with it.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(UInt64)
    case string(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let string = try? value.decode(String.self) {
            // Most are, and each refusal costs.
            self = .string(string)
        } else if let number = try? value.decode(UInt64.self) {
            self = .number(number)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    static func parse(_ data: Data) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: data)
    }

    /// A member; what is absent is null.
    subscript(_ name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    var string: String? { if case .string(let it) = self { it } else { nil } }
    var number: UInt64? { if case .number(let it) = self { it } else { nil } }
    var bool: Bool? { if case .bool(let it) = self { it } else { nil } }
    var list: [JSON]? { if case .list(let it) = self { it } else { nil } }

    /// A member that must be there.
    func string(_ name: String) throws -> String { try self[name].string ?? missing(name) }
    func number(_ name: String) throws -> UInt64 { try self[name].number ?? missing(name) }
    func bool(_ name: String) throws -> Bool { try self[name].bool ?? missing(name) }
    func list(_ name: String) throws -> [JSON] { try self[name].list ?? missing(name) }
    func strings(_ name: String) throws -> [String] { try list(name).map { try $0.string ?? missing(name) } }

    private func missing<Value>(_ name: String) throws -> Value {
        throw Missing(what: "the member \(name) of \(self)")
    }

    static func from(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    static func from(_ number: UInt64?) -> JSON { number.map(JSON.number) ?? .null }
    static func from(_ texts: [String]) -> JSON { .list(texts.map(JSON.string)) }
}
