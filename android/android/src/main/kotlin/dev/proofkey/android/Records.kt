package dev.proofkey.android

import android.system.ErrnoException
import android.system.OsConstants
import dev.proofkey.StoredToken
import dev.proofkey.TokenStoreException
import dev.proofkey.TokenStoreException.Failure
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.File
import java.io.FileNotFoundException
import java.io.FileOutputStream
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileLock
import java.security.SecureRandom

/** Files under names, each with a revision before its bytes. A file is whole, or not there. */
internal class Records(
    private val folder: File,
) {
    fun read(name: String): StoredToken? =
        onDisk {
            val file = File(folder, name)
            val bytes =
                try {
                    file.readBytes()
                } catch (e: FileNotFoundException) {
                    if (file.exists()) throw e
                    return null
                }
            if (bytes.size < Long.SIZE_BYTES) throw TokenStoreException("a file is cut", Failure.Unreadable)
            val revision = ByteBuffer.wrap(bytes).long
            StoredToken(revision, bytes.copyOfRange(Long.SIZE_BYTES, bytes.size))
        }

    /** Under a lock that all writers take. */
    fun swap(
        name: String,
        revision: Long?,
        value: ByteArray?,
    ): Boolean =
        onDisk {
            if (revision != null && revision != (read(name)?.revision ?: 0L)) return false
            val file = File(folder, name)
            if (value == null) {
                if (!file.delete() && file.exists()) throw IOException("a file cannot be deleted")
                return true
            }
            val beside = File(open(), "$name.new")
            FileOutputStream(beside).use { out ->
                out.write(ByteBuffer.allocate(Long.SIZE_BYTES).putLong(0, newRevision()).array())
                out.write(value)
                out.fd.sync()
            }
            if (!beside.renameTo(file)) throw IOException("a file cannot be put in place")
            true
        }

    /** Never that of nothing, and never one that was there before. */
    private fun newRevision(): Long {
        while (true) random.nextLong().let { if (it > 0) return it }
    }

    /** Among the coroutines of this process first: they have the system's lock in common. */
    suspend fun withLock(
        name: String,
        timeoutMillis: Long,
        action: suspend () -> Unit,
    ): Boolean {
        val end = System.nanoTime() + timeoutMillis * NANOS_IN_MILLI
        val file = File(folder, "$name.lock")
        val mutex = synchronized(mutexes) { mutexes.getOrPut(file.path) { Mutex() } }
        if (!mutex.tryLock()) withTimeoutOrNull(timeoutMillis) { mutex.lock() } ?: return false
        try {
            val channel = withContext(Dispatchers.IO) { onDisk { RandomAccessFile(File(open(), file.name), "rw").channel } }
            try {
                var lock: FileLock? = null
                while (lock == null) {
                    lock = withContext(Dispatchers.IO) { onDisk { channel.tryLock() } }
                    if (lock == null && System.nanoTime() >= end) return false
                    if (lock == null) delay(PAUSE_MS)
                }
                action()
                return true
            } finally {
                // Gives the lock back.
                withContext(NonCancellable + Dispatchers.IO) { channel.close() }
            }
        } finally {
            mutex.unlock()
        }
    }

    private fun open(): File {
        if (!folder.isDirectory && !folder.mkdirs() && !folder.isDirectory) throw IOException("the folder cannot be made")
        return folder
    }

    private inline fun <T> onDisk(work: () -> T): T =
        try {
            work()
        } catch (e: IOException) {
            throw TokenStoreException(e.javaClass.simpleName, if (isFull(e)) Failure.Full else Failure.Failed)
        }

    private fun isFull(e: IOException): Boolean {
        val cause = e.cause as? ErrnoException ?: return false
        return cause.errno == OsConstants.ENOSPC || cause.errno == OsConstants.EDQUOT
    }

    private companion object {
        const val NANOS_IN_MILLI = 1_000_000L
        const val PAUSE_MS = 10L
        val random = SecureRandom()
        val mutexes = HashMap<String, Mutex>()
    }
}
