import Foundation
import ProofKeyFFI

/// The steps and events of a grant store, as the files write them.
private enum StoreWords {
    static func event(_ data: JSON) throws -> StoreEvent {
        switch try data.string("name") {
        case "Start": return .start
        case "Ok": return .ok
        case "Failed": return .failed
        case "Stored": return .stored(stored: try data.bool("stored"))
        case "Claimed": return .claimed(claimed: try data.bool("claimed"))
        case "Rotated": return .rotated(rotated: try data.bool("rotated"))
        case "Found":
            let found = data["grant"]
            let row = found == .null ? nil : try ServerRunner.row(found, ServerRunner.grant(found["grant"]))
            return .found(grant: row, now: try data.number("now"))
        case "FoundToken":
            let found = data["token"]
            guard found != .null else { return .foundToken(token: nil, now: try data.number("now")) }
            let row = TokenRow(
                kind: try kind(found.string("kind")), expiresAt: try found.number("expires_at"),
                revoked: try found.bool("revoked"), grant: try ServerRunner.grant(found["grant"]),
                rotation: try rotation(found), scope: found["scope"].string)
            return .foundToken(token: row, now: try data.number("now"))
        default: throw Missing(what: "the event \(data)")
        }
    }

    private static func kind(_ name: String) throws -> TokenKind {
        switch name {
        case "access": .access
        case "refresh": .refresh
        default: throw Missing(what: "the kind \(name)")
        }
    }

    private static func rotation(_ row: JSON) throws -> Rotation {
        switch row["rotation"].string {
        case nil, "newest": .newest
        case "predecessor": .predecessor(rotatedAt: try row.number("rotated_at"))
        case "older": .older
        case .some(let name): throw Missing(what: "the rotation \(name)")
        }
    }

    private static func seen(_ tokens: [NewToken]) -> JSON {
        .list(
            tokens.map { token in
                .object([
                    "kind": .string("\(token.kind)"), "token_hash": .string(token.tokenHash.hex),
                    "lifetime_s": .number(token.lifetimeS), "scope": .from(token.scope),
                ])
            })
    }

    static func seen(_ step: StoreStep) -> JSON {
        switch step {
        case .put(let new):
            let grant: [String: JSON] = [
                "grant_id": .string(new.grant.grantId), "client_id": .string(new.grant.clientId),
                "subject": .string(new.grant.subject), "redirect_uri": .string(new.grant.redirectUri),
                "redirect_uri_was_sent": .bool(new.grant.redirectUriWasSent),
                "code_challenge": .from(new.grant.codeChallenge), "scope": .string(new.grant.scope),
                "resource": .from(new.grant.resource), "refreshable": .bool(new.grant.refreshable),
            ]
            return named(
                "Put",
                [
                    "grant": .object(grant), "code_hash": .string(new.codeHash.hex),
                    "lifetime_s": .number(new.lifetimeS),
                ])
        case .find(let grantId, let codeHash):
            return named("Find", ["grant_id": .string(grantId), "code_hash": .string(codeHash.hex)])
        case .claim(let grantId, let codeHash, let maxMismatches, let tokens):
            return named(
                "Claim",
                [
                    "grant_id": .string(grantId), "code_hash": .string(codeHash.hex),
                    "max_mismatches": .number(UInt64(maxMismatches)), "tokens": seen(tokens),
                ])
        case .rotate(let grantId, let tokenHash, let reuseWindowS, let tokens):
            return named(
                "Rotate",
                [
                    "grant_id": .string(grantId), "token_hash": .string(tokenHash.hex),
                    "reuse_window_s": .number(reuseWindowS), "tokens": seen(tokens),
                ])
        case .count(let grantId): return named("Count", ["grant_id": .string(grantId)])
        case .revoke(let grantId): return named("Revoke", ["grant_id": .string(grantId)])
        case .findToken(let grantId, let tokenHash):
            return named("FindToken", ["grant_id": .string(grantId), "token_hash": .string(tokenHash.hex)])
        case .done: return named("Done", [:])
        }
    }

    private static func named(_ name: String, _ members: [String: JSON]) -> JSON {
        .object(members.merging(["name": .string(name)]) { $1 })
    }
}

/// The flow of the same name; a denial has no turns, only an outcome.
struct IssueFlow: Flow {
    private var flow: Issue?
    private var denied: String?

