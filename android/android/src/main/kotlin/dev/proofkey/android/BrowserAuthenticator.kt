package dev.proofkey.android

import android.content.Context
import dev.proofkey.WebAuthenticator
import dev.proofkey.WebPage
import dev.proofkey.WebSession

/**
 * Shows the sign-in page in the user's own browser (RFC 8252 §4), where the user is signed in already and the
 * app sees no password: by an Auth Tab, else a Custom Tab, else as any page. Never in an embedded web view
 * (RFC 8252 §8.12).
 *
 * ```
 * val client = ProofKeyClient(
 *     issuer = "https://as.example",
 *     authorizationEndpoint = "https://as.example/authorize",
 *     tokenEndpoint = "https://as.example/token",
 *     clientId = "my-app",
 *     authenticator = BrowserAuthenticator(context),
 * ) {
 *     redirectUri = "com.example.app:/callback"
 * }
 * ```
 *
 * The redirect is a private-use scheme or a claimed https link (RFC 8252 §7.1, §7.2), and the app's manifest
 * names it in a filter of [RedirectActivity], which has an example.
 *
 * A phone shows one page at a time, and takes it away with the redirect, before the code is redeemed. A second
 * sign-in waits until the first one's page is gone, within its own timeout.
 *
 * It belongs into a view model or a singleton, for no activity is kept: the page survives a rotation, and what
 * waits for it should too. Sign in from the app's main process, while the user sees the app; what is in the
 * background may open no browser, and such a sign-in ends by its timeout.
 *
 * The system may end the app while the user is in the browser. With a store that outlives it, such as
 * [KeystoreTokenStore], the app asks for [resume][dev.proofkey.ProofKeyClient.resume] when it is started again: the
 * redirect that it was started by finishes the sign-in, and where none was begun the error is `nothing_pending`.
 *
 * @param context any; the application's is what is kept.
 */
public class BrowserAuthenticator(
    context: Context,
) : WebAuthenticator {
    private val application: Context = context.applicationContext ?: context

    /** Shows the page, when no other one is shown any more. */
    override suspend fun open(page: WebPage): WebSession = ShownPage.open(application, page)

    /** True: while the browser is shown the app is in the background, where the system may end it. */
    override val mayEndTheProgram: Boolean
        get() = true

    /** Waits for what the system hands to [RedirectActivity] while no page of this process is shown. */
    override suspend fun takeUp(timeoutMillis: Long): WebSession = LateRedirects

    /** For people; it holds no secret. */
    override fun toString(): String = "BrowserAuthenticator(${application.packageName})"
}
