import Foundation

/// What both sides are given; the same as in core/benches/src/inputs.rs.
enum Inputs {
    static let issuer = "https://as.example"
    static let authorizationEndpoint = "https://as.example/authorize"
    static let tokenEndpoint = "https://as.example/token"
    static let clientID = "my-agent"
    static let redirectURI = "http://127.0.0.1:49152/callback"
    static let scopes = ["read", "write"]

    /// The pair of RFC 7636, Appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    static let code = "nQ3gG1m5J0y2x0m9b1Zx5g.T1hUq0m6yq2x8d4v9c3n7b5k1z6w0p2r4t8y3u5i7o9"
    static let accessToken = "nQ3gG1m5J0y2x0m9b1Zx5g.4rLr3xkq3q1n2c7o8w5v6z9a0b1d2e3f4g5h6i7j8k9"
    static let headers = [(name: "Content-Type", value: "application/json")]
    static let body = Data(
        """
        {"access_token":"\(accessToken)","token_type":"Bearer","expires_in":3600,\
        "refresh_token":"nQ3gG1m5J0y2x0m9b1Zx5g.Zk3tYb0bq8o5JX2o2sU6m1y4v7x9c3n5p8r1t4w6z0q",\
        "scope":"read write"}
        """.utf8
    )

    /// The redirect of a server that grants. The state has no character that is written otherwise in a URL.
    static func redirect(answering url: URL) throws -> String {
        let parts = url.absoluteString.utf8.split(separator: UInt8(ascii: "&"))
        guard let state = parts.first(where: { $0.starts(with: "state=".utf8) }) else { throw Wrong("no state") }
        return "\(redirectURI)?code=\(code)&\(Substring(state))&iss=https%3A%2F%2Fas.example"
    }
}

/// A job that does not do what it says.
struct Wrong: Error {
    let what: String

    init(_ what: String) { self.what = what }
}