    init(_ config: JSON) throws {
        let policy = try ServerRunner.policy(config["policy"])
        let client = try ServerRunner.client(config["client"])
        guard
            case .accepted(let request) = try judgeRequest(
                query: Words.text(config["query"]), client: client, policy: policy)
        else { throw Missing(what: "a request that is accepted") }
        if config["deny"] == .bool(true) {
            denied = try request.deny(policy: policy)
            return
        }
        let approval = Approval(
            subject: try config["approve"].string("subject"), scopes: try config["approve"].strings("scopes"))
        flow = try Issue(request: request, approval: approval, policy: policy)
    }

    func advance(_ event: JSON, now _: UInt64) throws -> JSON {
        guard let flow else { throw Missing(what: "a flow") }
        return StoreWords.seen(try flow.advance(event: StoreWords.event(event)))
    }

    mutating func outcome() throws -> (JSON, String)? {
        var (location, issued) = (denied, false)
        denied = nil
        if let outcome = try flow?.outcome() { (location, issued) = (outcome.location, outcome.issued) }
        guard let location else { return nil }
        let error = try Words.form(Words.halves(location).query)["error"]
        let seen: JSON = .object(["issued": .bool(issued), "location": try Words.located(location)])
        return (seen, error.map { "refused \($0)" } ?? "issued")
    }
}

/// The flow of the same name.
struct RedeemFlow: Flow {
    private let flow: Redeem

    init(_ config: JSON) throws {
        flow = try Redeem(
            body: Data(Words.text(config["body"]).utf8), contentType: config["content_type"].string,
            authorization: config["authorization"].string, policy: ServerRunner.policy(config["policy"]))
    }

    func advance(_ event: JSON, now _: UInt64) throws -> JSON {
        StoreWords.seen(try flow.advance(event: StoreWords.event(event)))
    }

    func outcome() throws -> (JSON, String)? {
        try flow.outcome().map(Self.answered)
    }

    /// What an endpoint answers. An empty body is absent.
    static func answered(_ answer: TokenAnswer) throws -> (JSON, String) {
        let said = answer.body.isEmpty ? .null : try JSON.parse(answer.body)
        let headers = answer.headers.map { ($0.name.lowercased(), JSON.string($0.value)) }
        let seen: JSON = .object([
            "status": .number(UInt64(answer.status)), "headers": .object(try SignInFlow.once(headers)),
            "body": said, "audit": .string(answer.audit),
        ])
        let error = said["error"].string.map { " \($0)" } ?? ""
        return (seen, "\(answer.status)\(error)" + Words.word("audit", answer.audit))
    }
}

/// The flow of the same name.
struct RevokeFlow: Flow {
    private let flow: RevokeToken

    init(_ config: JSON) throws {
        flow = try RevokeToken(
            body: Data(Words.text(config["body"]).utf8), contentType: config["content_type"].string,
            authorization: config["authorization"].string)
    }

    func advance(_ event: JSON, now _: UInt64) throws -> JSON {
        StoreWords.seen(try flow.advance(event: StoreWords.event(event)))
    }

    func outcome() throws -> (JSON, String)? {
        try flow.outcome().map(RedeemFlow.answered)
    }
}

/// The flow of the same name.
struct CheckTokenFlow: Flow {
    private let flow: CheckToken

    init(_ config: JSON) throws {
        flow = try CheckToken(
            authorization: config["authorization"].string, audience: config.string("audience"),
            requiredScopes: config.strings("required_scopes"))
    }

    func advance(_ event: JSON, now _: UInt64) throws -> JSON {
        StoreWords.seen(try flow.advance(event: StoreWords.event(event)))
    }

    func outcome() throws -> (JSON, String)? {
        switch try flow.outcome() {
        case nil: return nil
        case .refused(let status, let wwwAuthenticate)?:
            let seen: JSON = .object([
                "granted": .bool(false), "status": .number(UInt64(status)),
                "www_authenticate": .from(wwwAuthenticate),
            ])
            return (seen, "refused \(status)")
        case .granted(let token)?:
            let (client, subject) = (token.grant.clientId, token.grant.subject)
            let seen: JSON = .object([
                "granted": .bool(true), "client_id": .string(client), "subject": .string(subject),
            ])
            return (seen, "granted" + Words.word("client_id", client) + Words.word("subject", subject))
        }
    }
}
