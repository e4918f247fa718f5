import Foundation
import Security

/// The Secure Enclave in memory, in a test's hands.
public final class StubEnclave: @unchecked Sendable {
    // Sound: reached under the lock alone.
    public static let shared = StubEnclave()

    private let lock = NSLock()
    private var keys: [Data: Curve.Key] = [:]
    private var isThere = true
    private var failure: (any Error)?
    private var protections: [CFString] = []

    /// Whether the device has one.
    public var isAvailable: Bool {
        get { lock.withLock { isThere } }
        set { lock.withLock { isThere = newValue } }
    }

    /// How the keys are protected that were made, in their order.
    public var protected: [CFString] { lock.withLock { protections } }

    /// The next key is not made.
    public func fail(_ error: any Error) { lock.withLock { failure = error } }

    /// As on another device: it knows none of these keys.
    public func forget(_ kept: Data) { lock.withLock { keys[kept] = nil } }

    func make(for control: SecAccessControl) throws -> (Data, Curve.Key) {
        try lock.withLock {
            if let failure {
                self.failure = nil
                throw failure
            }
            let (kept, key) = (Data(UUID().uuidString.utf8), Curve.Key())
            keys[kept] = key
            protections.append(control.protection)
            return (kept, key)
        }
    }

    func open(_ kept: Data) throws -> Curve.Key {
        guard let key = lock.withLock({ keys[kept] }) else { throw CryptoKitError.incorrectParameterSize }
        return key
    }
}
