package dev.proofkey.android

import android.content.Context
import dev.proofkey.DataKey
import dev.proofkey.StoredToken
import dev.proofkey.TokenStore
import dev.proofkey.TokenStoreException
import dev.proofkey.TokenStoreException.Failure
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File

/**
 * Keeps tokens on the phone, for this app alone: sealed, in files that go into no backup. The key that they are sealed
 * under is wrapped by one of the Android Keystore, which does not leave the phone, and on most not its secure hardware.
 *
 * Several processes of an app may use it. If the Keystore has lost its key, as after a restore, the user signs in again.
 *
 * @param context any; the application's is what is kept.
 */
public class KeystoreTokenStore(
    context: Context,
) : TokenStore {
    private val records = Records(File((context.applicationContext ?: context).noBackupFilesDir, "proofkey"))
    private val finding = Mutex()

    @Volatile
    private var key: DataKey? = null

    /** See [TokenStore.load]. */
    override suspend fun load(key: String): StoredToken? = withContext(Dispatchers.IO) { records.read(key) }

    /** See [TokenStore.swap]. */
    override suspend fun swap(
        key: String,
        revision: Long?,
        value: ByteArray?,
    ): Boolean {
        var swapped = false
        val locked = records.withLock(WRITING, PATIENCE_MS) { swapped = records.swap(key, revision, value) }
        if (!locked) throw TokenStoreException("another process of the app is writing", Failure.Busy)
        return swapped
    }

    /** See [TokenStore.withLock]. The lock is the system's: free when its holder dies. */
    override suspend fun withLock(
        key: String,
        timeoutMillis: Long,
        action: suspend () -> Unit,
    ): Boolean = records.withLock(key, timeoutMillis, action)

    /**
     * The key that the values are sealed under.
     *
     * @throws TokenStoreException the Keystore does not answer.
     */
    override suspend fun dataKey(): DataKey = key ?: finding.withLock { key ?: find().also { key = it } }

    private suspend fun find(): DataKey {
        var found: DataKey? = null
        // One process of the app makes it.
        val locked =
            records.withLock(DATA_KEY, PATIENCE_MS) {
                val wrapped = records.read(DATA_KEY)
                found = wrapped?.let { Wrapping.unwrap(it.exposeValue()) }
                if (found == null) {
                    found = DataKey.generate().also { records.swap(DATA_KEY, null, Wrapping.wrap(it)) }
                }
            }
        if (!locked) throw TokenStoreException("another process of the app looks for the key", Failure.Busy)
        return checkNotNull(found)
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "KeystoreTokenStore"
}

/** No key of a flow's is one of these. */
private const val DATA_KEY = "-data-key"
private const val WRITING = "-writing"
private const val PATIENCE_MS = 10_000L
