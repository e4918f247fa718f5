import Foundation
import ProofKey

/// A place for keys, as a platform has it: what it is asked for, and how it fails.
final class SoftwareSigner: ProofKeySigner {
    enum Form: Sendable {
        case raw
        case der
        case nonsense
    }

    private let keys = Box<[String: Curve.Key]>([:])
    private let form: Form
    private let before: @Sendable () async throws -> Void
    /// How often it has signed.
    let signatures = Box(0)

    /// - Parameter before: Is called before a signature.
    init(_ form: Form = .raw, before: @escaping @Sendable () async throws -> Void = {}) {
        self.form = form
        self.before = before
    }

    /// Its keys are gone.
    func forget() { keys.change { $0 = [:] } }

    func publicKey(keyID: String) async throws -> Data {
        keys.change { $0[keyID] = $0[keyID] ?? Curve.Key() }
        return keys.value[keyID]!.sec1
    }

    func sign(keyID: String, input: Data) async throws -> Data {
        try await before()
        guard let key = keys.value[keyID] else { throw SignerError(.keyGone, "the key is gone") }
        signatures.change { $0 += 1 }
        let signature = key.signature(of: input)
        switch form {
        case .raw: return signature
        case .der: return Curve.der(signature)
        case .nonsense: return Data(count: 64)
        }
    }
}

/// A token endpoint that binds what it issues, and looks at no proof.
struct Bound {
    let endpoint: TokenEndpoint

    /// - Parameter first: What it answers to the first request, where that is another thing.
    init(first: (@Sendable (Connection) -> Void)? = nil) throws {
        let isFirst = Box(first != nil)
        let tokens = respond(
            #"{"access_token":"canary-token-1","refresh_token":"canary-refresh-1","token_type":"DPoP","#
                + #""expires_in":3600}"#)
        endpoint = try TokenEndpoint { connection in
            let answer = isFirst.value ? first ?? tokens : tokens
            isFirst.change { $0 = false }
            answer(connection)
        }
    }

    func client(
        resource: String? = nil, signer: (any ProofKeySigner)? = nil, store: any TokenStore = MemoryTokenStore()
    ) throws -> ProofKeyClient {
        try endpoint.client(resource: resource, store: store, dpop: .required, signer: signer)
    }
}
