package dev.proofkey

import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessOutcome
import dev.proofkey.internal.Event
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.Step
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext

/** What a flow meets outside. */
internal class Platform(
    val user: User,
    val store: TokenStore,
    val confirm: IssuerConfirmation?,
    val signer: Signer?,
    /** Makes one HTTP exchange. */
    val send: suspend (HttpRequest) -> Event,
)

/**
 * The loop over a flow's steps: it does what a step says and answers with what came of it. It knows nothing of
 * the protocol, and `when` has no `else`: a step that is added to the core does not compile until it is served.
 *
 * The loop itself is never cancelled; a step that need not be finished is, and then the flow is told, once. What it
 * asks for afterwards it needs to end well, and gets.
 */
internal class Driver(
    private val flow: Access,
    private val platform: Platform,
) : AutoCloseable {
    /** Why the loop stops. */
    private enum class Stop {
        DONE,

        /** The lock that it was entered with is given back. */
        UNLOCKED,
    }

    private val user = platform.user
    private lateinit var caller: Job
    private var told = false

    /** Runs the flow to its end, also when the caller cancels: then it is for the caller to see. */
    suspend fun run(): AccessOutcome {
        caller = currentCoroutineContext().job
        return withContext(NonCancellable) {
            try {
                serve(if (caller.isActive) Event.Start else Event.Cancel)
            } finally {
                user.takeCodeAway()
            }
            native("sign-in") { flow.outcome() } ?: throw internalError()
        }
    }

    private suspend fun serve(first: Event): Stop {
        var event = first
        while (true) {
            if (event is Event.Cancel) told = true
            val step = native("sign-in") { flow.advance(event, now()) }
            if (step !is Step.Browse && step !is Step.Await) user.takePageAway()
            event =
                when (step) {
                    is Step.Listen -> unlessCancelled { user.listen(step) }

                    // The server may have used up the code or the token: once begun it is run to its end.
                    is Step.Send -> if (step.finish) unlessCancelled { send(step) } else untilCancelled { send(step) }

                    is Step.Confirm -> untilCancelled { confirm(step) }

                    is Step.Browse -> untilCancelled { user.browse(step) }

                    is Step.Await -> untilCancelled { user.await(step) }

                    is Step.ShowCode -> untilCancelled { user.show(step) }

                    is Step.Wait -> untilCancelled { user.pause(step) }

                    is Step.Key -> untilCancelled { key(step) }

                    is Step.Sign -> untilCancelled { sign(step) }

                    is Step.Lock -> lock(step) ?: return Stop.DONE

                    is Step.Load -> untilCancelled { load(step) }

                    // It may hold the only copy of a token: done also when nobody waits any more.
                    is Step.Swap -> swap(step)

                    is Step.Unlock -> return Stop.UNLOCKED

                    is Step.Done -> return Stop.DONE
                }
        }
    }

    /** Does what is finished once it has begun. */
    private inline fun unlessCancelled(step: () -> Event): Event = if (told || caller.isActive) step() else Event.Cancel

    /** Does what a cancel of the caller's ends. */
    private suspend fun untilCancelled(step: suspend () -> Event): Event {
        if (told) return step()
        return try {
            withContext(caller) { step() }
        } catch (e: CancellationException) {
            // A cancel of somebody else's is as good an exception as any other.
            if (caller.isActive) throw e
            Event.Cancel
        }
    }

    private suspend fun send(step: Step.Send): Event = platform.send(step.request)

    private suspend fun confirm(step: Step.Confirm): Event {
        val confirm = platform.confirm ?: return Event.Allowed
        return if (confirm.allows(step.issuerHost, step.resourceHost)) Event.Allowed else Event.Refused
    }

    private suspend fun key(step: Step.Key): Event = platform.signer.answer { Event.PublicKey(it.publicKey(step.keyId)) }

    private suspend fun sign(step: Step.Sign): Event =
        platform.signer.answer { Event.Signed(it.sign(step.keyId, step.input.toByteArray())) }

    /** Serves the flow while the lock is held. What is to be told to the flow then; null when it is done. */
    private suspend fun lock(step: Step.Lock): Event? {
        val end = System.nanoTime() + step.deadlineMs.toLong() * NANOS_IN_MILLI
        while (true) {
            if (!told && !caller.isActive) return Event.Cancel
            val left = ((end - System.nanoTime()) / NANOS_IN_MILLI).coerceIn(0, SLICE_MS)
            val begun = System.nanoTime()
            var stop: Result<Stop>? = null
            val failed =
                try {
                    platform.store.withLock(step.key, left) { stop = runCatching { serve(Event.Locked) } }
                    null
                } catch (e: Exception) {
                    failed(e)
                }
            // What was done under the lock counts, whether it could be given back or not.
            stop?.let { return if (it.getOrThrow() == Stop.DONE) null else failed ?: Event.Ok }
            if (failed != null) return failed
            if (System.nanoTime() >= end) return Event.Busy
            // A store that does not wait is not asked without end.
            val rest = left - (System.nanoTime() - begun) / NANOS_IN_MILLI
            if (rest > 0 && untilCancelled { Event.Ok.also { delay(rest) } } is Event.Cancel) return Event.Cancel
        }
    }

    private suspend fun load(step: Step.Load): Event =
        try {
            val stored = platform.store.load(step.key)
            Event.Loaded(stored?.revision?.toULong() ?: 0u, stored?.exposeValue())
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            failed(e)
        }

    private suspend fun swap(step: Step.Swap): Event =
        try {
            Event.Swapped(platform.store.swap(step.key, step.revision?.toLong(), step.value))
        } catch (e: Exception) {
            failed(e)
        }

    /** Takes the page away if it is still there, and gives the port back. */
    override fun close() {
        user.close()
    }

    private companion object {
        /** A wait for a lock is made of short ones, so that a cancel is seen whatever the store does. */
        const val SLICE_MS = 100L
    }
}

internal const val NANOS_IN_MILLI: Long = 1_000_000L
