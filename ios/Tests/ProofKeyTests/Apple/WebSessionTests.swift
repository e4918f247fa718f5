#if canImport(AuthenticationServices) && canImport(Glibc)
    import AuthenticationServices
    import Foundation
    import ProofKey
    import Testing

    /// Sign-ins by `ASWebAuthenticationSession`, which ios/stubs stands in for: what the app sees of them.
    @Suite struct WebSessionTests {
        /// P10: the sheet gives the redirect, and the code becomes a token.
        @Test(arguments: [true, false])
        func aSignInByTheSystemsSheet(ephemeral: Bool) async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.answering { comingBack(from: $0) }
            let tokens = try await user.watches { try await endpoint.app(ephemeral: ephemeral).signIn() }
            #expect(try tokens.exposeAccessToken() == canaryToken)
            #expect(endpoint.requests.count == 1)
            let page = try #require(user.shown.first)
            #expect(user.shown.count == 1)
            #expect(page.url.absoluteString.hasPrefix("https://as.example/authorize?"))
            #expect(page.callback == "com.example.app:")
            #expect(page.isEphemeral == ephemeral)
            #expect(page.window === window)
        }

        /// RFC 8252 §7.2: a claimed link is watched for by host and path.
        @Test func anHttpsRedirectIsWatchedForAsOne() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.answering { comingBack(from: $0) }
            let tokens = try await user.watches {
                try await endpoint.app(redirectURI: "https://app.example/sign-in/done").signIn()
            }
            #expect(try tokens.exposeAccessToken() == canaryToken)
            #expect(user.shown.map(\.callback) == ["https://app.example/sign-in/done"])
        }

        /// It would come and never be seen: said at once, not at the deadline. The stub matches no encoded path.
        @Test func aRedirectThatTheSystemCannotWatchFor() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.absent
            let error = try await user.watches {
                try await failure { try await endpoint.app(redirectURI: "https://app.example/sign%20in").signIn() }
            }
            #expect(error.code == .browserFailed)
            #expect(error.message.contains("cannot watch for this redirect URI"), "\(error)")
            #expect(user.shown.isEmpty)
        }

        /// Decoding is the core's: what looks encoded twice stays so.
        @Test func theRedirectReachesTheCoreUndecoded() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.answering { comingBack(from: $0, with: "code=a%2Bb%2526c") }
            _ = try await user.watches { try await endpoint.app().signIn() }
            let sent = String(decoding: try #require(endpoint.requests.first), as: UTF8.self)
            #expect(sent.contains("code=a%2Bb%2526c"), "\(sent)")
        }

        /// The user's cancel is no cancel of the program's.
        @Test func theUserClosesTheSheet() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.meeting(ASWebAuthenticationSessionError(.canceledLogin))
            let error = try await user.watches { try await failure { try await endpoint.app().signIn() } }
            #expect(error.code == .userCancelled)
            #expect(error.family == .userCancelled)
            #expect(endpoint.requests.isEmpty)
        }

        @Test func theUserSaysNoToTheServer() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.answering { comingBack(from: $0, with: "error=access_denied") }
            let error = try await user.watches { try await failure { try await endpoint.app().signIn() } }
            #expect(error.code == .accessDenied)
            #expect(error.family == .userCancelled)
        }

        /// The system calls this a cancel, too. It is a mistake in the app's entitlements, and the user did nothing.
        @Test func aDomainThatTheAppMayNotUseIsNotTheUsersCancel() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let reason = "Application is not associated with domain app.example"
            for key in [NSLocalizedFailureReasonErrorKey, NSLocalizedDescriptionKey, NSDebugDescriptionErrorKey] {
                let user = Somebody.meeting(ASWebAuthenticationSessionError(.canceledLogin, userInfo: [key: reason]))
                let error = try await user.watches {
                    try await failure { try await endpoint.app(redirectURI: "https://app.example/done").signIn() }
                }
                #expect(error.code == .browserFailed)
                #expect(error.family == .fixConfiguration)
                #expect(error.message.contains(reason))
            }
        }

        /// What the system answers instead of a redirect, each an error of its family.
        @Test func thePageThatCannotBeShown() async throws {
            struct Strange: LocalizedError {
                var errorDescription: String? { "something strange" }
            }
            let cases: [(somebody: Somebody, says: String)] = [
                (Somebody { _ in false }, "could not show the page"),
                (.meeting(ASWebAuthenticationSessionError(.presentationContextNotProvided)), "window"),
                (.meeting(ASWebAuthenticationSessionError(.presentationContextInvalid)), "window"),
                (.meeting(Strange()), "something strange"),
                (.meeting(nil), "without a redirect"),
            ]
            for (user, says) in cases {
                let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
                let error = try await user.watches { try await failure { try await endpoint.app().signIn() } }
                #expect(error.code == .browserFailed)
                #expect(error.family == .fixConfiguration)
                #expect(error.message.contains(says), "\(error)")
                #expect(endpoint.requests.isEmpty)
            }
        }

        @Test func anAppWithoutAWindow() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.absent
            let error = try await user.watches {
                try await failure { try await endpoint.app(over: { nil }).signIn() }
            }
            #expect(error.code == .browserFailed)
            #expect(error.message.contains("no window"))
            #expect(user.shown.isEmpty)
        }

        /// Without a redirect URI of the app's the client listens on loopback, where no sheet ends.
        @Test(arguments: [nil, "http://127.0.0.1/callback"])
        func aLoopbackRedirectIsRefused(redirectURI: String?) async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.absent
            let error = try await user.watches {
                try await failure { try await endpoint.app(redirectURI: redirectURI).signIn() }
            }
            #expect(error.code == .browserFailed)
            #expect(error.message.contains("private-use scheme or a claimed https link"), "\(error)")
            #expect(user.shown.isEmpty)
        }

        /// P6, P10: noise ends nothing of ours, but a sheet gives one redirect and no other: it is over, with the reason.
        @Test(arguments: [
            ("com.example.app:/callback?code=stolen&state=guessed", "state"),
            ("com.example.app:/callback?code=stolen", "state"),
            ("com.example.app:/callback", "state"),
            ("com.example.app:/elsewhere?code=stolen&state={state}", "did not arrive at the redirect URI"),
            ("com.example.other:/callback?code=stolen&state={state}", "did not arrive at the redirect URI"),
            ("com.example.app:/callback?code=stolen&state={state}&state={state}", "twice"),
            ("com.example.app:/callback#code=stolen&state={state}", "fragment"),
            ("com.example.app:/callback?code={huge}&state={state}", "longer than"),
        ])
        func aForeignRedirectIsRefusedWithItsReason(redirect: String, says: String) async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.answering {
                let huge = String(repeating: "stolen", count: 100_000)
                let text = redirect.replacingOccurrences(of: "{state}", with: parameter($0, "state"))
                return URL(string: text.replacingOccurrences(of: "{huge}", with: huge))!
            }
            let error = try await user.watches { try await failure { try await endpoint.app().signIn() } }
            #expect(error.code == .browserFailed)
            #expect(error.message.contains("the one redirect that can arrive here was refused"))
            #expect(error.message.contains(says), "\(error)")
            #expect(!error.description.contains("stolen"))
            #expect(endpoint.requests.isEmpty)
        }

        /// P14: the second answer of a session changes nothing.
        @Test func theRightRedirectTwice() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody {
                for _ in 0..<3 { $0.complete(comingBack(from: $0.url)) }
                $0.complete(with: ASWebAuthenticationSessionError(.canceledLogin))
                return true
            }
            let tokens = try await user.watches { try await endpoint.app().signIn() }
            #expect(try tokens.exposeAccessToken() == canaryToken)
            #expect(endpoint.requests.count == 1)
        }

        @Test func aBrowserThatNeverReturns() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.absent
            let error = try await user.watches {
                try await failure { try await endpoint.app(timeout: .seconds(1)).signIn() }
            }
            #expect(error.code == .redirectTimeout)
            #expect(error.family == .signInAgain)
            try await user.closed(try #require(user.shown.first))
        }

        /// The program's cancel is the language's own, and closes the sheet.
        @Test func aCancelledTaskClosesTheSheet() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let user = Somebody.absent
            let client = try endpoint.app()
            try await user.watches {
                let task = Task { try await client.signIn() }
                try await user.seen.happened()
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            try await user.closed(try #require(user.shown.first))
            #expect(endpoint.requests.isEmpty)
        }

        /// The main actor was busy, and the sign-in is over when its turn comes.
        @MainActor @Test func nothingIsShownForASignInThatIsOver() async throws {
            let user = Somebody.absent
            let request = try await aRequest()
            await user.watches {
                await MainActor.run { _ = WebSessionAuthenticator { window }.redirects(for: request) }
                await MainActor.run {}
            }
            #expect(user.shown.isEmpty)
            // Else the test would prove nothing.
            await user.watches {
                let redirects = WebSessionAuthenticator { window }.redirects(for: request)
                try? await user.seen.happened()
                withExtendedLifetime(redirects) {}
            }
            #expect(user.shown.count == 1)
        }

        /// The cancel comes while the session is being made, or from within its start: no page stays open.
        @Test(arguments: [true, false])
        func noPageOutlivesItsSignIn(cancelledFirst: Bool) async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            for _ in 0..<20 {
                let begun = Signal()
                let task = Box<Task<TokenSet, any Error>?>(nil)
                let cancel = { @Sendable in
                    begun.wait()
                    task.value?.cancel()
                }
                let user = Somebody { _ in
                    if !cancelledFirst { cancel() }
                    return true
                }
                let client = try endpoint.app(over: {
                    if cancelledFirst { cancel() }
                    return window
                })
                await user.watches {
                    let signIn = Task { try await client.signIn() }
                    task.change { $0 = signIn }
                    begun.set()
                    await #expect(throws: CancellationError.self) { try await signIn.value }
                }
                // The main actor has shown by now what it was to show.
                await MainActor.run {}
                #expect(cancelledFirst || user.shown.count == 1)
                for page in user.shown { try await user.closed(page) }
            }
        }

        /// The window in which the user works, where the app names none.
        @MainActor @Test func theActiveWindowIsFound() async throws {
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            let client = try endpoint.client(
                by: WebSessionAuthenticator(), redirectURI: "com.example.app:/callback")
            let user = Somebody.answering { comingBack(from: $0) }
            let error = try await user.watches { try await failure { try await client.signIn() } }
            #expect(error.message.contains("no window"))
            let background = UIWindowScene()
            let active = UIWindowScene()
            background.keyWindow = UIWindow()
            background.activationState = .background
            active.windows = [UIWindow(), UIWindow()]
            active.keyWindow = active.windows[1]
            active.activationState = .foregroundActive
            UIApplication.shared.connectedScenes = [background, active]
            _ = try await user.watches { try await client.signIn() }
            active.keyWindow = nil
            _ = try await user.watches { try await client.signIn() }
            #expect(user.shown.map(\.window) == active.windows.reversed())
        }

        /// A request as a sign-in makes it.
        private func aRequest() async throws -> WebAuthenticationRequest {
            struct Keeper: WebAuthenticator {
                let kept = Box<WebAuthenticationRequest?>(nil)

                func redirects(for request: WebAuthenticationRequest) -> AsyncThrowingStream<String, any Error> {
                    kept.change { $0 = request }
                    return AsyncThrowingStream { $0.finish() }
                }
            }
            let keeper = Keeper()
            let endpoint = try TokenEndpoint(respond(ProofKeyTests.tokens))
            _ = try await failure {
                try await endpoint.client(by: keeper, redirectURI: "com.example.app:/callback").signIn()
            }
            return try #require(keeper.kept.value)
        }
    }
#endif
