package dev.proofkey

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import kotlin.concurrent.thread

/**
 * Makes a blocking [call] on a thread of its own. The dispatchers' pools have few, and each sign-in would hold
 * one for as long as its user takes.
 *
 * A cancel calls [cancel], which ends the call, and comes out when the thread has gone.
 */
internal suspend fun <T> onThread(
    name: String,
    cancel: () -> Unit,
    call: () -> T,
): T {
    val done = CompletableDeferred<Result<T>>()
    daemon(name) { done.complete(runCatching(call)) }
    try {
        return done.await().getOrThrow()
    } catch (e: CancellationException) {
        cancel()
        withContext(NonCancellable) { done.join() }
        throw e
    }
}

/** A thread that keeps no program alive. */
internal fun daemon(
    name: String,
    run: () -> Unit,
) {
    thread(name = name, isDaemon = true, block = run)
}
