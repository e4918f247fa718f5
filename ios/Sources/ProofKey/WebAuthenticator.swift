import Foundation

/// Shows the user the authorization server's page and receives what comes back.
///
/// Phones and desktops differ in this alone. ``LoopbackAuthenticator`` is the one for macOS and Linux.
public protocol WebAuthenticator: Sendable {
    /// Shows the page and gives the redirects that arrive, one after the other.
    ///
    /// A redirect may be noise that anyone sent: ProofKey judges each, and asks for the next where it was none of this
    /// sign-in's. A stream that can give only one ends after it.
    ///
    /// The stream throws ``WebAuthenticationError``; the text of any other error is shown to the user as the reason why no
    /// browser could be opened. When it is no longer read (`onTermination`), whatever the page is shown in is to be closed,
    /// as far as that is possible. ProofKey waits no longer than the request says, whether the stream ends or not.
    ///
    /// - Parameter request: What to show, and where the redirect will arrive.
    /// - Returns: Whole URIs, undecoded, as the system gave them.
    func redirects(for request: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error>
}

/// A page to be shown to the user, and where the redirect will arrive.
public struct WebAuthenticationRequest: Sendable {
    /// The authorization server's page. Give it to the browser as one argument, never to a shell.
    public let url: URL

    /// Where the redirect will arrive, for platforms that must be told.
    public let redirectURI: String

    /// How long the user may take.
    public let timeout: Duration

    /// The receiver, where the redirect arrives on loopback.
    let loopback: Loopback?
}

/// Why no redirect came.
public struct WebAuthenticationError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Reason: Hashable, Sendable {
        case dismissed
        case timedOut
        case failed
    }

    let reason: Reason

    /// What happened. No secret stands in it.
    public let description: String

    /// The user closed the browser.
    public static let dismissed = Self(reason: .dismissed, description: "the user closed the browser")

    /// The user took longer than the request allows.
    public static let timedOut = Self(reason: .timedOut, description: "the user took too long")

    /// No browser could be opened.
    ///
    /// - Parameter reason: Why, in the platform's words. It becomes part of a message: no secret may stand in it.
    public static func failed(_ reason: String) -> Self {
        Self(reason: .failed, description: reason)
    }
}
