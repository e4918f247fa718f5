#if canImport(AuthenticationServices) && canImport(Glibc)
    import AuthenticationServices
    import Foundation
    import ProofKey
    import Testing

    /// The window of the tests' app.
    let window = UIWindow()

    /// An app's client that ends up at this endpoint.
    extension TokenEndpoint {
        func app(
            redirectURI: String? = "com.example.app:/callback", ephemeral: Bool = false,
            timeout: Duration = .seconds(60), over anchor: @escaping @MainActor @Sendable () -> UIWindow? = { window }
        ) throws -> ProofKeyClient {
            let authenticator = WebSessionAuthenticator(prefersEphemeralSession: ephemeral, over: anchor)
            return try client(by: authenticator, redirectURI: redirectURI, timeout: timeout)
        }
    }

    /// Somebody who sits in front of the stubbed session, and what they saw.
    final class Somebody: Sendable {
        private let pages = Box<[StubPage]>([])
        private let gone = Box<[ObjectIdentifier: Signal]>([:])
        /// A page was shown.
        let seen = Signal()
        private let act: @Sendable (StubPage) -> Bool

        /// Whoever does this with a page that is shown; false where the system cannot show it.
        init(_ act: @escaping @Sendable (StubPage) -> Bool) {
            self.act = act
        }

        /// Who comes back so, and no further.
        static func answering(_ answer: @escaping @Sendable (URL) -> URL) -> Somebody {
            Somebody {
                $0.complete(answer($0.url))
                return true
            }
        }

        /// Who meets this error.
        static func meeting(_ error: (any Error & Sendable)?) -> Somebody {
            Somebody {
                $0.complete(with: error)
                return true
            }
        }

        /// Who never comes back.
        static var absent: Somebody { Somebody { _ in true } }

        /// The pages that were shown.
        var shown: [StubPage] { pages.value }

        /// Waits until the program has closed a page.
        func closed(_ page: StubPage) async throws {
            try await signal(of: page).happened()
        }

        private func signal(of page: StubPage) -> Signal {
            let key = ObjectIdentifier(page)
            gone.change { if $0[key] == nil { $0[key] = Signal() } }
            return gone.value[key] ?? Signal()
        }

        /// Does something in front of this user.
        func watches<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
            let user = StubUser(
                shown: { page in
                    self.pages.change { $0.append(page) }
                    self.seen.set()
                    return self.act(page)
                },
                closed: { self.signal(of: $0).set() }
            )
            return try await StubUser.$current.withValue(user, operation: body)
        }
    }
#endif
