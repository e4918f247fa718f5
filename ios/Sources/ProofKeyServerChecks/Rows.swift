import Foundation
import ProofKey

/// After so many wrong verifiers a grant is burnt.
let maxMismatches = 5

/// Some hash that no other row has.
func newHash() -> Data { Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }) }

/// 22 characters of base64url.
func newID() -> String { characters(22) }

/// 43 characters of base64url.
func newName() -> String { characters(43) }

/// So many characters of base64url, for the last of which no bit is left over.
private func characters(_ count: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return String((1..<count).map { _ in alphabet[Int.random(in: alphabet.indices)] }) + "A"
}

/// The same with small letters for capitals and the other way round.
func otherCase(_ text: String) -> String {
    String(text.map { Character($0.isUppercase ? $0.lowercased() : $0.uppercased()) })
}

extension NewGrant {
    /// As full as one can be.
    static func full(lifetimeSeconds: Int = 60) -> NewGrant {
        let terms = GrantTerms(
            dpopThumbprint: newName(), nonce: "nonce", authTime: 1_700_000_000, acr: "urn:example:strong",
            authorizationDetails: #"[{"type":"t"}]"#)
        let grant = Grant(
            grantID: newID(), clientID: "agent", subject: "user-\u{fc}", redirectURI: "http://127.0.0.1:49152/callback",
            redirectURIWasSent: true, codeChallenge: newName(), scope: "read write", resource: "https://api.example/",
            isRefreshable: true, terms: terms)
        return NewGrant(grant: grant, codeHash: newHash(), lifetimeSeconds: lifetimeSeconds)
    }

    /// The other way round: as empty as one can be.
    static func bare() -> NewGrant {
        let terms = GrantTerms(dpopThumbprint: nil, nonce: nil, authTime: nil, acr: nil, authorizationDetails: nil)
        let grant = Grant(
            grantID: newID(), clientID: "agent", subject: "user", redirectURI: "http://127.0.0.1:49152/callback",
            redirectURIWasSent: false, codeChallenge: nil, scope: "", resource: nil, isRefreshable: false, terms: terms)
        return NewGrant(grant: grant, codeHash: newHash(), lifetimeSeconds: 60)
    }
}

extension NewToken {
    static func access() -> NewToken { token(.access, 3600) }

    static func refresh(
        lifetimeSeconds: Int = 7200, scope: String? = nil, dpopThumbprint: String? = nil
    ) -> NewToken {
        token(.refresh, lifetimeSeconds, scope, dpopThumbprint)
    }

    private static func token(
        _ kind: TokenKind, _ lifetimeSeconds: Int, _ scope: String? = nil, _ dpopThumbprint: String? = nil
    ) -> NewToken {
        NewToken(
            kind: kind, tokenHash: newHash(), lifetimeSeconds: lifetimeSeconds, scope: scope,
            dpopThumbprint: dpopThumbprint)
    }
}
