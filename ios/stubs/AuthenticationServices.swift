// The part of AuthenticationServices that ios/Sources uses, for machines without it. Declarations as in Apple's
// documentation; who sits in front of it is a test (`StubUser`), of which Apple's has nothing.
@_exported import Foundation

#if canImport(UIKit)
    @_exported import UIKit
    /// The window over which a session shows its page.
    public typealias ASPresentationAnchor = UIWindow
#else
    @_exported import AppKit
    /// The window over which a session shows its page.
    public typealias ASPresentationAnchor = NSWindow
#endif

/// Who tells a session its window.
@MainActor public protocol ASWebAuthenticationPresentationContextProviding: NSObjectProtocol {
    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor
}

/// Why a session ended without a redirect.
public struct ASWebAuthenticationSessionError: CustomNSError, Sendable {
    public enum Code: Int, Sendable {
        case canceledLogin = 1
        case presentationContextNotProvided = 2
        case presentationContextInvalid = 3
    }

    public static let errorDomain = "com.apple.AuthenticationServices.WebAuthenticationSession"
    public let code: Code
    private let userInfo: [String: any Sendable]

    public init(_ code: Code, userInfo: [String: any Sendable] = [:]) {
        self.code = code
        self.userInfo = userInfo
    }

    public var errorCode: Int { code.rawValue }
    public var errorUserInfo: [String: Any] { userInfo }
}

/// A session in front of a test. Not Sendable and not the main actor's, as Apple's.
open class ASWebAuthenticationSession: NSObject {
    public typealias CompletionHandler = (URL?, (any Error)?) -> Void

    public final class Callback: NSObject {
        /// For tests: `https://host/path`, or a scheme and a colon.
        fileprivate let target: String
        private let matches: (URL) -> Bool

        private init(_ target: String, _ matches: @escaping (URL) -> Bool) {
            self.target = target
            self.matches = matches
        }

        public static func customScheme(_ customScheme: String) -> Callback {
            Callback("\(customScheme):") { $0.scheme == customScheme }
        }

        public static func https(host: String, path: String) -> Callback {
            Callback("https://\(host)\(path)") { $0.scheme == "https" && $0.host() == host && $0.path() == path }
        }

        public func matchesURL(_ url: URL) -> Bool { matches(url) }
    }

    weak open var presentationContextProvider: (any ASWebAuthenticationPresentationContextProviding)?
    open var prefersEphemeralWebBrowserSession = false
    private let url: URL
    private let callback: Callback
    private let ended: CompletionHandler
    private var page: StubPage?

    public init(url URL: URL, callbackURLScheme: String?, completionHandler: @escaping CompletionHandler) {
        url = URL
        callback = .customScheme(callbackURLScheme ?? "")
        ended = completionHandler
    }

    public init(url URL: URL, callback: Callback, completionHandler: @escaping CompletionHandler) {
        url = URL
        self.callback = callback
        ended = completionHandler
    }

    @discardableResult open func start() -> Bool {
        dispatchPrecondition(condition: .onQueue(.main))
        // Apple's raises an exception.
        precondition(["http", "https"].contains(url.scheme), "an address that is none of the web's")
        guard page == nil, let user = StubUser.current, let provider = presentationContextProvider else { return false }
        // Sound: this is the main thread.
        nonisolated(unsafe) let (asked, session) = (provider, self)
        let anchor = MainActor.assumeIsolated { asked.presentationAnchor(for: session) }
        let page = StubPage(
            url: url, callback: callback.target, isEphemeral: prefersEphemeralWebBrowserSession, window: anchor,
            ended: ended)
        self.page = page
        return user.shown(page)
    }

    open func cancel() {
        dispatchPrecondition(condition: .onQueue(.main))
        guard let page else { return }
        page.complete(with: ASWebAuthenticationSessionError(.canceledLogin))
        StubUser.current?.closed(page)
    }
}
