package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.Step
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import dev.proofkey.internal.ProofKeyException as NativeException

/**
 * The loop over a flow's steps: it does what a step says and answers with what came of it. It knows nothing of
 * the protocol, and `when` has no `else`: a step that is added to the core does not compile until it is served.
 *
 * @param send makes one HTTP exchange.
 */
internal class Driver<T : Any>(
    private val flow: Flow<T>,
    private val authenticator: WebAuthenticator,
    private val send: suspend (HttpRequest) -> Event,
) : AutoCloseable {
    private var port: LoopbackPort? = null
    private var session: WebSession? = null

    /** Until when the user is waited for, in nanoseconds of the monotonic clock. */
    private var end = 0L

    /** Runs the flow to its end. The caller's cancel comes out as it went in. */
    suspend fun run(): T {
        val caller = currentCoroutineContext().job
        // The flow hears of a cancel once, where that still matters to it; it may have something left to do then.
        var told = !caller.isActive
        var event: Event = if (told) Event.Cancel else Event.Start
        try {
            while (true) {
                val step = native("sign-in") { flow.advance(event, now()) }
                if (step !is Step.Browse && step !is Step.Await) takeAway()
                if (step is Step.Done) {
                    val outcome = native("sign-in") { flow.outcome() } ?: throw internalError()
                    // Tokens that nobody waits for any more are wiped.
                    if (!caller.isActive) (outcome as? AutoCloseable)?.close()
                    caller.ensureActive()
                    return outcome
                }
                event =
                    if (told) {
                        withContext(NonCancellable) { perform(step) }
                    } else if (!caller.isActive) {
                        told = true
                        Event.Cancel
                    } else {
                        try {
                            perform(step)
                        } catch (e: CancellationException) {
                            if (caller.isActive) throw e
                            told = true
                            Event.Cancel
                        }
                    }
            }
        } catch (e: ProofKeyException) {
            caller.ensureActive()
            throw e
        }
    }

    private suspend fun perform(step: Step): Event =
        when (step) {
            is Step.Listen -> listen(step)

            // The server may have used up the code: once begun it is run to its end, whoever cancels.
            is Step.Send -> if (step.finish) withContext(NonCancellable) { send(step.request) } else send(step.request)

            is Step.Browse -> browse(step)

            is Step.Await -> await(step)

            is Step.Done -> throw internalError()
        }

    private fun listen(step: Step.Listen): Event {
        val loopback =
            authenticator as? LoopbackAuthenticator ?: return noBrowser("no loopback redirect can be received here")
        return try {
            loopback.listen(step).also { port = it }.listening()
        } catch (e: NativeException) {
            e.asEvent()
        }
    }

    private suspend fun browse(step: Step.Browse): Event {
        val milliseconds = step.deadlineMs.toLong()
        end = System.nanoTime() + milliseconds * NANOS_IN_MILLI
        val page = WebPage(step.url, step.redirectUri, milliseconds)
        return untilTheEnd {
            val opened = (port ?: authenticator).open(page)
            session = opened
            opened.next()
        }
    }

    private suspend fun await(step: Step.Await): Event {
        val opened = session ?: return noBrowser("nothing was opened")
        if (opened.givesOneRedirect) return Event.Failed(step.code, step.text)
        return untilTheEnd { opened.next() }
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
    private fun takeAway() {
        val opened = session
        if (opened == null || opened === port) return
        session = null
        opened.close()
    }

    /** Takes the page away if it is still there, and gives the port back. */
    override fun close() {
        try {
            session?.close()
        } finally {
            port?.close()
        }
    }

    private companion object {
        const val NANOS_IN_MILLI = 1_000_000L

        /** The user could not be sent to the server. */
        fun noBrowser(detail: String): Event = Event.Failed("", clean(detail))
    }
}
