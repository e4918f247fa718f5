import Foundation
internal import ProofKeyFFI

/// Why a ``TokenStore`` could not do what it was asked. The client gives it out as a ``ProofKeyError`` of this code.
public struct TokenStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable code; empty for any failure.
    let code: String

    /// What happened, in the store's words. No secret may stand in it: it is shown.
    public let description: String

    /// Something went wrong: `store_failed`.
    public static func failed(_ reason: String) -> Self { Self(code: "", description: reason) }

    /// There is no room: `store_full`.
    public static func full(_ reason: String) -> Self { Self(.storeFull, reason) }

    /// The store may not be used: `store_denied`.
    public static func denied(_ reason: String) -> Self { Self(.storeDenied, reason) }

    /// Others can read or write what it holds: `store_insecure`.
    public static func insecure(_ reason: String) -> Self { Self(.storeInsecure, reason) }

    /// What it holds is damaged, and out of the way: `store_unreadable`.
    public static func unreadable(_ reason: String) -> Self { Self(.storeUnreadable, reason) }

    /// The system's keyring does not answer: `keyring_unavailable`.
    public static func keyringUnavailable(_ reason: String) -> Self { Self(.keyringUnavailable, reason) }

    private init(_ code: ProofKeyError.Code, _ reason: String) {
        self.init(code: code.rawValue, description: reason)
    }

    private init(code: String, description: String) {
        self.code = code
        self.description = description
    }
}

extension TokenStoreError {
    /// Any error of a store, as one of these.
    static func wrapping(_ error: any Error) -> TokenStoreError {
        switch error {
        case let error as TokenStoreError: error
        case let error as ProofKeyError:
            // Its message begins with what the code says by itself; the flow says that again.
            TokenStoreError(
                code: error.code.rawValue,
                description: withoutPrefix(error.message, ProofKeyError.ofStore(error.code.rawValue, "").message))
        default: .failed(error.localizedDescription)
        }
    }

    private static func withoutPrefix(_ text: String, _ prefix: String) -> String {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }
}

extension ProofKeyError {
    /// The error of a store with this code.
    static func ofStore(_ code: String, _ detail: String) -> ProofKeyError {
        do {
            try storeError(code: code, detail: detail)
            return .internalError
        } catch {
            return ProofKeyError(crossing: error)
        }
    }
}
