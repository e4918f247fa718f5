import Foundation
import ProofKey
import Testing

/// A value that many threads share.
final class Box<Value: Sendable>: @unchecked Sendable {
    // Sound: reached under the lock alone.
    private var inner: Value
    private let lock = NSLock()

    init(_ value: Value) { inner = value }

    var value: Value { lock.withLock { inner } }

    func change(_ body: (inout Value) -> Void) { lock.withLock { body(&inner) } }
}

/// Something that happens once.
final class Signal: Sendable {
    private let condition = Condition()

    private final class Condition: @unchecked Sendable {
        // Sound: reached under the lock alone.
        var isSet = false
        let lock = NSCondition()
    }

    func set() {
        condition.lock.lock()
        condition.isSet = true
        condition.lock.broadcast()
        condition.lock.unlock()
    }

    /// Blocks; false at the deadline.
    @discardableResult
    func wait() -> Bool {
        let deadline = Date(timeIntervalSinceNow: Double(seconds))
        condition.lock.lock()
        defer { condition.lock.unlock() }
        while !condition.isSet {
            if !condition.lock.wait(until: deadline) { return false }
        }
        return true
    }

    /// Without holding a thread of Swift's.
    func happened() async throws {
        let set = try await onThread { self.wait() }
        try #require(set, "it did not happen within \(seconds) s")
    }
}

/// The error that a call ends with, which must be one of ProofKey's.
func failure<Value>(
    _ location: SourceLocation = #_sourceLocation, of call: () async throws -> Value
) async throws -> ProofKeyError {
    do {
        _ = try await call()
    } catch let error as ProofKeyError {
        return error
    }
    Issue.record("it did not fail", sourceLocation: location)
    throw Missing(what: "an error")
}
