package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Step
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeoutOrNull
import dev.proofkey.internal.ProofKeyException as NativeException

/**
 * The user of one flow, at the page that the authenticator shows, or at the [terminal] where one is given: there the
 * address where the browser ended is pasted. With a [display] it is the user of another device.
 */
internal class User(
    private val authenticator: WebAuthenticator,
    private val terminal: Terminal?,
    private val display: CodeDisplay? = null,
) : AutoCloseable {
    private var port: LoopbackPort? = null
    private var session: WebSession? = null
    private var shown: ShownCode? = null

    /** Until when the user is waited for, in nanoseconds of the monotonic clock. */
    private var end = 0L

    fun listen(step: Step.Listen): Event {
        val loopback =
            authenticator as? LoopbackAuthenticator ?: return noBrowser("no loopback redirect can be received here")
        return try {
            loopback.listen(step).also { port = it }.listening()
        } catch (e: NativeException) {
            e.asEvent()
        }
    }

    suspend fun browse(step: Step.Browse): Event {
        begin(step.deadlineMs)
        val page = WebPage(step.url, step.redirectUri, step.deadlineMs.toLong())
        return untilTheEnd {
            val opened = if (terminal != null) PastedRedirects(terminal, page.url) else (port ?: authenticator).open(page)
            session = opened
            opened.next()
        }
    }

    suspend fun await(step: Step.Await): Event {
        val refused = step.code.ifEmpty { null }
        if (session == null) {
            // A sign-in that another run of the program began.
            begin(step.deadlineMs)
            session =
                if (terminal !=
                    null
                ) {
                    PastedRedirects(terminal, null)
                } else {
                    port ?: authenticator.takeUp(step.deadlineMs.toLong())
                }
        }
        val opened = session ?: return if (refused == null) noBrowser("no redirect can be waited for here") else given(step)
        if (refused != null) {
            if (opened.givesOneRedirect) return given(step)
            (opened as? PastedRedirects)?.refused(step.text)
        }
        return untilTheEnd { opened.next() }
    }

    /** Shows the code, and waits. */
    suspend fun show(step: Step.ShowCode): Event {
        val code = ShownCode(display ?: throw internalError(), step.shown(), currentCoroutineContext())
        shown = code
        return code.wait(step.pollMs.toLong())
    }

    suspend fun pause(step: Step.Wait): Event {
        val millis = step.millis.toLong()
        return shown?.wait(millis) ?: Event.Elapsed.also { delay(millis) }
    }

    /** Takes the code away. */
    suspend fun takeCodeAway() {
        shown?.end()
        shown = null
    }

    /** The one redirect that there is was this. */
    private fun given(step: Step.Await): Event = Event.Failed(step.code, step.text)

    private fun begin(deadlineMs: ULong) {
        end = System.nanoTime() + deadlineMs.toLong() * NANOS_IN_MILLI
    }

    private suspend fun untilTheEnd(wait: suspend () -> WebResult): Event {
        val left = ((end - System.nanoTime()) / NANOS_IN_MILLI).coerceAtLeast(0)
        return try {
            when (val result = withTimeoutOrNull(left) { wait() }) {
                is WebResult.Redirect -> Event.Redirect(clean(result.uri))
                is WebResult.Dismissed -> Event.Dismissed
                null -> Event.Elapsed
            }
        } catch (e: BrowserFailedException) {
            noBrowser(e.message.orEmpty())
        } catch (e: NativeException) {
            e.asEvent()
        }
    }

    /**
     * Takes the page away once its redirect is taken: while the code is redeemed the user sees the app. A loopback
     * port has no page to take away, and what the browser still asks for is answered until the end.
     */
    fun takePageAway() {
        val opened = session
        if (opened == null || opened === port) return
        session = null
        opened.close()
    }

    override fun close() {
        try {
            session?.close()
        } finally {
            port?.close()
        }
    }

    private companion object {
        /** The user could not be sent to the server. */
        fun noBrowser(detail: String): Event = Event.Failed("", clean(detail))
    }
}
