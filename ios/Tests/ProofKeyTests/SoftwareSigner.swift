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
