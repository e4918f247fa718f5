import Foundation
import ProofKeyFFI

/// A flow of the transcripts.
protocol Flow {
    /// A step, as the files write it.
    func advance(_ event: JSON, now: UInt64) throws -> JSON
    /// What the outcome holds, and its words.
    mutating func outcome() throws -> (JSON, String)?
}

/// The sign-in, step by step.
struct SignInFlow: Flow {
    private let flow: SignIn

    init(_ config: JSON) throws {
        flow = try SignIn(config: ClientRunner.config(config))
    }

    func advance(_ event: JSON, now: UInt64) throws -> JSON {
        try Self.seen(flow.advance(event: Self.event(event), now: now))
    }

    func outcome() throws -> (JSON, String)? {
        guard let tokens = try flow.outcome() else { return nil }
        return (.object(try Self.seen(tokens)), String(try ClientRunner.words(of: tokens).dropFirst()))
    }

    static func seen(_ tokens: TokenSet) throws -> [String: JSON] {
        [
            "access_token": .string(try tokens.exposeAccessToken()),
            "refresh_token": .from(try tokens.exposeRefreshToken()),
            "expires_at": .from(try tokens.expiresAt()),
            "scopes": .from(try tokens.scopes()),
            "issuer": .string(try tokens.issuer()),
            "client_id": .string(try tokens.clientId()),
            "resource": .from(try tokens.resource()),
        ]
    }

    static func event(_ data: JSON) throws -> Event {
        switch try data.string("name") {
        case "Start": .start
        case "Listening": .listening(port: UInt16(try data.number("port")))
        case "Response": .response(response: try ClientRunner.response(data))
        case "Unreachable": .unreachable(reason: try lost(data.string("reason")), detail: try data.string("detail"))
        case "Redirect": .redirect(uri: try Words.text(data["uri"]))
        case "Elapsed": .elapsed
        case "Dismissed": .dismissed
        case "Failed": .failed(code: try data.string("code"), detail: try data.string("detail"))
        case "Cancel": .cancel
        case "Allowed": .allowed
        case "Refused": .refused
        case "PublicKey": .publicKey(sec1: try Words.base64url(data.string("sec1")))
        case "Signed": .signed(signature: try Words.base64url(data.string("signature")))
        case "Locked": .locked
        case "Busy": .busy
        case "Ok": .ok
        case "Swapped": .swapped(swapped: try data.bool("swapped"))
        case "Loaded": .loaded(revision: try data.number("revision"), value: try Words.base64(data["value"].string))
        default: throw Missing(what: "the event \(data)")
        }
    }

    private static func lost(_ name: String) throws -> Lost {
        switch name {
        case "not_connected": .notConnected
        case "lost": .lost
        case "timed_out": .timedOut
        case "too_large": .tooLarge
        default: throw Missing(what: "the reason \(name)")
        }
    }

    static func seen(_ step: Step) throws -> JSON {
        switch step {
        case .listen(let host, let port, let path):
            let name = ClientRunner.hosts.first { $0.value == host }!.key
            return named("Listen", ["host": .string(name), "port": .number(UInt64(port)), "path": .string(path)])
        case .send(let request, let finish):
            return named("Send", ["finish": .bool(finish), "request": try seen(request)])
        case .browse(let url, let redirectUri, let deadlineMs):
            return named(
                "Browse",
                [
                    "url": try Words.located(url), "redirect_uri": .string(redirectUri),
                    "deadline_ms": .number(deadlineMs),
                ])
        case .await(let deadlineMs, let code, _):
            return named("Await", ["deadline_ms": .number(deadlineMs), "refused": .from(code.isEmpty ? nil : code)])
        case .confirm(let issuerHost, let resourceHost):
            return named("Confirm", ["issuer_host": .string(issuerHost), "resource_host": .string(resourceHost)])
        case .showCode(let code, let pollMs):
            return named(
                "ShowCode",
                [
                    "user_code": .string(code.userCode), "verification_uri": .string(code.verificationUri),
                    "verification_uri_complete": .from(code.verificationUriComplete),
                    "expires_in_s": .number(code.expiresInS), "poll_ms": .number(pollMs),
                ])
        case .wait(let millis): return named("Wait", ["millis": .number(millis)])
        case .key(let keyID, let alg): return named("Key", ["key_id": .string(keyID), "alg": .string(alg)])
        case .sign(let keyID, let alg, let input):
            return named(
                "Sign", ["key_id": .string(keyID), "alg": .string(alg), "input": try JoseRunner.signed(input)])
        case .lock(let key, let deadlineMs):
            return named("Lock", ["key": .string(key), "deadline_ms": .number(deadlineMs)])
        case .load(let key): return named("Load", ["key": .string(key)])
        case .unlock(let key): return named("Unlock", ["key": .string(key)])
        case .swap(let key, let revision, let value):
            return named(
                "Swap",
                ["key": .string(key), "revision": .from(revision), "value": .from(value?.base64EncodedString())])
        case .done: return named("Done", [:])
        }
    }

    private static func named(_ name: String, _ members: [String: JSON]) -> JSON {
        .object(members.merging(["name": .string(name)]) { $1 })
    }

    private static func seen(_ request: HttpRequest) throws -> JSON {
        let headers = try request.headers.map { field in
            let name = field.name.lowercased()
            return (name, name == "dpop" ? try JoseRunner.signed(field.value) : JSON.string(field.value))
        }
        let isJSON = headers.contains { $0 == ("content-type", .string("application/json")) }
        let form = try request.body.map { isJSON ? nil : try Words.form(String(decoding: $0, as: UTF8.self)) } ?? nil
        return .object([
            "method": .string(request.method), "url": .string(request.url),
            "headers": .object(try once(headers)),
            "form": form.map { .object($0.mapValues(JSON.string)) } ?? .null,
            "json": try request.body.map { isJSON ? try JSON.parse($0) : .null } ?? .null,
            "max_body": .number(request.maxBody), "timeout_ms": .number(request.timeoutMs),
        ])
    }

    /// Pairs as an object; a name that stands twice matches nothing.
    static func once(_ pairs: [(String, JSON)]) throws -> [String: JSON] {
        guard Set(pairs.map(\.0)).count == pairs.count else { throw Missing(what: "names that differ") }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
