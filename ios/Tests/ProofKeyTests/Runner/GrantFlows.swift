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
        case "Remembered": return .remembered(remembered: try data.bool("remembered"))
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
                rotation: try rotation(found), dpopJkt: found["dpop_jkt"].string, scope: found["scope"].string)
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
                    "dpop_jkt": .from(token.dpopJkt),
                ])
            })
    }

    static func seen(_ step: StoreStep) -> JSON {
        switch step {
        case .put(let new):
            let terms: [String: JSON] = [
                "dpop_jkt": .from(new.grant.terms.dpopJkt), "nonce": .from(new.grant.terms.nonce),
                "auth_time": .from(new.grant.terms.authTime), "acr": .from(new.grant.terms.acr),
                "authorization_details": .from(new.grant.terms.authorizationDetails),
            ]
            let grant: [String: JSON] = [
                "grant_id": .string(new.grant.grantId), "client_id": .string(new.grant.clientId),
                "subject": .string(new.grant.subject), "redirect_uri": .string(new.grant.redirectUri),
                "redirect_uri_was_sent": .bool(new.grant.redirectUriWasSent),
                "code_challenge": .from(new.grant.codeChallenge), "scope": .string(new.grant.scope),
                "resource": .from(new.grant.resource), "refreshable": .bool(new.grant.refreshable),
                "terms": .object(terms),
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
        case .remember(let name, let lifetimeS):
            return named("Remember", ["proof": .string(name), "lifetime_s": .number(lifetimeS)])
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
        if let why = config["decline"].string {
            denied = try request.decline(why: try Self.decline(why), policy: policy)
            return
        }
        let approve = config["approve"]
        let approval = Approval(
            subject: try approve.string("subject"), scopes: try approve.strings("scopes"),
            authTime: approve["auth_time"].number, acr: approve["acr"].string)
        flow = try Issue(request: request, approval: approval, policy: policy)
    }

    private static func decline(_ why: String) throws -> Decline {
        switch why {
        case "denied": .denied
        case "login_required": .loginRequired
        case "consent_required": .consentRequired
        case "account_selection_required": .accountSelectionRequired
        case "interaction_required": .interactionRequired
        case "unmet_authentication": .unmetAuthentication
        case "temporarily_unavailable": .temporarilyUnavailable
        case "server_error": .serverError
        default: throw Missing(what: "the reason \(why)")
        }
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

/// The proofs of a request, and what a resource asks of it, where the configuration has such.
private enum Proofs {
    static func proof(_ config: JSON) throws -> RequestProof? {
        let data = config["proof"]
        guard data != .null else { return nil }
        let rules = ProofRules(
            required: data["required"].bool ?? false, windowS: data["window_s"].number ?? 60,
            nonceKey: data["nonce_key"].string.map { Data($0.utf8) },
            nonceLifetimeS: data["nonce_lifetime_s"].number ?? 300)
        return RequestProof(
            fields: try data.strings("fields"), method: try data.string("method"), url: try data.string("url"),
            now: try data.number("now"), rules: rules)
    }

    static func demands(_ config: JSON) throws -> CheckDemands? {
        let (proof, data) = (try proof(config), config["demands"])
        guard data != .null else { return proof.map { CheckDemands(proof: $0) } }
        let authentication = Authentication(
            acrValues: data.stringsOrNone("acr_values"), maxAgeS: data["max_age_s"].number)
        return CheckDemands(authentication: authentication, metadataUrl: data["metadata_url"].string, proof: proof)
    }

    static func fields(_ headers: [Header]) throws -> JSON {
        .object(try SignInFlow.once(headers.map { ($0.name.lowercased(), JSON.string($0.value)) }))
    }
}

/// The flow of the same name.
struct RedeemFlow: Flow {
    private let flow: Redeem

    init(_ config: JSON) throws {
        flow = try Redeem(
            body: Data(Words.text(config["body"]).utf8), contentType: config["content_type"].string,
            authorization: config["authorization"].string, policy: ServerRunner.policy(config["policy"]),
            proof: Proofs.proof(config))
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
        let issued: JSON? = answer.issued.map { issued in
            .object([
                "grant_id": .string(issued.grant.grantId), "nonce": .from(issued.grant.terms.nonce),
                "scope": .string(issued.scope), "access_token_hash": .string(issued.accessTokenHash.hex),
            ])
        }
        let seen: JSON = .object([
            "status": .number(UInt64(answer.status)), "headers": try Proofs.fields(answer.headers),
            "body": said, "audit": .string(answer.audit), "issued": issued ?? .null,
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
            requiredScopes: config.strings("required_scopes"), demands: Proofs.demands(config))
    }

    func advance(_ event: JSON, now _: UInt64) throws -> JSON {
        StoreWords.seen(try flow.advance(event: StoreWords.event(event)))
    }

    func outcome() throws -> (JSON, String)? {
        switch try flow.outcome() {
        case nil: return nil
        case .refused(let status, let wwwAuthenticate, let headers)?:
            let seen: JSON = .object([
                "granted": .bool(false), "status": .number(UInt64(status)),
                "www_authenticate": .from(wwwAuthenticate), "headers": try Proofs.fields(headers),
            ])
            return (seen, "refused \(status)")
        case .granted(let token, let headers)?:
            let (client, subject) = (token.grant.clientId, token.grant.subject)
            let seen: JSON = .object([
                "granted": .bool(true), "client_id": .string(client), "subject": .string(subject),
                "dpop_jkt": .from(token.dpopJkt), "headers": try Proofs.fields(headers),
            ])
            return (seen, "granted" + Words.word("client_id", client) + Words.word("subject", subject))
        }
    }
}
