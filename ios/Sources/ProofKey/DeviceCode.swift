import Foundation
internal import ProofKeyFFI

/// What the user is shown to sign in on another device (RFC 8628 §3.3). It is for the person in front of this device alone.
///
/// Show the address, the code and the advice, all three: whoever is talked into entering somebody else's code signs that
/// somebody in.
public struct DeviceCode: Hashable, Sendable {
    /// What to enter.
    public let userCode: String

    /// Where to enter it.
    public let verificationURI: String

    /// The same with the code in it, for a QR code. The user compares the code all the same (RFC 8628 §3.3.1).
    public let verificationURIComplete: String?

    /// How long the code is good for.
    public let expiresIn: Duration

    /// What to tell the user against phishing, in one sentence (RFC 8628 §5.4).
    public let advice: String

    /// Shows it, for as long as its task runs; see ``Interaction/device``.
    public typealias Show = @Sendable (DeviceCode) async throws -> Void
}

extension DeviceCode {
    init(_ native: ProofKeyFFI.DeviceCode) {
        userCode = native.userCode
        verificationURI = native.verificationUri
        verificationURIComplete = native.verificationUriComplete
        expiresIn = .seconds(Int64(clamping: native.expiresInS))
        advice = native.advice
    }

    /// As a program shows it that has a terminal and no way of its own.
    var text: String {
        let minutes = (expiresIn.components.seconds + 59) / 60
        return """

            To sign in, open this address on any device within \(minutes) min:

              \(verificationURI)

            and enter the code:

              \(userCode)

            \(advice)

            """
    }
}
