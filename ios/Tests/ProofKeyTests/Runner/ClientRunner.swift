import Foundation
import ProofKeyFFI

/// The client's half: vectors, and the sign-in of the transcripts.
enum ClientRunner {
    /// The code of an error of the library; any other is a failed test.
    static func code(of error: any Error) throws -> String {
        guard case .Failed(let code, _, _, _)? = error as? ProofKeyFFI.ProofKeyError else { throw error }
        return code
    }

    static func verdict(_ good: () throws -> String) throws -> String {
        do { return try good() } catch { return "error \(try code(of: error))" }
    }

    static func pair(_ data: JSON) throws -> String {
        let verifier = try Words.text(data["verifier"])
        let challenge = SHA256.challenge(of: verifier)
        return try verdict {
            guard try verify(verifier: verifier, challenge: challenge) else { throw Missing(what: "a match") }
            return "ok" + Words.word("challenge", challenge)
        }
    }

    static func challenge(_ data: JSON) throws -> String {
        try verdict { "ok" + Words.word("challenge", try parseChallenge(text: data.string("challenge"))) }
    }

    static func verification(_ data: JSON) throws -> String {
        try verdict { "\(try verify(verifier: data.string("verifier"), challenge: data.string("challenge")))" }
    }

    static func session(_ data: JSON, redirectURI: String) throws -> PkceSession {
        try PkceSession.begin(
            request: AuthorizationRequest(
                issuer: data["issuer"].string ?? "https://as.example",
                authorizationEndpoint: "https://as.example/authorize",
                tokenEndpoint: "https://as.example/token",
                issPromised: data["iss_promised"].bool ?? false,
                clientId: "agent",
                redirectUri: redirectURI,
                scopes: data["scopes"].list == nil ? [] : try data.strings("scopes"),
                resource: data["resource"].string))
    }

    static func redirect(_ data: JSON) throws -> String {
        let session = try session(data, redirectURI: data.string("redirect_uri"))
        let url = try session.authorizationUrl()
        let state = try Words.parameter(url, "state")
        var arrived = try Words.text(data["redirect"])
        let swapped = state.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined()
        for (name, value) in [
            ("state", state), ("state_percent", state.utf8.map(Words.percent).joined()),
            ("state_cut", String(state.dropLast())), ("state_swapcase", swapped),
            ("challenge", try Words.parameter(url, "code_challenge")),
        ] {
            arrived = arrived.replacing("{\(name)}", with: value)
        }
        do {
            switch try session.complete(redirect: arrived) {
            case .accepted(let request):
                let body = try request.httpRequest().body ?? Data()
                let form = try Words.form(String(decoding: body, as: UTF8.self))
                return "accepted" + Words.word("code", form["code"])
            case .notOurs(let code, _):
                guard try session.authorizationUrl() == url else { throw Missing(what: "an unspent session") }
                return "not_ours \(code)"
            }
        } catch {
            return "ended \(try code(of: error))"
        }
    }

    static func headers(_ pairs: JSON) -> [Header] {
        (pairs.list ?? []).map {
            Header(name: $0.list?[0].string ?? "", value: $0.list?[1].string ?? "")
        }
    }

    static func response(_ data: JSON) throws -> HttpResponse {
        HttpResponse(
            status: UInt16(try data.number("status")), headers: headers(data["headers"]),
            body: try Words.body(data))
    }

    static func words(of tokens: TokenSet) throws -> String {
        try Words.word("access_token", tokens.exposeAccessToken())
            + Words.word("refresh_token", tokens.exposeRefreshToken())
            + Words.word("expires_at", tokens.expiresAt().map { "\($0)" })
            + Words.word("scope", tokens.scopes().joined(separator: " "))
    }

    static func tokenResponse(_ data: JSON) throws -> String {
        let session = try session(data, redirectURI: "https://app.example/callback")
        let state = try Words.parameter(session.authorizationUrl(), "state")
        let back = "https://app.example/callback?code=c-1&state=\(state)"
        guard case .accepted(let request) = try session.complete(redirect: back) else {
            throw Missing(what: "a code")
        }
        do {
            let tokens = try request.tokens(response: response(data), now: data.number("now"))
            return "ok" + (try words(of: tokens))
        } catch {
            let code = try code(of: error)
            let never = data["never_shown"].list == nil ? [] : try data.strings("never_shown")
            let said = "\(error) \(error.localizedDescription)"
            return "\(never.contains { said.contains($0) } ? "shown" : "error") \(code)"
        }
    }

    static let hosts: [String: LoopbackHost] = [
        "127.0.0.1": .v4, "[::1]": .v6, "localhost": .localhost,
    ]

    /// Where the redirect arrives: `redirect_uri` or `listen`.
    static func target(_ data: JSON) throws -> RedirectTarget {
        let listen = data["listen"]
        if listen == .null { return .fixed(uri: try data.string("redirect_uri")) }
        return .loopback(
            host: hosts[try listen.string("host")]!, port: UInt16(try listen.number("port")),
            path: try listen.string("path"))
    }

    /// More parameters of the authorization request; none where the member is absent.
    static func extraParameters(_ data: JSON) -> [Parameter] {
        headers(data["extra_parameters"]).map { Parameter(name: $0.name, value: $0.value) }
    }

    static func config(_ data: JSON) throws -> SignInConfig {
        SignInConfig(
            issuer: try data.string("issuer"), authorizationEndpoint: try data.string("authorization_endpoint"),
            tokenEndpoint: try data.string("token_endpoint"), issPromised: try data.bool("iss_promised"),
            clientId: try data.string("client_id"), redirect: try target(data), scopes: try data.strings("scopes"),
            resource: data["resource"].string, browseTimeoutMs: try data.number("browse_timeout_ms"),
            extraParameters: extraParameters(data))
    }

    static func configuration(_ data: JSON) throws -> String {
        try configured {
            _ = try SignIn(config: config(data))
            return "ok"
        }
    }

    /// An error of a setting names the setting.
    static func configured(_ good: () throws -> String) throws -> String {
        do {
            return try good()
        } catch {
            let code = try code(of: error)
            guard case .Failed(_, _, let text, _) = error as? ProofKeyFFI.ProofKeyError else { throw error }
            // The message begins with the field's name; no other error has one.
            let field = code == "invalid_configuration" ? text.split(separator: " ").first.map(String.init) : nil
            return "error \(code)" + Words.word("field", field)
        }
    }
}
