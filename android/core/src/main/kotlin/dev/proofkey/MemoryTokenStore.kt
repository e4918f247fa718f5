package dev.proofkey

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Keeps tokens for as long as the program runs: the default, one for each client. Clients that are given the same one
 * share what is kept.
 *
 * What it keeps is sealed under a key that stays in native memory, so that no token lies in the JVM's before a program
 * asks for it.
 */
public class MemoryTokenStore : TokenStore {
    private val guard = Any()
    private val values = HashMap<String, StoredToken>()
    private val locks = HashMap<String, ArrayDeque<CompletableDeferred<Unit>>>()
    private var lastRevision = 0L
    private val key by lazy { DataKey.generate() }

    /** See [TokenStore.load]. */
    override suspend fun load(key: String): StoredToken? = synchronized(guard) { values[key] }

    /** See [TokenStore.swap]. */
    override suspend fun swap(
        key: String,
        revision: Long?,
        value: ByteArray?,
    ): Boolean =
        synchronized(guard) {
            if (revision != null && revision != (values[key]?.revision ?: 0L)) return false
            if (value == null) values.remove(key) else values[key] = StoredToken(++lastRevision, value)
            true
        }

    /** See [TokenStore.withLock]. Who came first gets it first. */
    override suspend fun withLock(
        key: String,
        timeoutMillis: Long,
        action: suspend () -> Unit,
    ): Boolean {
        val turn = CompletableDeferred<Unit>()
        // The first in the line holds the lock.
        synchronized(guard) {
            val line = locks.getOrPut(key) { ArrayDeque() }
            line += turn
            if (line.size == 1) turn.complete(Unit)
        }
        try {
            if (!turn.isCompleted) withTimeoutOrNull(timeoutMillis) { turn.await() } ?: return false
            action()
            return true
        } finally {
            synchronized(guard) {
                val line = locks.getValue(key)
                line -= turn
                if (line.isEmpty()) locks -= key else line.first().complete(Unit)
            }
        }
    }

    /** The key that the values are sealed under: a new one for each store. */
    override suspend fun dataKey(): DataKey = key

    /** For people; it holds no secret. */
    override fun toString(): String = "MemoryTokenStore"
}
