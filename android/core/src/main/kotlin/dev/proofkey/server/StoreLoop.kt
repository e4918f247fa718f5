package dev.proofkey.server

import dev.proofkey.ProofKeyException
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.native
import dev.proofkey.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * The loop over the steps of a server's flow: it asks the store what the flow wants to know. It knows nothing of the
 * protocol, and `when` has no `else`: a step that is added to the core does not compile until it is served.
 *
 * A cancel ends it where it waits for the store. Of the store's own failures the flow is told that there was one, and
 * issues nothing any more.
 */
internal class StoreLoop(
    private val store: GrantStore,
    private val errors: StoreErrors,
) {
    /** Runs a flow, of which [advance] is the only way in, to its end. */
    suspend fun run(advance: (StoreEvent) -> StoreStep) {
        var step = native(OWNER) { advance(StoreEvent.Start) }
        while (step !is StoreStep.Done) step = serve(step, advance)
    }

    private suspend fun serve(
        asked: StoreStep,
        advance: (StoreEvent) -> StoreStep,
    ): StoreStep {
        val failure =
            try {
                val event = ask(asked)
                return native(OWNER) { advance(event) }
            } catch (e: TimeoutCancellationException) {
                // The store's own deadline is a failure of the store, the caller's a cancel.
                e
            } catch (e: CancellationException) {
                throw e
            } catch (e: Exception) {
                e
            }
        currentCoroutineContext().ensureActive()
        // A row that cannot cross the flow has not seen, and goes on. Else it has ended, by what was thrown.
        val step =
            try {
                native(OWNER) { advance(StoreEvent.Failed) }
            } catch (_: ProofKeyException) {
                throw failure
            }
        errors.failed(name(asked), failure)
        return step
    }

    private suspend fun ask(step: StoreStep): StoreEvent =
        when (step) {
            is StoreStep.Put -> {
                StoreEvent.Stored(store.put(newGrant(step.grant)))
            }

            is StoreStep.Find -> {
                val found = store.find(step.grantId, step.codeHash)
                StoreEvent.Found(found.row?.let { crossed(it) }, count("now", found.now))
            }

            is StoreStep.Claim -> {
                val most = step.maxMismatches.toLong()
                StoreEvent.Claimed(store.claim(step.grantId, step.codeHash, most, newTokens(step.tokens)))
            }

            is StoreStep.Count -> {
                store.count(step.grantId)
                StoreEvent.Ok
            }

            is StoreStep.Revoke -> {
                store.revoke(step.grantId)
                StoreEvent.Ok
            }

            is StoreStep.FindToken -> {
                val found = store.findToken(step.grantId, step.tokenHash)
                StoreEvent.FoundToken(found.row?.let { crossed(it) }, count("now", found.now))
            }

            is StoreStep.Rotate -> {
                val window = seconds(step.reuseWindowS)
                StoreEvent.Rotated(store.rotate(step.grantId, step.tokenHash, window, newTokens(step.tokens)))
            }

            is StoreStep.Remember -> {
                // Without a memory no proof is taken, and none is to be remembered.
                val proofs = store as? ProofStore ?: return StoreEvent.Failed
                StoreEvent.Remembered(proofs.remember(step.name, seconds(step.lifetimeS)))
            }

            is StoreStep.Done -> {
                StoreEvent.Failed
            }
        }

    /** What the call is named in the store's interface; not by the class, whose name a shrinker may change. */
    private fun name(step: StoreStep): String =
        when (step) {
            is StoreStep.Put -> "put"
            is StoreStep.Find -> "find"
            is StoreStep.Claim -> "claim"
            is StoreStep.Count -> "count"
            is StoreStep.Revoke -> "revoke"
            is StoreStep.FindToken -> "findToken"
            is StoreStep.Rotate -> "rotate"
            is StoreStep.Remember -> "remember"
            is StoreStep.Done -> "none"
        }
}
