package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.storeError
import dev.proofkey.internal.ProofKeyException as NativeException

/**
 * Where a client keeps what came of its sign-ins: bytes under keys, whatever they mean.
 *
 * A value is all that there is of a sign-in, tokens and all. It comes sealed where the store has a [dataKey]; without
 * one the store must keep it from others.
 *
 * All members may be called from any coroutine, and many at once; none of them may hold the caller's thread while it
 * waits. What they throw becomes the client's: [TokenStoreException] says which error, anything else is `store_failed`.
 */
public interface TokenStore {
    /**
     * What is kept under the [key], or null.
     *
     * @param key 1 to 64 of `a-z 0-9 -`.
     */
    public suspend fun load(key: String): StoredToken?

    /**
     * Writes, if what is kept is still of this revision: compared and written in one, against all who use the store.
     *
     * @param revision the one that [load] gave, 0 for nothing; null writes over whatever is there.
     * @param value what is written; null deletes.
     * @return whether it was done, and will stay. Not, where the revision was another.
     */
    public suspend fun swap(
        key: String,
        revision: Long?,
        value: ByteArray?,
    ): Boolean

    /**
     * Runs [action] while the key's lock is held, which keeps away those who ask for it, in every program that uses
     * the store, and no one else. It must be free when its holder dies.
     *
     * @param timeoutMillis how long to wait for it: a fraction of a second. ProofKey asks again.
     * @param action what is done, once. It does not throw, and nobody cancels it.
     * @return whether it was done. Not, where others held the lock until then.
     */
    public suspend fun withLock(
        key: String,
        timeoutMillis: Long,
        action: suspend () -> Unit,
    ): Boolean

    /** The key that the values are sealed under; null where the store itself keeps them from others. */
    public suspend fun dataKey(): DataKey? = null
}

/**
 * What a [TokenStore] has under a key.
 *
 * @property revision names the value: two different ones that are kept one after the other never have the same. Never 0.
 */
public class StoredToken(
    public val revision: Long,
    private val value: ByteArray,
) {
    /** The bytes as they were written; not a copy. */
    public fun exposeValue(): ByteArray = value

    /** For people; nothing of the value. */
    override fun toString(): String = "StoredToken(revision=$revision)"
}

/**
 * Why a [TokenStore] could not do what it was asked. The client gives it out as a [ProofKeyException].
 *
 * @param reason in the store's words. No secret may stand in it: it is shown.
 * @property failure which error it is.
 */
public class TokenStoreException
    @JvmOverloads
    constructor(
        reason: String,
        public val failure: Failure = Failure.Failed,
    ) : Exception(reason) {
        /** What can go wrong with a store. */
        public sealed class Failure(
            internal val code: String,
        ) {
            /** Anything else: `store_failed`. */
            public object Failed : Failure("")

            /** There is no room: `store_full`. */
            public object Full : Failure("store_full")

            /** The store may not be used: `store_denied`. */
            public object Denied : Failure("store_denied")

            /** Others can read or write what it holds: `store_insecure`. */
            public object Insecure : Failure("store_insecure")

            /** What it holds is damaged, and out of the way: `store_unreadable`. */
            public object Unreadable : Failure("store_unreadable")

            /** Others use it and do not let go: `store_busy`. */
            public object Busy : Failure("store_busy")

            /** The system's keyring does not answer: `keyring_unavailable`. */
            public object KeyringUnavailable : Failure("keyring_unavailable")

            /** Its name. */
            override fun toString(): String = javaClass.simpleName
        }
    }

/** Any exception of a store, as the event that the flow turns into an error. A mistake of ours is no event. */
internal fun failed(e: Exception): Event.Failed =
    when (e) {
        is TokenStoreException -> {
            Event.Failed(e.failure.code, clean(e.message.orEmpty()))
        }

        is ProofKeyException -> {
            if (e.code == INTERNAL_ERROR) throw e
            // Its text begins with what the code says by itself; the flow says that again.
            Event.Failed(e.code, e.what.removePrefix(storeException(e.code, "").what))
        }

        // Its text may quote what the store holds.
        else -> {
            Event.Failed("", e.javaClass.simpleName)
        }
    }

/** The error of a store with this code. */
internal fun storeException(
    code: String,
    detail: String,
): ProofKeyException =
    try {
        native("TokenStore") { storeError(code, detail) }
        internalError()
    } catch (e: ProofKeyException) {
        e
    }

/** The key of a store, for a flow; its failure is the client's. */
internal suspend fun TokenStore.sealingKey(): dev.proofkey.internal.DataKey? =
    try {
        dataKey()?.native
    } catch (e: kotlinx.coroutines.CancellationException) {
        throw e
    } catch (e: ProofKeyException) {
        throw e
    } catch (e: Exception) {
        val event = failed(e)
        throw storeException(event.code, event.detail)
    }
