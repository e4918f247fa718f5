import Foundation
import ProofKey

/// An authorization server and a resource on this machine. The endpoints carry what comes to ProofKey and what it says back;
/// they judge nothing. Its one user is signed in always: who a user is, is yours to know.
struct Site: Sendable {
    /// What the outside calls the server.
    let issuer: String
    let resource: String

    /// The one client that is known.
    let client = ClientRecord(
        clientID: "agent", name: "My agent", redirectURIs: ["http://127.0.0.1/callback"], scopes: ["notes.read"],
        mayRefresh: true)

    private let user: String
    private let server: AuthorizationServer

    init(issuer: String, store: any GrantStore, user: String) throws {
        self.issuer = issuer
        resource = "\(issuer)/notes"
        self.user = user
        server = try AuthorizationServer(
            policy: .init(issuer: issuer), store: store,
            clients: { [client] in $0 == client.clientID ? client : nil },
            onStoreError: { call, error in complain("the grant store failed in \(call): \(error)") })
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        // A page elsewhere whose name was made to lead here asks by that name.
        guard "http://\(request.field("Host") ?? "")" == issuer else { return HTTPResponse(status: 421) }
        do {
            switch (request.path, request.method) {
            case ("/authorize", "GET"), ("/authorize", "POST"):
                return guarded(try await authorize(request))
            case ("/token", "POST"):
                return response(
                    try await server.token(
                        body: request.body, contentType: request.field("Content-Type"),
                        authorization: request.field("Authorization"), proof: proof(request)))
            case ("/revoke", "POST"):
                return response(
                    try await server.revoke(
                        body: request.body, contentType: request.field("Content-Type"),
                        authorization: request.field("Authorization")))
            case ("/notes", "GET"): return try await notes(request)
            case ("/.well-known/oauth-authorization-server", "GET"): return try json(serverMetadata)
            case ("/.well-known/oauth-protected-resource/notes", "GET"): return try json(resourceMetadata)
            case ("/authorize", _): return notAllowed("GET, POST")
            case ("/token", _), ("/revoke", _): return notAllowed("POST")
            case ("/notes", _): return notAllowed("GET")
            default: return HTTPResponse(status: 404)
            }
        } catch {
            complain("\(request.method) \(request.path): \(error)")
            return HTTPResponse(status: 500)
        }
    }

    /// Asks the user (RFC 6749 §3.1). The form is posted to the same address, so that what the user has seen is judged again
    /// when the answer comes.
    private func authorize(_ request: HTTPRequest) async throws -> HTTPResponse {
        switch try await server.authorizationRequest(request.query) {
        case .page(let page):
            return ConsentPage.html(page.status, "<p>\(ConsentPage.escaped(page.description))</p>")
        case .redirect(let redirect):
            return response(redirect)
        case .accepted(let asked):
            // Nobody may be asked anything, and here everybody is.
            if asked.prompt.contains("none") {
                return response(try await server.deny(asked, because: .consentNeeded))
            }
            if request.method == "GET" { return ConsentPage(for: request).shown(asked, to: user) }
            let form = ConsentPage.form(request.body)
            guard ConsentPage.isOurs(form, of: request) else {
                return ConsentPage.html(403, "<p>This is no answer to a page of ours.</p>")
            }
            guard form["decision"] == "allow" else { return response(try await server.deny(asked)) }
            return response(try await server.approve(asked, subject: user))
        }
    }

    /// A resource: it wants a token that is meant for it.
    private func notes(_ request: HTTPRequest) async throws -> HTTPResponse {
        let access = try await server.check(
            authorization: request.field("Authorization"), audience: resource, scopes: ["notes.read"],
            proof: proof(request),
            demands: .init(metadataURL: "\(issuer)/.well-known/oauth-protected-resource/notes"))
        switch access {
        case .refused(let status, let fields):
            return HTTPResponse(status: status, fields: fields)
        case .granted(let token, let fields):
            return try json(["user": token.grant.subject, "notes": ["Water the plants"]], fields)
        }
    }

    /// The proofs of possession that came with a request, and its address as clients know it.
    private func proof(_ request: HTTPRequest) -> DPoPProof {
        DPoPProof(fields: request.fields("DPoP"), method: request.method, url: issuer + request.path)
    }

    private func response(_ answer: AuthorizationServer.Answer) -> HTTPResponse {
        HTTPResponse(status: answer.status, fields: answer.headers, body: answer.exposeBody())
    }

    private func response(_ redirect: AuthorizationServer.Redirect) -> HTTPResponse {
        HTTPResponse(status: redirect.status, fields: [("Location", redirect.exposeLocation())])
    }

    private func notAllowed(_ methods: String) -> HTTPResponse {
        HTTPResponse(status: 405, fields: [("Allow", methods)])
    }

    private func json(_ document: [String: Any], _ fields: [(name: String, value: String)] = []) throws -> HTTPResponse
    {
        let body = try JSONSerialization.data(
            withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
        return HTTPResponse(status: 200, fields: fields + [("Content-Type", "application/json")], body: body)
    }

    /// In no frame, kept nowhere, and told to nobody (RFC 6749 §10.13, RFC 9700 §4.2.4).
    private func guarded(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.fields += [
            ("Content-Security-Policy", "frame-ancestors 'none'"), ("X-Frame-Options", "DENY"),
            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
        ]
        return response
    }

    /// What clients find about the server (RFC 8414).
    private var serverMetadata: [String: Any] {
        [
            "issuer": issuer,
            "authorization_endpoint": "\(issuer)/authorize",
            "token_endpoint": "\(issuer)/token",
            "revocation_endpoint": "\(issuer)/revoke",
            "scopes_supported": ["notes.read"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "dpop_signing_alg_values_supported": ["ES256"],
        ]
    }

    /// Where a token for the resource comes from (RFC 9728).
    private var resourceMetadata: [String: Any] {
        [
            "resource": resource,
            "authorization_servers": [issuer],
            "scopes_supported": ["notes.read"],
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": ["ES256"],
        ]
    }
}

/// A line to standard error, for whoever runs the program.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
