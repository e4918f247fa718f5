#if canImport(AuthenticationServices) && !os(tvOS) && !os(watchOS)
    import AuthenticationServices

    /// One `ASWebAuthenticationSession`: shown on the main actor, over with its first answer.
    @MainActor
    struct WebSession {
        private typealias Answer = Result<String, WebAuthenticationError>

        private let session: ASWebAuthenticationSession
        private let answers: AsyncStream<Answer>
        // The session holds it weakly.
        private let window: Window

        /// Prepares it; nothing is shown yet.
        init(
            _ request: WebAuthenticationRequest, isEphemeral: Bool,
            over anchor: @MainActor () -> ASPresentationAnchor?
        ) throws {
            // Other addresses, and schemes that are none, raise an exception that ends the app.
            try WebAddress.check(request.url.absoluteString)
            let (answers, answered) = AsyncStream<Answer>.makeStream(bufferingPolicy: .bufferingOldest(1))
            let session = try Self.session(for: request) { url, error in
                answered.yield(Self.answer(url, error))
                answered.finish()
            }
            guard let anchor = anchor() else {
                throw WebAuthenticationError.failed("the app has no window to show the page over")
            }
            window = Window(anchor)
            session.presentationContextProvider = window
            session.prefersEphemeralWebBrowserSession = isEphemeral
            self.session = session
            self.answers = answers
        }

        /// Shows the page and waits for its end. A cancel of the task closes it.
        func redirect() async throws -> String {
            defer { withExtendedLifetime(window) {} }
            // Cancelled before it was shown: it is not.
            try Task.checkCancellation()
            guard session.start() else {
                throw WebAuthenticationError.failed("the system could not show the page")
            }
            for await answer in answers {
                return try answer.get()
            }
            session.cancel()
            throw CancellationError()
        }

        /// A session that watches for the redirect URI. The handler is called on any thread: `@Sendable` keeps it from
        /// being taken for the main actor's, which traps.
        private static func session(
            for request: WebAuthenticationRequest,
            ended: @escaping @Sendable (URL?, (any Error)?) -> Void
        ) throws -> ASWebAuthenticationSession {
            guard
                let target = URL(string: request.redirectURI),
                let parts = URLComponents(string: request.redirectURI), let scheme = parts.scheme?.lowercased()
            else {
                throw WebAuthenticationError.failed("the redirect URI is not one that the system can read")
            }
            switch scheme {
            case "https":
                guard #available(iOS 17.4, macOS 14.4, visionOS 1.1, *) else {
                    throw WebAuthenticationError.failed(
                        "an https redirect reaches an app from iOS 17.4 and macOS 14.4 on; "
                            + "this system needs a private-use scheme")
                }
                let callback = ASWebAuthenticationSession.Callback.https(host: parts.host ?? "", path: parts.path)
                // Else the redirect would come and never be seen.
                guard callback.matchesURL(target) else {
                    throw WebAuthenticationError.failed("the system cannot watch for this redirect URI")
                }
                return ASWebAuthenticationSession(url: request.url, callback: callback, completionHandler: ended)
            case "http":
                throw WebAuthenticationError.failed(
                    "a loopback redirect does not reach an app; "
                        + "give redirectURI a private-use scheme or a claimed https link")
            default:
                return ASWebAuthenticationSession(
                    url: request.url, callbackURLScheme: scheme, completionHandler: ended)
            }
        }

        /// What the session ended with. The URL stays as it came: decoding is the core's.
        private nonisolated static func answer(_ url: URL?, _ error: (any Error)?) -> Answer {
            guard let error else {
                guard let url else { return .failure(.failed("the page ended without a redirect")) }
                return .success(url.absoluteString)
            }
            guard let known = error as? ASWebAuthenticationSessionError else {
                return .failure(.failed(error.localizedDescription))
            }
            switch known.code {
            case .canceledLogin:
                // Also said where the app may not use the domain of an https redirect. The user's cancel has no reason.
                let reasons = [NSLocalizedFailureReasonErrorKey, NSLocalizedDescriptionKey, NSDebugDescriptionErrorKey]
                let reason = reasons.lazy.compactMap { known.errorUserInfo[$0] as? String }.first
                return .failure(reason.map(WebAuthenticationError.failed) ?? .dismissed)
            case .presentationContextNotProvided, .presentationContextInvalid:
                return .failure(.failed("the window that the page was to be shown over cannot be used"))
            @unknown default:
                return .failure(.failed(error.localizedDescription))
            }
        }

        /// Tells the session its window.
        @MainActor private final class Window: NSObject, ASWebAuthenticationPresentationContextProviding {
            private let anchor: ASPresentationAnchor

            init(_ anchor: ASPresentationAnchor) {
                self.anchor = anchor
            }

            // The system asks on the main thread; not every SDK says so.
            nonisolated func presentationAnchor(for _: ASWebAuthenticationSession) -> ASPresentationAnchor {
                MainActor.assumeIsolated { anchor }
            }
        }
    }
#endif
