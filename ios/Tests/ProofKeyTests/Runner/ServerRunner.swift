import Foundation
import ProofKeyFFI

/// The authorization server's half: vectors over the grant flows, and the store of one row.
enum ServerRunner {
    static func policy(_ data: JSON) throws -> Policy {
        let profile: Profile = try data.string("profile") == "oauth20" ? .oauth20 : .oauth21
        let usual = Policy(issuer: try data.string("issuer"), profile: profile)
        return Policy(
            issuer: usual.issuer, profile: profile,
            codeLifetimeS: data["code_lifetime_s"].number ?? usual.codeLifetimeS,
            accessTokenLifetimeS: data["access_token_lifetime_s"].number ?? usual.accessTokenLifetimeS,
            refreshTokenLifetimeS: data["refresh_token_lifetime_s"].number ?? usual.refreshTokenLifetimeS,
            reuseWindowS: data["reuse_window_s"].number ?? usual.reuseWindowS,
            maxMismatches: data["max_mismatches"].number.map(UInt32.init) ?? usual.maxMismatches,
            openScopes: data.stringsOrNone("open_scopes"), detailsTypes: data.stringsOrNone("details_types"))
    }

    static func client(_ data: JSON) throws -> ClientRecord {
        ClientRecord(
            clientId: try data.string("client_id"), name: "The agent",
            redirectUris: try data.strings("redirect_uris"), scopes: try data.strings("scopes"),
            mayRefresh: data["may_refresh"].bool ?? false)
    }

    static func redirectMatch(_ data: JSON) throws -> String {
        "\(try redirectUriMatches(registered: data.string("registered"), sent: data.string("sent")))"
    }

    static func authorizationRequest(_ data: JSON) throws -> String {
        let query = try Words.text(data["query"])
        if case .page(let error, _) = try clientOf(query: query) { return "page \(error)" }
        let policy = Policy(issuer: try data.string("issuer"), profile: .oauth21)
        switch try judgeRequest(query: query, client: client(data["client"]), policy: policy) {
        case .page(let error, _): return "page \(error)"
        case .redirect(let location, let error): return try refused(location, error)
        case .accepted(let request):
            let details = try request.details()
            // The state is seen in what goes back.
            let answer = try Words.form(Words.halves(request.deny(policy: policy)).query)
            return "accepted" + Words.word("redirect_uri", details.redirectUri)
                + Words.word("scope", details.scopes.joined(separator: " "))
                + Words.word("state", answer["state"]) + Words.word("resource", details.resource)
                + signingIn(details)
        }
    }

    /// What a page for signing in has to know; a list that is empty is absent.
    private static func signingIn(_ details: RequestDetails) -> String {
        let joined = { (list: [String]) in list.isEmpty ? nil : list.joined(separator: " ") }
        let words = [
            ("dpop_jkt", details.dpopJkt), ("acr_values", joined(details.acrValues)),
            ("max_age", details.maxAge.map(String.init)), ("prompt", joined(details.prompt)),
            ("login_hint", details.loginHint), ("ui_locales", joined(details.uiLocales)), ("nonce", details.nonce),
            ("authorization_details", details.authorizationDetails),
        ]
        return words.map { Words.word($0.0, $0.1) }.joined()
    }

    private static func refused(_ location: String, _ error: String) throws -> String {
        let (base, query) = Words.halves(location)
        let answers = ["error", "error_description", "state", "iss"]
        let own = query.split(separator: "&").filter { part in
            !answers.contains(String(part.prefix { $0 != "=" }))
        }
        let given = try Words.form(query)
        guard given["error"] == error else { throw Missing(what: "the error in \(location)") }
        let to = own.isEmpty ? base : "\(base)?\(own.joined(separator: "&"))"
        return "redirect \(error)" + Words.word("to", to) + Words.word("state", given["state"])
            + Words.word("iss", given["iss"])
    }

