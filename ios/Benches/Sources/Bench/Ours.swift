import Foundation
import ProofKey

/// The jobs as ProofKey does them, through its public API alone.
enum Ours {
    static func session() throws -> PkceSession {
        try PkceSession(
            issuer: Inputs.issuer,
            authorizationEndpoint: Inputs.authorizationEndpoint,
            tokenEndpoint: Inputs.tokenEndpoint,
            clientID: Inputs.clientID,
            redirectURI: Inputs.redirectURI,
            scopes: Inputs.scopes
        )
    }

    static func signIn() throws -> String {
        let session = try session()
        let redirect = try Inputs.redirect(answering: session.authorizationURL())
        guard case .accepted(let request) = try session.complete(redirect) else { throw Wrong("not ours") }
        guard try request.httpRequest().exposeBody() != nil else { throw Wrong("no body") }
        return try request.tokens(status: 200, headers: Inputs.headers, body: Inputs.body).exposeAccessToken()
    }

    static func authorizationURL() throws -> String {
        try session().authorizationURL().absoluteString
    }

    static func pair() throws -> String {
        let made = try ProofKey.pair()
        return try made.exposeVerifier() + made.challenge
    }

    static func verify() throws -> String {
        try ProofKey.verify(Inputs.verifier, against: Inputs.challenge) ? "equal" : ""
    }
}
