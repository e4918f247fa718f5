package dev.proofkey.android

import android.content.Context
import dev.proofkey.BrowserFailedException
import dev.proofkey.WebPage
import dev.proofkey.WebResult
import dev.proofkey.WebSession
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.sync.Mutex
import java.util.UUID
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The page that is being shown: between the coroutine that waits for its redirect and the activities, which
 * come and go. The activities find it here by its [id]. Its URL, which holds the state, is in no saved state.
 */
internal class ShownPage private constructor(
    private val application: Context,
    private val page: WebPage,
    val browser: Browser,
) : WebSession {
    val id: String = UUID.randomUUID().toString()

    /** Whether a [ProofKeyActivity] is in the app's task, with the browser above it. */
    @Volatile
    var isHeld: Boolean = false

    private val closed = AtomicBoolean()

    /** What nobody could take any more is as good as judged: the page is about to be closed. */
    private val arrivals = Channel<Arrival>(MOST_WAITING, onUndeliveredElement = { it.judged(true) })

    /** The one that the flow looks at. */
    @Volatile
    private var judging: Arrival? = null

    /** An Auth Tab closes itself with the redirect; a redirect by the other way leaves the browser open. */
    override val givesOneRedirect: Boolean
        get() = judging?.isLast == true

    fun intent() = browser.intent(page.url, page.redirectUri)

    /**
     * A redirect arrived. Anyone can send one: those that come faster than they are judged are dropped.
     *
     * @param isLast the browser has closed itself.
     * @param judged hears once, on any thread, whether the page is over or is still waited for.
     */
    fun redirected(
        uri: String,
        isLast: Boolean,
        judged: (over: Boolean) -> Unit = {},
    ) {
        val sent = arrivals.trySend(Arrival(Result.success(WebResult.Redirect(uri)), isLast, judged))
        if (sent.isFailure) judged(sent.isClosed)
    }

    /** The user came back without a redirect. */
    fun dismissed() {
        arrivals.trySend(Arrival(Result.success(WebResult.Dismissed), true) {})
    }

    /** The browser cannot show it, or says that no redirect will come. */
    fun failed(reason: String) {
        arrivals.trySend(Arrival(Result.failure(BrowserFailedException(reason)), true) {})
    }

    override suspend fun next(): WebResult {
        judging?.judged(false)
        judging = null
        return arrivals
            .receive()
            .also { judging = it }
            .result
            .getOrThrow()
    }

    override fun close() {
        if (!closed.compareAndSet(false, true)) return
        current = null
        val asked = judging
        judging = null
        // Before RedirectActivity goes, while the app may still bring itself to the front.
        if (isHeld) application.startActivity(ProofKeyActivity.back(application))
        asked?.judged(true)
        arrivals.cancel()
        turn.unlock()
    }

    private class Arrival(
        val result: Result<WebResult>,
        val isLast: Boolean,
        val judged: (over: Boolean) -> Unit,
    )

    internal companion object {
        private const val MOST_WAITING = 16

        private val turn = Mutex()

        /** The one that is shown; null when no sign-in waits for its user. */
        @Volatile
        var current: ShownPage? = null
            private set

        /** Null when it is over, or was another process's. */
        fun find(id: String?): ShownPage? = current?.takeIf { it.id == id }

        /** Waits for its turn, and puts the page before the user. */
        suspend fun open(
            application: Context,
            page: WebPage,
        ): ShownPage {
            checkThatRedirectsArrive(application, page.redirectUri)
            val browser = Browser.find(application)
            turn.lock()
            val shown = ShownPage(application, page, browser)
            current = shown
            try {
                application.startActivity(ProofKeyActivity.show(application, shown.id))
            } catch (e: RuntimeException) {
                shown.close()
                throw BrowserFailedException("the app's own activity cannot be started: ${e.javaClass.simpleName}")
            }
            return shown
        }
    }
}
