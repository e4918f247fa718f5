import Foundation
internal import ProofKeyFFI

// What the user begins and ends.
extension ProofKeyClient {
    /// Signs the user in, whatever is kept, and keeps what comes: finds the servers, shows the server's page, waits for the
    /// redirect, redeems the code.
    ///
    /// It returns when the user is done: at most after the timeout, 15 s for each document that is asked for, and 30 s for
    /// the exchange. Each call is a sign-in of its own.
    ///
    /// A cancel of the calling task ends the wait for the user, closes what was opened and throws `CancellationError`.
    /// While the code is being redeemed it throws that at once too, but the exchange runs on to its end and what comes is
    /// kept: the server may have used up the code.
    ///
    /// - Parameters:
    ///   - interaction: How the user is asked. ``Interaction/never`` cannot be used here.
    ///   - isResumable: Whether ``resume(redirect:interaction:)`` can take it up, should the system end the program meanwhile.
    ///     Not with ``Interaction/device``: no redirect comes there.
    /// - Throws: ``ProofKeyError``, whose family says what can be done about it, or `CancellationError`.
    @discardableResult
    public func signIn(interaction: Interaction = .auto, resumable isResumable: Bool = false) async throws -> TokenSet {
        try await flyAlone(.signIn, interaction, isResumable: isResumable).signedIn()
    }

    /// Finishes a sign-in that an earlier run of the program began with `resumable: true` and with the same settings. Once: of
    /// two that try, one succeeds.
    ///
    /// - Parameters:
    ///   - redirect: The address where the browser ended, whole and undecoded, where the system hands it to the program. Else
    ///     it is waited for, at the same port as before.
    ///   - interaction: ``Interaction/paste`` asks the user for it.
    /// - Throws: ``ProofKeyError``: `nothing_pending`, `session_expired`, and what ends a sign-in. `CancellationError`.
    @discardableResult
    public func resume(redirect: String? = nil, interaction: Interaction = .browser) async throws -> TokenSet {
        try await flyAlone(.resume, interaction, redirect: redirect).signedIn()
    }

    /// As ``resume(redirect:interaction:)-(String?,_)``, for the URL that the system hands over.
    @discardableResult
    public func resume(redirect: URL) async throws -> TokenSet {
        try await resume(redirect: redirect.absoluteString)
    }

    /// Ends the sign-in: the server is told to revoke (RFC 7009), and whatever it says, nothing is kept here any more.
    ///
    /// A cancel while the server is asked leaves all as it was.
    ///
    /// - Throws: ``ProofKeyError``: the store failed, or was in use for 45 s. `CancellationError`.
    @discardableResult
    public func signOut() async throws -> SignedOut {
        let landing = try await flyAlone(.signOut, .browser)
        return SignedOut(
            isRevoked: landing.isRevoked, warning: landing.warning, endSessionURL: landing.endSessionURL)
    }
}
