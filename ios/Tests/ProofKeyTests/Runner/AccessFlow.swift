import Foundation
import ProofKeyFFI

/// The access flow, step by step.
struct AccessFlow: Flow {
    private let flow: Access

    init(_ config: JSON) throws {
        let key = try config["data_key"].string.map { try DataKey.fromText(text: $0) }
        flow = try Access(
            config: Self.config(config), goal: Self.goal(config.string("goal")),
            run: AccessRun(
                key: key, rejected: config["rejected"].string.map { SHA256.hash($0) },
                wwwAuthenticate: config.strings("www_authenticate"), redirectUri: config["redirect"].string, known: nil,
                device: config["device"].bool ?? false, stepUp: Self.stepUp(config["step_up"])))
    }

    static func config(_ data: JSON) throws -> AccessConfig {
        let given = data["endpoints"]
        let endpoints =
            given == .null
            ? nil
            : Endpoints(
                authorizationEndpoint: try given.string("authorization_endpoint"),
                tokenEndpoint: try given.string("token_endpoint"),
                revocationEndpoint: given["revocation_endpoint"].string,
                pushedAuthorizationRequestEndpoint: given["pushed_authorization_request_endpoint"].string,
                deviceAuthorizationEndpoint: given["device_authorization_endpoint"].string,
                jwksUri: given["jwks_uri"].string, endSessionEndpoint: given["end_session_endpoint"].string,
                issPromised: try given.bool("iss_promised"))
        return AccessConfig(
            issuer: data["issuer"].string, resource: data["resource"].string, endpoints: endpoints,
            clientId: data["client_id"].string, clientDocument: data["client_document"].string,
            clientName: data["client_name"].string, scopes: try data.strings("scopes"),
            scopeCeiling: data["scope_ceiling"] == .null ? nil : try data.strings("scope_ceiling"),
            account: data["account"].string, redirect: try ClientRunner.target(data), paste: try data.bool("paste"),
            browseTimeoutMs: try data.number("browse_timeout_ms"),
            extraParameters: ClientRunner.extraParameters(data),
            allowMissingS256: try data.strings("allow_missing_s256"), resumable: try data.bool("resumable"),
            dpop: try dpop(data["dpop"].string ?? "never"), dpopKey: data["dpop_key"].string,
            push: data["push"].bool ?? false)
    }

    private static func dpop(_ name: String) throws -> Dpop {
        switch name {
        case "never": .never
        case "preferred": .preferred
        case "required": .required
        default: throw Missing(what: "the binding \(name)")
        }
    }

    private static func stepUp(_ data: JSON) throws -> StepUp? {
        guard data != .null else { return nil }
        return StepUp(
            scopes: try data.strings("scopes"), acrValues: try data.strings("acr_values"),
            maxAge: data["max_age"].number, resourceMetadata: nil, wwwAuthenticate: [])
    }

    private static func goal(_ name: String) throws -> Goal {
        switch name {
        case "token": .token
        case "token_or_sign_in": .tokenOrSignIn
        case "sign_in": .signIn
        case "resume": .resume
        case "sign_out": .signOut
        default: throw Missing(what: "the goal \(name)")
        }
    }

    func advance(_ event: JSON, now: UInt64) throws -> JSON {
        try SignInFlow.seen(flow.advance(event: SignInFlow.event(event), now: now))
    }

