import Foundation
import ProofKey
import Testing

/// A client that proves that it has a key (RFC 9449 §4.2).
struct Proving {
    private let key = Curve.Key()

    static let tokenEndpoint = "https://as.example/token"

    func field(
        _ method: String = "POST", _ url: String = tokenEndpoint, token: String? = nil, nonce: String? = nil
    ) throws -> String {
        let point = key.sec1
        let jwk = ["kty": "EC", "crv": "P-256", "x": text(point[1..<33]), "y": text(point[33..<65])]
        var claims: [String: Any] = [
            "jti": UUID().uuidString, "htm": method, "htu": url, "iat": Int(Date().timeIntervalSince1970),
        ]
        claims["ath"] = token.map { SHA256.challenge(of: $0) }
        claims["nonce"] = nonce
        let header: [String: Any] = ["typ": "dpop+jwt", "alg": "ES256", "jwk": jwk]
        let head = try JSONSerialization.data(withJSONObject: header)
        let input = text(head) + "." + text(try JSONSerialization.data(withJSONObject: claims))
        return input + "." + text(key.signature(of: Data(input.utf8)))
    }

    func proof(nonce: String? = nil) throws -> DPoPProof {
        DPoPProof(fields: [try field(nonce: nonce)], method: "POST", url: Self.tokenEndpoint)
    }

    func proof(of token: String) throws -> DPoPProof {
        DPoPProof(fields: [try field("GET", Kit.resource, token: token)], method: "GET", url: Kit.resource)
    }

    private func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// Tokens that are bound to a key, over both stores.
@Suite struct ServerProofTests {
    private func access(
        _ server: AuthorizationServer, _ authorization: String, _ proof: DPoPProof?
    ) async throws -> Int {
        switch try await server.check(authorization: authorization, audience: Kit.resource, proof: proof) {
        case .granted: 200
        case .refused(let status, _): status
        }
    }

    @Test(arguments: StoreChoice.allCases) func aBoundTokenServesItsKeyAlone(_ choice: StoreChoice) async throws {
        let folder = try Folder()
        let server = try Kit.over(try await choice.make(in: folder))
        let (client, thief) = (Proving(), Proving())
        let proof = try client.proof()
        let answer = try await server.posted(Kit.redemption(of: try await server.code()), proof: proof)
        #expect(answer.status == 200)
        #expect(try answer.word("token_type") == "DPoP")
        let token = try answer.word("access_token")
        let shown = try client.proof(of: token)
        #expect(try await access(server, "DPoP \(token)", shown) == 200)
        #expect(try await access(server, "DPoP \(token)", shown) == 401, "a proof was used twice")
        #expect(try await access(server, "DPoP \(token)", try client.proof(of: token)) == 200)
        #expect(try await access(server, "DPoP \(token)", try thief.proof(of: token)) == 401)
        #expect(try await access(server, "DPoP \(token)", nil) == 401)
        #expect(try await access(server, "Bearer \(token)", nil) == 401)
        // Refresh tokens of public clients are bound, too (RFC 9449 §5).
        let refresh = Kit.refresh(try answer.word("refresh_token"))
        #expect(try await server.posted(refresh).status == 400)
        #expect(try await server.posted(refresh, proof: try thief.proof()).status == 400)
        #expect(try await server.posted(refresh, proof: try client.proof()).status == 200)
        let used = try await server.posted(Kit.redemption(of: try await server.code()), proof: proof)
        #expect(used.status == 400 && used.issued == nil, "a proof was used twice")
        #expect(!"\(proof) \(Mirror(reflecting: proof).children.map(\.value))".contains("eyJ"))
    }

    @Test func aServerMayDemandProofsWithItsNonces() async throws {
        let rules = DPoPRules(isRequired: true, nonceKey: Data((0..<32).map { UInt8($0) }))
        let server = try Kit.over(MemoryGrantStore(), proofs: rules)
        let (client, code) = (Proving(), try await server.code())
        #expect(try await server.posted(Kit.redemption(of: code)).status == 400)
        let told = try await server.posted(Kit.redemption(of: code), proof: try client.proof())
        #expect(told.status == 400)
        let nonce = try #require(told.header("DPoP-Nonce"))
        let answer = try await server.posted(Kit.redemption(of: code), proof: try client.proof(nonce: nonce))
        #expect(answer.status == 200)
        #expect(Mirror(reflecting: rules).children.map(\.label) == ["isRequired", "window", "nonceLifetime"])
    }

    /// Without a memory a proof could be used twice.
    @Test func aStoreWithoutAMemoryTakesNoProofs() async throws {
        let store = Forgetful()
        let server = try Kit.over(store)
        let code = try await server.code()
        let answer = try await server.posted(Kit.redemption(of: code), proof: try Proving().proof())
        #expect(try answer.word("token_type") == "Bearer")
        #expect(throws: ProofKeyError.self) { try Kit.over(store, proofs: DPoPRules()) }
    }
}

/// A store that is no `ProofStore`.
private struct Forgetful: GrantStore {
    private let inner = MemoryGrantStore()

    func put(_ grant: NewGrant) async throws -> Bool { await inner.put(grant) }
    func find(_ grantID: String, codeHash: Data) async throws -> (row: GrantRow?, now: Int) {
        await inner.find(grantID, codeHash: codeHash)
    }
    func claim(_ grantID: String, codeHash: Data, maxMismatches: Int, tokens: [NewToken]) async throws -> Bool {
        await inner.claim(grantID, codeHash: codeHash, maxMismatches: maxMismatches, tokens: tokens)
    }
    func rotate(_ grantID: String, tokenHash: Data, reuseWindowSeconds: Int, tokens: [NewToken]) async throws -> Bool {
        await inner.rotate(grantID, tokenHash: tokenHash, reuseWindowSeconds: reuseWindowSeconds, tokens: tokens)
    }
    func count(_ grantID: String) async throws { await inner.count(grantID) }
    func revoke(_ grantID: String) async throws { await inner.revoke(grantID) }
    func findToken(_ grantID: String, tokenHash: Data) async throws -> (row: TokenRow?, now: Int) {
        await inner.findToken(grantID, tokenHash: tokenHash)
    }
}
