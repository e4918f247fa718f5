import Foundation

/// A promise that a grant store does not keep.
public struct BrokenPromise: Error, Hashable, Sendable {
    /// Which.
    public let promise: GrantStorePromise

    /// What was looked at when it broke: a call and its circumstances.
    public let circumstance: String

    /// What a good store gives there.
    public let expected: String

    /// What this one gave, or the error that it threw.
    public let actual: String
}

extension BrokenPromise: CustomStringConvertible, LocalizedError {
    /// All of it in one line.
    public var description: String { "\(promise): \(circumstance): expected \(expected), got \(actual)" }

    /// As ``description``.
    public var errorDescription: String? { description }
}

/// The promises that a grant store does not keep.
public struct BrokenPromises: Error, Hashable, Sendable {
    /// Each of them, with the first thing in which it broke.
    public let promises: [BrokenPromise]
}

extension BrokenPromises: CustomStringConvertible, LocalizedError {
    /// A line for each.
    public var description: String { promises.map(\.description).joined(separator: "\n") }

    /// As ``description``.
    public var errorDescription: String? { description }
}
