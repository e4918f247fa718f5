// The part of CryptoKit that ios/Sources uses, for machines without it. Declarations as in Apple's documentation; the
// arithmetic is that of the tests, and the enclave is `StubEnclave`, of which Apple's has nothing.
@_exported import Foundation
import Security

/// NIST P-256.
public enum P256 {
    /// Of ECDSA.
    public enum Signing {
        /// The public half of a key.
        public struct PublicKey: Sendable {
            /// The point, uncompressed (ANSI X9.63).
            public let x963Representation: Data
        }

        /// A signature.
        public struct ECDSASignature: Sendable {
            /// r and s, 32 bytes each.
            public let rawRepresentation: Data
        }
    }
}

/// Why something of CryptoKit's failed.
public enum CryptoKitError: Error {
    /// What was given is none of these.
    case incorrectParameterSize
}

/// The Secure Enclave.
public enum SecureEnclave {
    /// Whether there is one.
    public static var isAvailable: Bool { StubEnclave.shared.isAvailable }

    /// NIST P-256.
    public enum P256 {
        /// Of ECDSA.
        public enum Signing {
            /// A key in the enclave.
            public struct PrivateKey: Sendable {
                private let key: Curve.Key

                /// What the enclave alone can open.
                public let dataRepresentation: Data

                /// Makes a key. Apple's takes a context of LocalAuthentication too.
                public init(compactRepresentable _: Bool = true, accessControl: SecAccessControl) throws {
                    guard accessControl.flags.contains(.privateKeyUsage) else {
                        throw CryptoKitError.incorrectParameterSize
                    }
                    (dataRepresentation, key) = try StubEnclave.shared.make(for: accessControl)
                }

                /// Opens what was given out.
                public init(dataRepresentation: Data) throws {
                    self.dataRepresentation = dataRepresentation
                    key = try StubEnclave.shared.open(dataRepresentation)
                }

                /// Its public half.
                public var publicKey: CryptoKit.P256.Signing.PublicKey {
                    .init(x963Representation: key.sec1)
                }

                /// Hashes by SHA-256, and signs.
                public func signature(for data: some DataProtocol) throws -> CryptoKit.P256.Signing.ECDSASignature {
                    .init(rawRepresentation: key.signature(of: data))
                }
            }
        }
    }
}
