import Foundation
import ProofKeyFFI

/// A proof that waits for a signature of the platform: of tokens that a whole flow has given.
enum Unsigned {
    static func proof() throws -> UnsignedProof {
        let key = Curve.Key()
        let flow = try Access(config: config, goal: .signIn, run: AccessRun())
        var event = Event.start
        while true {
            switch try flow.advance(event: event, now: 1) {
            case .key: event = .publicKey(sec1: key.sec1)
            case .sign(_, _, let input): event = .signed(signature: key.signature(of: input.utf8))
            case .browse(let url, _, _): event = .redirect(uri: comingBack(from: URL(string: url)!).absoluteString)
            case .send: event = .response(response: response)
            case .load: event = .loaded(revision: 0, value: nil)
            case .lock: event = .locked
            case .swap: event = .swapped(swapped: true)
            case .unlock: event = .ok
            case .done:
                let tokens = try flow.outcome()?.tokens
                let asked = try tokens?.authorizeNow(method: "GET", url: "https://api.example/", now: 1, nonces: nil)
                guard case .sign(_, _, _, let proof) = asked else { throw Missing(what: "an unsigned proof") }
                return proof
            case let step: throw Missing(what: "an answer to \(step)")
            }
        }
    }

    private static let config = AccessConfig(
        issuer: "https://as.example", resource: "https://api.example",
        endpoints: Endpoints(
            authorizationEndpoint: "https://as.example/a", tokenEndpoint: "https://as.example/t",
            revocationEndpoint: nil, issPromised: false),
        clientId: "agent", clientDocument: nil, clientName: nil, scopes: [], account: nil,
        redirect: .fixed(uri: "https://app.example/callback"), paste: false, browseTimeoutMs: 60_000,
        extraParameters: [], allowMissingS256: [], resumable: false, dpop: .required, dpopKey: "a key")

    private static let response = HttpResponse(
        status: 200, headers: [Header(name: "Content-Type", value: "application/json")],
        body: Data(tokens.replacing("Bearer", with: "DPoP").utf8))
}
