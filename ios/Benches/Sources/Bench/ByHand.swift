import Foundation

/// The same jobs by hand: Foundation and libcrypto, as a careful program would write them.
struct ByHand {
    let crypto: Crypto

    /// What the token endpoint answers (RFC 6749 §5.1).
    struct Answer: Decodable {
        let accessToken: String
        let tokenType: String
        let expiresIn: Int?
        let refreshToken: String?
        let scope: String?

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case expiresIn = "expires_in"
            case refreshToken = "refresh_token"
            case scope
        }
    }

    struct Tokens {
        let accessToken: String
        let refreshToken: String?
        let expiresAt: Date?
        let scopes: [String]
    }

    /// A pending sign-in.
    struct Session {
        let verifier: String
        let state: String
    }

    struct Request {
        let url: URL
        let headers: [(name: String, value: String)]
        let body: Data
    }

    func session() throws -> Session {
        Session(verifier: try crypto.random(), state: try crypto.random())
    }

    func address(of session: Session) throws -> URL {
        var address = URLComponents(string: Inputs.authorizationEndpoint)
        address?.queryItems = [
            URLQueryItem(name: "response_type", value: "code"),
            URLQueryItem(name: "client_id", value: Inputs.clientID),
            URLQueryItem(name: "redirect_uri", value: Inputs.redirectURI),
            URLQueryItem(name: "scope", value: Inputs.scopes.joined(separator: " ")),
            URLQueryItem(name: "state", value: session.state),
            URLQueryItem(name: "code_challenge", value: try crypto.digest(session.verifier)),
            URLQueryItem(name: "code_challenge_method", value: "S256"),
        ]
        guard let url = address?.url else { throw Wrong("no URL") }
        return url
    }

    /// The code of a redirect that is ours (RFC 6749 §4.1.2, RFC 9207).
    func code(from redirect: String, of session: Session) throws -> String {
        let items = URLComponents(string: redirect)?.queryItems ?? []
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        guard let state = value("state"), crypto.equal(state, session.state) else { throw Wrong("state") }
        guard value("iss") == Inputs.issuer else { throw Wrong("iss") }
        guard value("error") == nil, let code = value("code") else { throw Wrong("code") }
        return code
    }

    func request(for code: String, of session: Session) throws -> Request {
        var form = URLComponents()
        form.queryItems = [
            URLQueryItem(name: "grant_type", value: "authorization_code"),
            URLQueryItem(name: "code", value: code),
            URLQueryItem(name: "redirect_uri", value: Inputs.redirectURI),
            URLQueryItem(name: "client_id", value: Inputs.clientID),
            URLQueryItem(name: "code_verifier", value: session.verifier),
        ]
        guard let url = URL(string: Inputs.tokenEndpoint), let body = form.percentEncodedQuery else {
            throw Wrong("no request")
        }
        let headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        return Request(url: url, headers: headers, body: Data(body.utf8))
    }

    func tokens(status: Int, headers: [(name: String, value: String)], body: Data) throws -> Tokens {
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value
        guard status == 200, type == "application/json" else { throw Wrong("answer") }
        let answer = try JSONDecoder().decode(Answer.self, from: body)
        guard answer.tokenType.lowercased() == "bearer" else { throw Wrong("token_type") }
        return Tokens(
            accessToken: answer.accessToken,
            refreshToken: answer.refreshToken,
            expiresAt: answer.expiresIn.map { Date(timeIntervalSinceNow: Double($0)) },
            scopes: answer.scope?.split(separator: " ").map(String.init) ?? Inputs.scopes
        )
    }

    func signIn() throws -> String {
        let session = try session()
        let redirect = try Inputs.redirect(answering: address(of: session))
        let request = try request(for: code(from: redirect, of: session), of: session)
        guard !request.body.isEmpty else { throw Wrong("no body") }
        return try tokens(status: 200, headers: Inputs.headers, body: Inputs.body).accessToken
    }

    func authorizationURL() throws -> String {
        try address(of: session()).absoluteString
    }

    func pair() throws -> String {
        let verifier = try crypto.random()
        return try verifier + crypto.digest(verifier)
    }

    func verify() throws -> String {
        crypto.equal(try crypto.digest(Inputs.verifier), Inputs.challenge) ? "equal" : ""
    }
}
