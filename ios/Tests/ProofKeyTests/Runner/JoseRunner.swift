import Foundation
import ProofKeyFFI

/// Keys, and what is signed with them.
enum JoseRunner {
    /// The two parts of a signed text, and the third where it has one. Not with the library's own reader.
    static func signed(_ text: String) throws -> JSON {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard 2...3 ~= parts.count else { throw Missing(what: "two or three parts of a signed text") }
        var seen = [
            "header": try JSON.parse(Words.base64url(parts[0])), "payload": try JSON.parse(Words.base64url(parts[1])),
        ]
        if parts.count == 3 { seen["signature"] = .string(parts[2]) }
        return .object(seen)
    }

    static func identity(_ data: JSON) throws -> String {
        try MetadataRunner.refused(data) {
            let identity = try verifyIdToken(
                idToken: Words.text(data["token"]), keySet: Data(Words.text(data["keys"]).utf8),
                issuer: data.string("issuer"), clientId: data.string("client_id"), nonce: data["nonce"].string,
                accessToken: data["access_token"].string, maxAge: data["max_age"].number, now: data.number("now"))
            return identity.map { "ok" + Words.word("sub", $0.subject) } ?? "unknown_key"
        }
    }

    static func keySet(_ data: JSON) throws -> String {
        try ClientRunner.verdict { "ok keys=\(try countKeys(keySet: Words.body(data)))" }
    }

    static func proof(_ data: JSON) throws -> String {
        let checked = try checkDpopProof(
            proof: Words.text(data["field"]), method: data.string("method"), url: data.string("url"),
            accessToken: data["access_token"].string, nonce: data["nonce"].string, now: data.number("now"),
            windowS: data.number("window"))
        return switch checked {
        case .good(let thumbprint, _, _, _): "ok" + Words.word("thumbprint", thumbprint)
        case .refused(let code): "refused \(code)"
        }
    }

    static func signature(_ data: JSON) throws -> String {
        let digits = Array(try data.string("signature"))
        let bytes = try stride(from: 0, to: digits.count, by: 2).map { at in
            guard let byte = UInt8(String(digits[at..<at + 2]), radix: 16) else { throw Missing(what: "hexadecimal") }
            return byte
        }
        return try rawSignature(signature: Data(bytes)).map { "ok raw=\($0.hex)" } ?? "refused"
    }
}

/// One request to a resource, and the answers that its tries get.
enum ResourceRunner {
    static func answers(_ data: JSON) throws -> String {
        let call = try ResourceCall(ceiling: data["ceiling"] == .null ? nil : data.strings("ceiling"))
        var (requested, granted) = (try data.strings("requested"), try data.strings("granted"))
        var said: [String] = []
        var isOver = false
        for answer in try data.list("answers") {
            guard !isOver else { throw Missing(what: "an end after \(said)") }
            if answer["granted"] != .null { granted = try answer.strings("granted") }
            let fields = ClientRunner.headers(answer["headers"]).filter { $0.name.lowercased() == "www-authenticate" }
                .map(\.value)
            do {
                let status = UInt16(try answer.number("status"))
                switch try call.answered(
                    status: status, wwwAuthenticate: fields, requestedScopes: requested, grantedScopes: granted)
                {
                case .accept:
                    said.append("accept")
                    isOver = true
                case .retry: said.append("retry")
                case .refresh: said.append("refresh")
                case .signIn(let demand):
                    guard demand.wwwAuthenticate == fields else { throw Missing(what: "the fields of the answer") }
                    said.append("sign_in" + words(of: demand))
                    (requested, granted) = (demand.scopes, demand.scopes)
                }
            } catch ProofKeyFFI.ProofKeyError.Failed(let code, _, let text, _) {
                // No other error names a scope.
                let scope = text.firstMatch(of: #/demands the scope "([^"]+)"/#).map { String($0.1) }
                said.append("give_up \(code)" + Words.word("scope", scope))
                isOver = true
            }
        }
        return said.joined(separator: " ")
    }

    private static func words(of demand: StepUp) -> String {
        func list(_ list: [String]) -> String? { list.isEmpty ? nil : list.joined(separator: " ") }
        return Words.word("scope", list(demand.scopes)) + Words.word("acr_values", list(demand.acrValues))
            + Words.word("max_age", demand.maxAge.map { "\($0)" })
            + Words.word("resource_metadata", demand.resourceMetadata)
    }
}