    func outcome() throws -> (JSON, String)? {
        guard let outcome = try flow.outcome() else { return nil }
        let source = outcome.source.map { source in
            switch source {
            case .kept: "kept"
            case .refreshed: "refreshed"
            case .signedIn: "signed_in"
            }
        }
        let words =
            Words.word("source", source) + Words.word("stored", "\(outcome.stored)")
            + Words.word("revoked", outcome.revoked.map { "\($0)" })
            + (try outcome.tokens.map { try ClientRunner.words(of: $0) } ?? "")
            + Words.word("warning", outcome.warning?.code)
            + (try outcome.tokens.map { try Self.words(of: $0) } ?? "")
        var seen: [String: JSON] = try outcome.tokens.map { try SignInFlow.seen($0) } ?? [:]
        seen["source"] = .from(source)
        seen["stored"] = .bool(outcome.stored)
        seen["revoked"] = outcome.revoked.map(JSON.bool) ?? .null
        seen["warning"] = .from(outcome.warning?.code)
        seen["token_type"] = .from(try outcome.tokens?.tokenType())
        seen["subject"] = .from(try outcome.tokens?.identity()?.subject)
        seen["requested_scopes"] = try outcome.tokens.map { .from(try $0.requestedScopes()) } ?? .null
        seen["missing_scopes"] = try outcome.tokens.map { .from(try $0.missingScopes()) } ?? .null
        seen["authorization_details"] = .from(try outcome.tokens?.authorizationDetails())
        seen["missing_authorization_details"] =
            try outcome.tokens.map { .from(try $0.missingAuthorizationDetails()) } ?? .null
        seen["end_session_url"] = try outcome.endSessionUrl.map(Words.located) ?? .null
        return (.object(seen), String(words.dropFirst()))
    }

    /// What stands behind the other words.
    private static func words(of tokens: TokenSet) throws -> String {
        let type = try tokens.tokenType()
        return Words.word("type", type == "Bearer" ? nil : type)
            + Words.word("subject", try tokens.identity()?.subject)
    }
}

/// The vectors of what is kept and of what a client says of itself.
enum AccessRunner {
    /// A document that reads is written and read again: the words are those of the second reading.
    static func clientDocument(_ data: JSON) throws -> String {
        do {
            let url = try Words.text(data["url"])
            let read = try readClientDocument(url: url, body: Words.body(data))
            let again = try readClientDocument(url: url, body: Data(clientDocumentJson(document: read).utf8))
            return "ok" + Words.word("name", again.clientName) + Words.word("page", again.clientUri)
                + Words.word("redirect_uris", again.redirectUris.joined(separator: " "))
                + Words.word("scopes", again.scopes.joined(separator: " "))
        } catch ProofKeyFFI.ProofKeyError.Failed(let code, _, let text, _) {
            // "the document: member reason"; one member has two words.
            let said = text.split(separator: ": ", maxSplits: 1).last ?? ""
            let member = said.hasPrefix("the body ") ? "the body" : said.split(separator: " ").first ?? ""
            return "error \(code)" + Words.word("member", String(member))
        }
    }

    static func sealedSession(_ data: JSON) throws -> String {
        let key = try DataKey.fromText(text: data.string("data_key"))
        return try ClientRunner.verdict {
            let session = try PkceSession.open(
                key: key, sealed: Words.base64(data.string("sealed")) ?? Data(), issuer: data.string("issuer"),
                clientId: data.string("client_id"), redirectUri: data.string("redirect_uri"), now: data.number("now"))
            let url = try session.authorizationUrl()
            return "ok" + Words.word("state", try Words.parameter(url, "state"))
                + Words.word("code_challenge", try Words.parameter(url, "code_challenge"))
        }
    }

    /// Tokens that came at 1000 and live for an hour.
    static func authorization(_ data: JSON) throws -> String {
        let uri = "https://app.example/callback"
        let session = try ClientRunner.session(.object(["resource": data["resource"]]), redirectURI: uri)
        let state = try Words.parameter(session.authorizationUrl(), "state")
        guard case .accepted(let request) = try session.complete(redirect: "\(uri)?code=c-1&state=\(state)") else {
            throw Missing(what: "a code")
        }
        let body = Data(#"{"access_token":"at-1","token_type":"Bearer","expires_in":3600}"#.utf8)
        let headers = [Header(name: "Content-Type", value: "application/json")]
        let tokens = try request.tokens(response: HttpResponse(status: 200, headers: headers, body: body), now: 1000)
        return try ClientRunner.verdict {
            let header = try tokens.authorization(url: Words.text(data["url"]), now: data.number("now"))
            return header.map { "ok" + Words.word("authorization", $0) } ?? "refresh"
        }
    }
}
