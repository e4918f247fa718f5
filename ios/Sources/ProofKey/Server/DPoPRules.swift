import Foundation
internal import ProofKeyFFI

/// What a server asks of proofs of possession (RFC 9449).
public struct DPoPRules: Hashable, Sendable {
    /// Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2).
    public let isRequired: Bool

    /// How far a proof's time may be from the server's, in whole seconds, forward or back (RFC 9449 §11.1).
    public let window: Duration

    /// After this time there is a new nonce; the one before it is good for as long again. In whole seconds.
    public let nonceLifetime: Duration

    private let nonceKey: Data?

    /// What is asked.
    ///
    /// - Parameter nonceKey: The key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator, the
    ///   same on every node of the server. None: proofs need no nonce.
    public init(
        isRequired: Bool = false, window: Duration = .seconds(60), nonceKey: Data? = nil,
        nonceLifetime: Duration = .seconds(300)
    ) {
        self.isRequired = isRequired
        self.window = window
        self.nonceKey = nonceKey
        self.nonceLifetime = nonceLifetime
    }

    func native() throws -> ProofKeyFFI.ProofRules {
        ProofRules(
            required: isRequired, windowS: try wholeSeconds(window, "window"), nonceKey: nonceKey,
            nonceLifetimeS: try wholeSeconds(nonceLifetime, "nonceLifetime"))
    }
}

extension DPoPRules: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whether proofs are required; nothing of the key.
    public var description: String { "DPoPRules(isRequired: \(isRequired))" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror {
        Mirror(self, children: ["isRequired": isRequired, "window": window, "nonceLifetime": nonceLifetime])
    }
}

/// The proofs of possession that came with a request, and the request that they have to be for.
public struct DPoPProof: Hashable, Sendable {
    /// The request's method.
    public let method: String

    /// Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
    public let url: String

    private let fields: [String]

    /// The proofs of a request.
    ///
    /// - Parameter fields: The values of its header fields `DPoP`, each as it came. None proves nothing, and more than one is
    ///   refused (RFC 9449 §4.3).
    public init(fields: [String], method: String, url: String) {
        self.fields = fields
        self.method = method
        self.url = url
    }

    func native(under rules: ProofKeyFFI.ProofRules) -> RequestProof {
        RequestProof(fields: fields, method: method, url: url, now: secondsSinceTheEpoch(), rules: rules)
    }
}

extension DPoPProof: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Method and address; nothing of the proofs.
    public var description: String { "DPoPProof(\(method) \(url), \(fields.count) fields)" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// What is public, and nothing else.
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "url": url]) }
}
