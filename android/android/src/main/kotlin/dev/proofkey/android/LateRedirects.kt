package dev.proofkey.android

import dev.proofkey.WebResult
import dev.proofkey.WebSession
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.channels.Channel

/**
 * Redirects that came when no page of this process was shown: of a sign-in that the process before began, or of
 * anyone. They wait here for one who takes that sign-in up.
 */
internal object LateRedirects : WebSession {
    private const val MOST_WAITING = 16
    private val arrivals = Channel<String>(MOST_WAITING, BufferOverflow.DROP_OLDEST)

    fun arrived(uri: String) {
        arrivals.trySend(uri)
    }

    override suspend fun next(): WebResult = WebResult.Redirect(arrivals.receive())

    override fun close() {}
}
