package dev.proofkey.android

import dev.proofkey.TokenStoreException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import java.io.File
import java.io.RandomAccessFile
import java.security.Security

/** Tokens in files, under a key that the Keystore wraps. */
@RunWith(RobolectricTestRunner::class)
class KeystoreTest {
    private val folder get() = File(RuntimeEnvironment.getApplication().noBackupFilesDir, "proofkey")

    private fun store() = KeystoreTokenStore(RuntimeEnvironment.getApplication())

    private fun <T> running(test: suspend () -> T): T = runBlocking { withTimeout(SECONDS * 1000) { test() } }

    @Before
    fun register() {
        Security.addProvider(FakeProvider())
    }

    @After
    fun clear() {
        Security.removeProvider("AndroidKeyStore")
        FakeKeyStore.forget()
    }

    @Test
    fun valuesAreSwapped() =
        running {
            val store = store()
            assertNull(store.load("a"))
            assertFalse(store.swap("a", 7, byteArrayOf(1)))
            assertTrue(store.swap("a", 0, byteArrayOf(1)))
            val first = store().load("a")!!
            assertArrayEquals(byteArrayOf(1), first.exposeValue())
            assertFalse(store.swap("a", 0, byteArrayOf(2)))
            assertTrue(store.swap("a", first.revision, byteArrayOf(3)))
            assertNotEquals(first.revision, store.load("a")!!.revision)
            assertTrue(store.swap("a", null, null))
            assertTrue(store.swap("a", 0, null))
            assertNull(store.load("a"))
            assertTrue(folder.listFiles()!!.none { it.name.endsWith(".new") })
        }

    @Test
    fun theKeyIsWrappedAndOutlivesTheApp() =
        running {
            val key = store().dataKey()
            assertArrayEquals(key.exposeBytes(), store().dataKey().exposeBytes())
            val bytes = folder.listFiles()!!.map { it.readBytes().toString(Charsets.ISO_8859_1) }
            assertTrue(bytes.none { key.exposeBytes().toString(Charsets.ISO_8859_1) in it })
            assertEquals(setOf("dev.proofkey.data-key"), FakeKeyStore.keys.keys)
        }

    @Test
    fun whenTheKeystoreHasLostItsKeyThereIsANewOne() =
        running {
            val key = store().dataKey().exposeText()
            FakeKeyStore.keys.clear()
            val second = store().dataKey().exposeText()
            assertNotEquals(key, second)
            assertEquals(second, store().dataKey().exposeText())
        }

    @Test
    fun aKeystoreThatDoesNotAnswerIsNoReasonForANewKey() {
        val key = running { store().dataKey().exposeText() }
        Security.removeProvider("AndroidKeyStore")
        val error = assertThrows(TokenStoreException::class.java) { running { store().dataKey() } }
        assertEquals(TokenStoreException.Failure.KeyringUnavailable, error.failure)
        Security.addProvider(FakeProvider())
        assertEquals(key, running { store().dataKey().exposeText() })
    }

    @Test
    fun aLockKeepsOthersAway() =
        running {
            val inner = CompletableDeferred<Boolean>()
            assertTrue(
                store().withLock("a", 0) {
                    inner.complete(store().withLock("a", 20) {})
                    assertTrue(store().withLock("b", 0) {})
                },
            )
            assertFalse(inner.await())
            assertTrue(store().withLock("a", 0) {})
        }

    @Test
    fun aCutFileIsUnreadable() =
        running {
            store().swap("a", null, byteArrayOf(1))
            RandomAccessFile(File(folder, "a"), "rw").use { it.setLength(3) }
            val error = assertThrows(TokenStoreException::class.java) { running { store().load("a") } }
            assertEquals(TokenStoreException.Failure.Unreadable, error.failure)
        }
}
