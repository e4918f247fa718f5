import Foundation

/// Opens the user's browser, and receives the redirect on the loopback address (RFC 8252 §7.3). For macOS and Linux.
public struct LoopbackAuthenticator: WebAuthenticator {
    private let open: @Sendable (URL) async throws -> Void
    /// Whether something on this machine can show a page.
    let hasBrowser: @Sendable () -> Bool

    /// With a function that opens or shows the address.
    ///
    /// - Parameter open: It may return when the page is shown or when its window is closed. An error that it throws ends
    ///   the sign-in, and its text becomes part of the sign-in's.
    public init(open: @escaping @Sendable (URL) async throws -> Void) {
        self.open = open
        hasBrowser = { true }
    }

    private init(
        open: @escaping @Sendable (URL) async throws -> Void, hasBrowser: @escaping @Sendable () -> Bool
    ) {
        self.open = open
        self.hasBrowser = hasBrowser
    }

    #if os(macOS) || os(Linux)
        /// With the program that the environment variable `BROWSER` names, else the system's browser.
        ///
        /// `BROWSER` names **one** program, which gets the address as its only argument. Lists and templates (`a:b`, `x %s`)
        /// are not expanded: that is how addresses have ended up in shells.
        public init() {
            self.init(open: { try await Browser.openSystem($0) }, hasBrowser: { Browser.isThere() })
        }

        /// With this program, which gets the address as its only argument.
        public init(browser: URL) {
            self.init { try Browser.launch(browser.path, $0) }
        }
    #else
        /// Always fails: there is no browser program to be started here.
        public init() {
            self.init { _ in
                throw WebAuthenticationError.failed("this platform has no loopback browser; name an authenticator")
            }
        }
    #endif

    /// Opens the browser and gives the redirects that arrive on loopback.
    public func redirects(for request: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
        let deadline = ContinuousClock.now + request.timeout
        return AsyncThrowingStream { redirects in
            guard let loopback = request.loopback else {
                redirects.finish(
                    throwing: WebAuthenticationError.failed("only a loopback redirect can be received here"))
                return
            }
            // Beside the wait: what opens the browser may stay for as long as its window.
            let opening = Task {
                do {
                    try WebAddress.check(request.url.absoluteString)
                    try await open(request.url)
                } catch {
                    redirects.finish(throwing: error)
                }
            }
            let waiting = Task {
                do {
                    for try await uri in loopback.redirects(until: deadline) { redirects.yield(uri) }
                    redirects.finish(throwing: CancellationError())
                } catch {
                    redirects.finish(throwing: error)
                }
            }
            redirects.onTermination = { _ in
                opening.cancel()
                waiting.cancel()
            }
        }
    }
}