    static func grant(_ data: JSON, subject: String? = nil) throws -> Grant {
        Grant(
            grantId: try data.string("grant_id"), clientId: try data.string("client_id"),
            subject: try subject ?? data.string("subject"), redirectUri: try data.string("redirect_uri"),
            redirectUriWasSent: try data.bool("redirect_uri_was_sent"),
            codeChallenge: data["code_challenge"].string, scope: try data.string("scope"),
            resource: data["resource"].string, terms: terms(data["terms"]),
            refreshable: data["refreshable"].bool ?? false)
    }

    private static func terms(_ data: JSON) -> Terms {
        Terms(
            dpopJkt: data["dpop_jkt"].string, nonce: data["nonce"].string, authTime: data["auth_time"].number,
            acr: data["acr"].string, authorizationDetails: data["authorization_details"].string)
    }

    static func row(_ data: JSON, _ grant: Grant) throws -> GrantRow {
        GrantRow(
            grant: grant, expiresAt: try data.number("expires_at"), used: try data.bool("used"),
            revoked: try data.bool("revoked"), mismatches: UInt32(try data.number("mismatches")))
    }

    static func tokenRequest(_ data: JSON) throws -> String {
        let flow = try Redeem(
            body: Words.body(data), contentType: data["content_type"].string,
            authorization: data["authorization"].string,
            policy: policy(.object(["issuer": .string("https://as.example"), "profile": data["profile"]])))
        var store = try Store(data["grant"], now: data.number("now"))
        var step = try flow.advance(event: .start)
        while let answer = try store.answer(step) { step = try flow.advance(event: answer) }
        guard let answer = try flow.outcome() else { throw Missing(what: "an answer") }
        let said = try JSON.parse(answer.body)
        let calls = store.calls.isEmpty ? "none" : store.calls.joined(separator: "/")
        let verdict = try said["error"].string.map { " \($0)" } ?? Words.word("scope", said.string("scope"))
        return "\(answer.status)\(verdict)" + Words.word("audit", answer.audit) + Words.word("calls", calls)
    }
}

/// One row; every write is conditional, as the steps say.
private struct Store {
    private var row: GrantRow?
    private let hash: Data?
    private let now: UInt64
    private(set) var calls: [String] = []

    init(_ data: JSON, now: UInt64) throws {
        row = data == .null ? nil : try ServerRunner.row(data, ServerRunner.grant(data, subject: "user-1"))
        hash = data == .null ? nil : SHA256.hash(try data.string("code"))
        self.now = now
    }

    /// Nothing after `Done`.
    mutating func answer(_ step: StoreStep) throws -> StoreEvent? {
        switch step {
        case .find(let grantId, let codeHash):
            calls.append("Find")
            let found = row.flatMap { $0.grant.grantId == grantId && hash == codeHash ? $0 : nil }
            return .found(grant: found, now: now)
        case .claim(let grantId, let codeHash, let maxMismatches, let tokens):
            calls.append("Claim")
            guard tokens.count == 1 else { throw Missing(what: "one token") }
            guard let row, row.grant.grantId == grantId, hash == codeHash, !row.used, !row.revoked,
                row.mismatches < maxMismatches, row.expiresAt > now
            else { return .claimed(claimed: false) }
            self.row = row.changed(used: true)
            return .claimed(claimed: true)
        case .count(let grantId):
            calls.append("Count")
            if let row, row.grant.grantId == grantId { self.row = row.changed(mismatches: row.mismatches + 1) }
            return .ok
        case .revoke(let grantId):
            calls.append("Revoke")
            if let row, row.grant.grantId == grantId { self.row = row.changed(revoked: true) }
            return .ok
        case .put, .findToken, .rotate, .remember: throw Missing(what: "an answer to \(step)")
        case .done: return nil
        }
    }
}

extension JSON {
    /// A list that may be left out.
    func stringsOrNone(_ name: String) -> [String] { (try? strings(name)) ?? [] }
}

extension GrantRow {
    fileprivate func changed(used: Bool? = nil, revoked: Bool? = nil, mismatches: UInt32? = nil) -> GrantRow {
        GrantRow(
            grant: grant, expiresAt: expiresAt, used: used ?? self.used, revoked: revoked ?? self.revoked,
            mismatches: mismatches ?? self.mismatches)
    }
}
