package dev.proofkey

import dev.proofkey.internal.FileStore
import dev.proofkey.internal.KeyPlace
import dev.proofkey.internal.defaultStoreFolder
import dev.proofkey.internal.keyringEntry
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** A keyring of the system's: texts under a service and an account. Its members may block, and are called beside. */
public interface Keyring {
    /**
     * The text of this entry; null where there is none.
     *
     * @throws TokenStoreException the keyring does not answer.
     */
    public fun lookUp(
        service: String,
        account: String,
    ): String?

    /**
     * Keeps the [text], in place of what was there.
     *
     * @throws TokenStoreException the keyring does not take it.
     */
    public fun keep(
        service: String,
        account: String,
        text: String,
    )
}

/**
 * Keeps tokens in a folder of this user, sealed, for all programs that name the same folder: a sign-in of the program
 * `proofkey` or of another language serves this one. For desktops and servers; phones have a store of their own.
 *
 * The key that the files are sealed under lies in the [Keyring], if one answers when the folder is first used; else in
 * a file beside them, which [onKeyFile] hears of. That keeps other users away, and no program of the same user. Where
 * it lies is decided once for a folder.
 *
 * Programs on the JVM make one by the function of this name in `dev.proofkey.jvm`, which knows the system's keyring.
 *
 * @param keyring null: the file keeps the key.
 * @param folder null: the one that `PROOFKEY_STORE` names, else this user's own, such as `~/.local/share/proofkey`.
 * @param onKeyFile is told, once, in a sentence, where the key lies in a file.
 * @throws ProofKeyException.FixConfiguration the folder cannot be used (`store_insecure`, `store_denied`).
 */
public class FileTokenStore(
    private val keyring: Keyring?,
    folder: String?,
    private val onKeyFile: (String) -> Unit,
) : TokenStore {
    private val native: FileStore =
        native("FileTokenStore") { FileStore.open(folder?.let { text("folder", it) } ?: defaultStoreFolder()) }
    private val entry = native("FileTokenStore") { keyringEntry() }
    private val finding = Mutex()

    @Volatile
    private var key: DataKey? = null

    /** The folder, by its real path. */
    public val folder: String
        get() = native("FileTokenStore") { native.folder() }

    /** See [TokenStore.load]. */
    override suspend fun load(key: String): StoredToken? =
        beside { native.load(key)?.let { StoredToken(it.revision.toLong(), it.value) } }

    /** See [TokenStore.swap]. */
    override suspend fun swap(
        key: String,
        revision: Long?,
        value: ByteArray?,
    ): Boolean = beside { native.swap(key, revision?.toULong(), value) }

    /** See [TokenStore.withLock]. The lock is the system's: free when its holder dies. */
    override suspend fun withLock(
        key: String,
        timeoutMillis: Long,
        action: suspend () -> Unit,
    ): Boolean {
        val lock = beside { native.lock(key, timeoutMillis.coerceAtLeast(0).toULong()) } ?: return false
        try {
            action()
        } finally {
            withContext(NonCancellable) { beside { lock.use { it.release() } } }
        }
        return true
    }

    /**
     * The key that the values are sealed under.
     *
     * @throws ProofKeyException.FixConfiguration it lies in a keyring that does not answer (`keyring_unavailable`). A new one
     *   is never made then: what is sealed would be lost.
     */
    override suspend fun dataKey(): DataKey = key ?: finding.withLock { key ?: beside(::find).also { key = it } }

    private fun find(): DataKey {
        val place = native.keyPlace()
        if (place == KeyPlace.KEYRING || (place == KeyPlace.UNDECIDED && decideKeyring())) return keyFromKeyring()
        return DataKey(native.fileKey()).also { onKeyFile(KEY_FILE) }
    }

    private fun keyFromKeyring(): DataKey {
        val reason =
            try {
                val text =
                    (
                        keyring ?: throw TokenStoreException(
                            "no keyring is known here",
                        )
                    ).lookUp(entry.service, entry.account)
                if (text != null) return DataKey.of(text)
                "it has no such entry"
            } catch (e: TokenStoreException) {
                e.message.orEmpty()
            } catch (_: ProofKeyException.FixConfiguration) {
                "its entry is not a key"
            }
        throw storeException(TokenStoreException.Failure.KeyringUnavailable.code, reason)
    }

    /** Whether the key is in the keyring now. One program at a time makes the entry. */
    private fun decideKeyring(): Boolean {
        val keyring = keyring ?: return false
        val lock =
            native.lock(entry.account, PATIENCE_MS) ?: throw storeException(TokenStoreException.Failure.Busy.code, "")
        return lock.use {
            val kept =
                try {
                    if (keyring.lookUp(entry.service, entry.account) == null) {
                        DataKey.generate().use { keyring.keep(entry.service, entry.account, it.exposeText()) }
                    }
                    // A keyring that takes everything and keeps nothing is none.
                    keyring.lookUp(entry.service, entry.account) != null
                } catch (_: TokenStoreException) {
                    // No keyring answers on this machine: the file does.
                    false
                }
            kept && native.decideKeyring()
        }
    }

    /** What waits for the disk or for others. */
    private suspend fun <T> beside(work: () -> T): T = withContext(Dispatchers.IO) { native("FileTokenStore", work) }

    /** For people; it holds no secret. */
    override fun toString(): String = "FileTokenStore($folder)"
}

/** As long as another program may take to ask its user. */
private const val PATIENCE_MS = 60_000uL

private const val KEY_FILE =
    "proofkey: the key of the token store lies in a file beside it, which keeps other users away and is no " +
        "encryption; where a keyring answers before the folder is first used, the keyring keeps it"
