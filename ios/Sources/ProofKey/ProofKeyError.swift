import Foundation
internal import ProofKeyFFI

/// Something went wrong. No text in it holds a secret.
///
/// ```swift
/// do {
///     let tokens = try await client.signIn()
/// } catch let error as ProofKeyError where error.family == .retry {
///     // later
/// } catch let error as ProofKeyError where error.code == .accessDenied {
///     // the user said no
/// }
/// ```
public struct ProofKeyError: Error, Hashable, Sendable {
    /// What went wrong: stable across versions and languages.
    public let code: Code

    /// What can be done about it.
    public let family: Family

    /// What was wrong and what was expected.
    public let message: String

    /// What to do, in one sentence for the person who runs the program.
    public let advice: String

    /// What can be done about an error. There are four, and there will not be more.
    public enum Family: String, CaseIterable, Hashable, Sendable {
        /// Nothing is wrong with the request: try again later.
        case retry
        /// This sign-in cannot be completed: start a new one, with the user.
        case signInAgain = "sign_in_again"
        /// A setting of the program or of the server is wrong: trying again will not help.
        case fixConfiguration = "fix_configuration"
        /// The user said no.
        case userCancelled = "user_cancelled"
    }
}

extension ProofKeyError: LocalizedError, CustomStringConvertible {
    /// What was wrong, and what to do.
    public var description: String { "\(message). \(advice)" }

    /// What was wrong, and what to do.
    public var errorDescription: String? { description }

    /// What was wrong.
    public var failureReason: String? { message }

    /// What to do.
    public var recoverySuggestion: String? { advice }
}

extension ProofKeyError {
    /// The error that crossed. What is none of the library's own is a mistake inside ProofKey.
    init(crossing error: any Error) {
        if let ours = error as? ProofKeyError {
            self = ours
            return
        }
        guard
            case .Failed(let code, let family, let text, let advice)? =
                error as? ProofKeyFFI.ProofKeyError
        else {
            self = .internalError
            return
        }
        self.init(
            code: Code(rawValue: code), family: Family(family), message: text, advice: advice)
    }

    static let internalError = ProofKeyError(
        code: .internalError,
        family: .fixConfiguration,
        message: "something went wrong inside ProofKey",
        advice: "Start anew with a new object, and report it."
    )

    static func invalidConfiguration(_ message: String, advice: String? = nil) -> ProofKeyError {
        ProofKeyError(
            code: .invalidConfiguration,
            family: .fixConfiguration,
            message: message,
            advice: advice ?? "Correct this setting and start again."
        )
    }
}

extension ProofKeyError.Family {
    init(_ family: ProofKeyFFI.Family) {
        switch family {
        case .retry: self = .retry
        case .signInAgain: self = .signInAgain
        case .fixConfiguration: self = .fixConfiguration
        case .userCancelled: self = .userCancelled
        }
    }
}

/// Calls into the library; its error becomes ours.
func crossing<Result>(_ call: () throws -> Result) throws -> Result {
    do {
        return try call()
    } catch {
        throw ProofKeyError(crossing: error)
    }
}
