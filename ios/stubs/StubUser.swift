import Dispatch

/// Who sits in front of the stubbed session: a test.
public struct StubUser: Sendable {
    /// Whoever starts a session in a task of this one starts it in front of this user. Without one nothing is shown.
    @TaskLocal public static var current: StubUser?

    let shown: @Sendable (StubPage) -> Bool
    let closed: @Sendable (StubPage) -> Void

    /// - Parameters:
    ///   - shown: The page is there. False: the system could not show it.
    ///   - closed: The program has closed the page.
    public init(
        shown: @escaping @Sendable (StubPage) -> Bool, closed: @escaping @Sendable (StubPage) -> Void
    ) {
        self.shown = shown
        self.closed = closed
    }
}

/// The page, in a test's hands.
public final class StubPage: @unchecked Sendable {
    // Sound: nothing changes but on the queue, and the handler is called there alone.
    public let url: URL
    /// What the session watches for: `https://host/path`, or a scheme and a colon.
    public let callback: String
    public let isEphemeral: Bool
    public let window: ASPresentationAnchor
    private let ended: (URL?, (any Error)?) -> Void
    // Apple's answers on a queue of its own too: a handler that takes itself for the main actor's traps.
    private let queue = DispatchQueue(label: "stub.AuthenticationServices")

    init(
        url: URL, callback: String, isEphemeral: Bool, window: ASPresentationAnchor,
        ended: @escaping (URL?, (any Error)?) -> Void
    ) {
        self.url = url
        self.callback = callback
        self.isEphemeral = isEphemeral
        self.window = window
        self.ended = ended
    }

    /// Ends the session, and again if a test wants it.
    public func complete(_ url: URL? = nil, with error: (any Error & Sendable)? = nil) {
        queue.async { self.ended(url, error) }
    }
}
