import Foundation

/// Plays a transcript: events in, steps out, values captured on the way.
struct Transcript {
    private struct Differs: Error {
        let what: String
    }

    private var known: [String: String] = [:]
    // Objects that must hold exactly what is named.
    private static let closed = ["parameters", "form", "body", "header", "payload"]

    /// The verdict, and what differed.
    static func play(_ data: JSON) throws -> (verdict: String, differed: String) {
        var transcript = Transcript()
        var flow = try flow(data)
        var names: [String] = []
        let turns = try data.list("turns")
        for (turn, expected) in turns.enumerated() {
            let event = transcript.filled(expected["event"])
            var actual: [String: JSON] = [:]
            do {
                let step = try flow.advance(event, now: data.number("now"))
                names.append(try step.string("name"))
                actual["step"] = step
            } catch {
                let code = try ClientRunner.code(of: error)
                names.append("error:\(code)")
                actual["error"] = .string(code)
            }
            let wanted: JSON = .object(["step": expected["step"], "error": expected["error"]])
            if let differed = transcript.differs(wanted, .object(actual)) {
                return ("mismatch turn=\(turn)", differed)
            }
        }
        var verdict = names.isEmpty ? "none" : names.joined(separator: "/")
        let end = "mismatch turn=\(turns.count)"
        guard let (seen, words) = try flow.outcome() else {
            return data["outcome"] == .null ? (verdict, "") : (end, "there is no outcome")
        }
        guard data["outcome"] != .null else { return (end, "there is an outcome") }
        if let differed = transcript.differs(data["outcome"], seen) { return (end, differed) }
        guard try flow.outcome() == nil else { return (end, "the outcome was given twice") }
        verdict += " \(words)"
        return (verdict, "")
    }

    private static func flow(_ data: JSON) throws -> any Flow {
        let config = data["config"]
        return switch try data.string("flow") {
        case "sign_in": try SignInFlow(config)
        case "access": try AccessFlow(config)
        case "discovery": try DiscoveryFlow(config)
        case "issue": try IssueFlow(config)
        case "redeem": try RedeemFlow(config)
        case "revoke": try RevokeFlow(config)
        case "check_token": try CheckTokenFlow(config)
        default: throw Missing(what: "a flow in \(data)")
        }
    }

    /// With every `{name}` of a captured name replaced.
    private func filled(_ value: JSON) -> JSON {
        switch value {
        case .string(let text):
            .string(
                text.replacing(#/\{(\w+)\}/#) { known[String($0.1)] ?? String($0.0) })
        case .list(let items): .list(items.map(filled))
        case .object(let members): .object(members.mapValues(filled))
        default: value
        }
    }

    private mutating func differs(_ expected: JSON, _ actual: JSON) -> String? {
        do {
            try match(expected, actual, at: "")
            return nil
        } catch {
            return (error as? Differs)?.what ?? "\(error)"
        }
    }

    private mutating func match(_ expected: JSON, _ actual: JSON, at: String) throws {
        var expected = expected
        if case .object(let members) = expected {
            if members["capture"] != nil { return try capture(expected, actual, at: at) }
            if let hashed = members["sha256"] {
                expected = .string(SHA256.hex(filled(hashed).string ?? ""))
            } else if let part = members["contains"]?.string {
                if actual.string?.contains(part) == true { return }
            } else if case .object(let seen) = actual {
                // In an order of their own: one may be captured that another is checked by.
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    try match(member, seen[name] ?? .null, at: "\(at).\(name)")
                }
                let more = Set(seen.keys).subtracting(members.keys)
                if Self.closed.contains(String(at.split(separator: ".").last ?? "")), !more.isEmpty {
                    throw Differs(what: "\(at) has \(more.sorted()) too")
                }
                return
            }
        }
        if case .list(let items) = expected, case .list(let seen) = actual, items.count == seen.count {
            for (place, (one, other)) in zip(items, seen).enumerated() {
                try match(one, other, at: "\(at)[\(place)]")
            }
            return
        }
        guard filled(expected) == actual else {
            throw Differs(what: "\(at): expected \(expected), got \(actual)")
        }
    }

    private mutating func capture(_ matcher: JSON, _ actual: JSON, at: String) throws {
        let name = try matcher.string("capture")
        guard let value = actual.string, !value.isEmpty else {
            throw Differs(what: "\(at): expected a text for \(name), got \(actual)")
        }
        guard known[name] ?? value == value else { throw Differs(what: "\(at): \(name) is another than before") }
        if let check = matcher["check"].string, !(try holds(check, value)) {
            throw Differs(what: "\(at): \(check) does not hold")
        }
        known[name] = value
    }

    private func holds(_ check: String, _ value: String) throws -> Bool {
        switch check {
        case "verifier_hashes_to_challenge": return SHA256.challenge(of: value) == known["challenge"]
        case "point_hashes_to_jkt":
            let key = #"{"crv":"P-256","kty":"EC","x":"\#(known["x"] ?? "")","y":"\#(value)"}"#
            return SHA256.challenge(of: key) == known["jkt"]
        case "token_hashes_to_token_hash": return SHA256.hex(value) == known["token_hash"]
        case "refresh_hashes_to_refresh_hash": return SHA256.hex(value) == known["refresh_hash"]
        case "code_hashes_to_code_hash":
            let halves = value.split(separator: ".", omittingEmptySubsequences: false)
            return halves.count == 2 && String(halves[0]) == known["grant_id"] && halves[0].utf8.count == 22
                && halves[1].utf8.count == 43 && SHA256.hex(value) == known["code_hash"]
        default: throw Missing(what: "the check \(check)")
        }
    }
}
