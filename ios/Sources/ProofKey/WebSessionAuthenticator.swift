#if canImport(AuthenticationServices) && !os(tvOS) && !os(watchOS)
    import AuthenticationServices

    #if canImport(UIKit)
        import UIKit
    #elseif canImport(AppKit)
        import AppKit
    #endif

    /// Shows the page in the system's sheet, `ASWebAuthenticationSession`, and receives the redirect from it. For iOS,
    /// visionOS and macOS.
    ///
    /// The redirect arrives at the `redirectURI` of the client: a private-use scheme (RFC 8252 §7.1), which need not
    /// be registered in Info.plist, or, from iOS 17.4 and macOS 14.4 on, a claimed `https` link (RFC 8252 §7.2), whose
    /// host the app names in its Associated Domains with the service `webcredentials`. Prefer the link: another app can
    /// watch for the same scheme in a browser, and PKCE is then all that stands between it and the tokens.
    ///
    /// ```swift
    /// let client = try ProofKeyClient(
    ///     …, redirectURI: "com.example.app:/callback", authenticator: WebSessionAuthenticator())
    /// ```
    public struct WebSessionAuthenticator: WebAuthenticator {
        private let isEphemeral: Bool
        private let anchor: @MainActor @Sendable () -> ASPresentationAnchor?

        /// With the window over which the page is shown.
        ///
        /// - Parameters:
        ///   - prefersEphemeralSession: Asks for a browser that knows nothing of earlier sign-ins and keeps nothing of
        ///     this one. The user then signs in with a password each time, and is not asked whether the app may see
        ///     what the browser knows.
        ///   - anchor: The window, asked for when a sign-in needs it. Without one the sign-in fails with
        ///     `browser_failed`.
        public init(
            prefersEphemeralSession: Bool = false,
            over anchor: @escaping @MainActor @Sendable () -> ASPresentationAnchor?
        ) {
            isEphemeral = prefersEphemeralSession
            self.anchor = anchor
        }

        /// Shows the page over the window in which the user works. An app extension has no such window: it gives one.
        ///
        /// - Parameter prefersEphemeralSession: As for ``init(prefersEphemeralSession:over:)``.
        @available(iOSApplicationExtension, unavailable)
        public init(prefersEphemeralSession: Bool = false) {
            self.init(prefersEphemeralSession: prefersEphemeralSession) { Self.activeWindow() }
        }

        #if canImport(UIKit)
            @available(iOSApplicationExtension, unavailable)
            @MainActor private static func activeWindow() -> ASPresentationAnchor? {
                let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
                let scene = scenes.first { $0.activationState == .foregroundActive } ?? scenes.first
                return scene?.keyWindow ?? scene?.windows.first
            }
        #else
            @MainActor private static func activeWindow() -> ASPresentationAnchor? {
                NSApplication.shared.keyWindow ?? NSApplication.shared.mainWindow
            }
        #endif

        /// Shows the page and gives the one redirect that can arrive: a session is over after it.
        public func redirects(for request: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
            AsyncThrowingStream { redirects in
                let task = Task { @MainActor in
                    do {
                        let session = try WebSession(request, isEphemeral: isEphemeral, over: anchor)
                        redirects.yield(try await session.redirect())
                        redirects.finish()
                    } catch {
                        redirects.finish(throwing: error)
                    }
                }
                redirects.onTermination = { _ in task.cancel() }
            }
        }
    }
#endif
