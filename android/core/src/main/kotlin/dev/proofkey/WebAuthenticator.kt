package dev.proofkey

/**
 * Shows the sign-in page to the user and catches the redirect. Phones and desktops differ in this alone.
 *
 * One authenticator serves many sign-ins, also at once. A cancel of the sign-in, and its deadline, cancel the
 * coroutine that is in [open] or [WebSession.next].
 */
public interface WebAuthenticator {
    /**
     * Shows the page; called once a sign-in, on no particular thread.
     *
     * @return what gives the redirects. It is closed once the right one has come, before the code is redeemed, or
     *   when the sign-in ends without it.
     * @throws BrowserFailedException no browser can be opened.
     */
    public suspend fun open(page: WebPage): WebSession

    /**
     * Whether the system may end the program while the page is shown, as phones do. Then a sign-in is kept so that
     * [ProofKeyClient.resume] can finish it.
     */
    public val mayEndTheProgram: Boolean
        get() = false

    /**
     * Waits for the redirect of a page that an earlier run of the program has shown; null where none can arrive.
     *
     * @param timeoutMillis how long it is waited for. It is kept by the caller.
     */
    public suspend fun takeUp(timeoutMillis: Long): WebSession? = null
}

/** A page that is being shown. */
public interface WebSession : AutoCloseable {
    /**
     * Whether the platform gives one redirect and no more. Then a redirect that is not ours ends the sign-in;
     * else it is noise, and the next one is waited for.
     */
    public val givesOneRedirect: Boolean
        get() = false

    /**
     * Waits for the next redirect. Those that came before the call are not lost.
     *
     * @throws BrowserFailedException none can come any more.
     */
    public suspend fun next(): WebResult

    /** Takes the page away if it is still there, and frees what it held. Does not block. */
    override fun close()
}

/**
 * What is to be shown.
 *
 * @property url the authorization request (RFC 6749 §4.1.1): https, or http on loopback. It goes to the browser
 *   as one argument, never to a shell.
 * @property redirectUri where the answer will arrive.
 * @property timeoutMillis how long the user may take, in milliseconds from now. It is kept by the caller.
 */
public class WebPage(
    public val url: String,
    public val redirectUri: String,
    public val timeoutMillis: Long,
) {
    /** The URL holds the state, and is left out. */
    override fun toString(): String = "WebPage(redirectUri=$redirectUri, timeoutMillis=$timeoutMillis)"
}

/** What a wait for a redirect ended with. */
public sealed class WebResult {
    /**
     * A redirect arrived. Whether it is ours is judged later.
     *
     * @property uri the whole URI as it came, undecoded. It may hold a code.
     */
    public class Redirect(
        public val uri: String,
    ) : WebResult() {
        /** For people; it holds no secret. */
        override fun toString(): String = "Redirect(…)"
    }

    /** The user closed the page. */
    public object Dismissed : WebResult() {
        /** For people; it holds no secret. */
        override fun toString(): String = "Dismissed"
    }
}

/**
 * The page cannot be shown, or its redirect cannot arrive. A sign-in that meets it ends in
 * [ProofKeyException.FixConfiguration] with the code `browser_failed`.
 *
 * @param reason why, in a few words for the message; never the page's URL.
 */
public class BrowserFailedException(
    reason: String,
) : Exception(reason)
