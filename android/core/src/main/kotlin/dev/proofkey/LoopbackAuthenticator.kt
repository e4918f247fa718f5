package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.LoopbackReceiver
import dev.proofkey.internal.Received
import dev.proofkey.internal.Step
import java.util.concurrent.atomic.AtomicBoolean
import dev.proofkey.internal.ProofKeyException as NativeException

/** Opens the user's browser, or shows the address to the user. */
public fun interface Browser {
    /**
     * Opens [url], and returns as soon as it is on its way. Called on no particular thread.
     *
     * @throws BrowserFailedException there is no browser. What else is thrown comes out of `signIn` as it is.
     */
    public suspend fun open(url: String)

    /** Whether there is a browser, as far as is known. Without one [Interaction.Auto] asks the user to paste. */
    public val isThere: Boolean
        get() = true
}

/**
 * Gets the redirect on a port of the loopback address (RFC 8252 §7.3): for desktops, servers and command
 * lines. Phones have their own authenticators.
 *
 * @param browser shows the page; a lambda that prints the address is one.
 */
public class LoopbackAuthenticator(
    internal val browser: Browser,
) : WebAuthenticator {
    /** Only a port that was opened before can be redirected to. */
    override suspend fun open(page: WebPage): WebSession =
        throw BrowserFailedException("only a loopback redirect can be received here")

    /** Opens the port that the flow asks for. */
    internal fun listen(step: Step.Listen): LoopbackPort =
        LoopbackPort(LoopbackReceiver.bind(step.host, step.port, step.path), browser)
}

/** A port that is open until it is closed. */
internal class LoopbackPort(
    private val receiver: LoopbackReceiver,
    private val browser: Browser,
) : WebAuthenticator,
    WebSession {
    private val closed = AtomicBoolean()

    fun listening(): Event = Event.Listening(receiver.port())

    override suspend fun open(page: WebPage): WebSession {
        browser.open(page.url)
        return this
    }

    override suspend fun next(): WebResult {
        while (true) {
            // When the coroutine is cancelled the thread has gone before this throws: then the port can be freed.
            val received = onThread("proofkey-wait", receiver::cancel) { receiver.wait(LONGEST_WAIT_MS) }
            when (received) {
                is Received.Redirect -> return WebResult.Redirect(received.uri)
                is Received.Elapsed -> continue
                is Received.Cancelled -> throw BrowserFailedException("the loopback receiver was closed")
            }
        }
    }

    override fun close() {
        if (closed.compareAndSet(false, true)) {
            receiver.release()
            receiver.close()
        }
    }

    private companion object {
        /** No sign-in waits longer; the caller keeps the deadline. */
        const val LONGEST_WAIT_MS = 3_600_000uL
    }
}

/**
 * The receiver's error as the event that the flow turns into the same error. A mistake inside ProofKey is none of its
 * business: nothing that the flow could advise would help.
 */
internal fun NativeException.asEvent(): Event =
    when (this) {
        is NativeException.Failed -> {
            if (code == INTERNAL_ERROR) throw inItsFamily()
            // The flow says again which part has failed.
            Event.Failed(code, text.removePrefix("the loopback receiver failed: "))
        }
    }
