package dev.proofkey

import dev.proofkey.runner.target
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** Where tokens are kept. */
class StoresTest {
    @TempDir
    lateinit var folder: File

    private class Ring(
        var answers: Boolean = true,
    ) : Keyring {
        var text: String? = null

        override fun lookUp(
            service: String,
            account: String,
        ): String? {
            assertEquals("proofkey" to "data-key", service to account)
            return if (answers) text else throw TokenStoreException("it is locked")
        }

        override fun keep(
            service: String,
            account: String,
            text: String,
        ) {
            this.text = text
        }
    }

    private fun fileStore(
        keyring: Keyring? = null,
        hears: MutableList<String> = mutableListOf(),
    ) = FileTokenStore(keyring, folder.path) { hears += it }

    @TestFactory
    fun `a store does what it says`(): List<DynamicTest> =
        listOf("memory", "file").map { name ->
            dynamicTest(name) {
                val store = if (name == "memory") MemoryTokenStore() else fileStore()
                running { check(store) }
            }
        }

    private suspend fun check(store: TokenStore) {
        assertNull(store.load("a"))
        assertFalse(store.swap("a", 7, ByteArray(1)))
        assertTrue(store.swap("a", 0, byteArrayOf(1)))
        val first = checkNotNull(store.load("a"))
        assertArrayEquals(byteArrayOf(1), first.exposeValue())
        assertFalse(store.swap("a", 0, byteArrayOf(2)))
        assertTrue(store.swap("a", first.revision, byteArrayOf(3)))
        assertTrue(store.load("a")!!.revision != first.revision)
        assertTrue(store.swap("a", null, null))
        assertNull(store.load("a"))
        assertEquals(store.dataKey()!!.exposeText(), store.dataKey()!!.exposeText())

        var ran = 0
        val other = CompletableDeferred<Boolean>()
        assertTrue(
            store.withLock("a", 0) {
                ran++
                other.complete(store.withLock("a", 20) { ran += 100 })
                assertTrue(store.withLock("b", 0) { ran++ })
            },
        )
        assertFalse(other.await())
        assertTrue(store.withLock("a", 0) { ran++ })
        assertEquals(3, ran)
    }

    @Test
    fun `the key lies in the keyring, or in a file, which is said`() {
        val hears = mutableListOf<String>()
        val ring = Ring()
        val key = running { fileStore(ring, hears).dataKey().exposeText() }
        assertEquals(ring.text, key)
        assertEquals(emptyList<String>(), hears)
        assertEquals(key, running { fileStore(ring).dataKey().exposeText() })
        // A new key would lose all that is sealed.
        ring.answers = false
        for (keyring in listOf(ring, null, Ring())) {
            val error =
                assertThrows(ProofKeyException.FixConfiguration::class.java) { running { fileStore(keyring).dataKey() } }
            assertEquals("keyring_unavailable", error.code)
        }
        folder = File(folder, "other")
        val filed = running { fileStore(Ring(false), hears).dataKey().exposeText() }
        assertEquals(filed, running { fileStore(Ring()).dataKey().exposeText() })
        assertTrue(hears.single().startsWith("proofkey: the key of the token store lies in a file"))
    }

    @Test
    fun `the program and Kotlin share a folder`() {
        val store = fileStore()
        val client =
            ProofKeyClient(Server.resource, LoopbackAuthenticator(following)) {
                clientId = Server.clientId
                this.store = store
            }
        val token = running { client.signIn().use { it.exposeAccessToken() } }
        val program = System.getenv("PROOFKEY_PROGRAM") ?: File(target, "debug/proofkey").path
        val builder = ProcessBuilder(program, "token", Server.resource)
        builder.environment()["PROOFKEY_STORE"] = folder.path
        val process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start()
        assertEquals(token, process.inputReader().readText().trim())
        assertEquals(0, process.waitFor())
    }

    /** A store that fails in one call, by one of its ways. */
    private class Failing(
        private val call: String,
        private val error: () -> Exception,
    ) : TokenStore {
        private val inner = MemoryTokenStore()
        var isOn = true

        private fun at(name: String) {
            if (isOn && name == call) throw error()
        }

        override suspend fun load(key: String): StoredToken? = inner.load(key).also { at("load") }

        override suspend fun swap(
            key: String,
            revision: Long?,
            value: ByteArray?,
        ): Boolean {
            at("swap")
            return inner.swap(key, revision, value)
        }

        override suspend fun withLock(
            key: String,
            timeoutMillis: Long,
            action: suspend () -> Unit,
        ): Boolean {
            at("lock")
            return inner.withLock(key, timeoutMillis, action).also { at("unlock") }
        }

        override suspend fun dataKey(): DataKey? = inner.dataKey().also { at("key") }
    }

    @TestFactory
    fun `a store that fails says so by its code`(): List<DynamicTest> {
        val errors =
            listOf(
                "store_full" to { TokenStoreException("no room", TokenStoreException.Failure.Full) },
                "store_failed" to { TokenStoreException("it broke") },
                "store_failed" to { IllegalArgumentException("canary-token-1 was refused") },
            )
        return listOf("load", "lock", "key").flatMap { call ->
            errors.mapIndexed { at, (code, error) ->
                dynamicTest("$call $at") {
                    Keeper().use { site ->
                        val store = Failing(call, error)
                        val client = site.client(store)
                        store.isOn = false
                        running { client.signIn().close() }
                        store.isOn = true
                        val failed = assertThrows(ProofKeyException::class.java) { running { client.accessToken() } }
                        assertEquals(code, failed.code)
                        assertFalse("canary" in failed.message.orEmpty())
                        store.isOn = false
                        assertEquals("canary-token-2", running { client.accessToken() })
                    }
                }
            }
        }
    }

    @Test
    fun `tokens that cannot be kept are given all the same, with a warning`() {
        Keeper().use { site ->
            val store = Failing("swap") { TokenStoreException("no room", TokenStoreException.Failure.Full) }
            val client = site.client(store)
            running { client.signIn().use { assertEquals("canary-token-1", it.exposeAccessToken()) } }
            assertEquals("store_full", client.lastWarning?.code)
        }
    }

    /** A lock that others hold is waited for, and a cancel ends the wait. */
    @Test
    fun `a cancel ends the wait for a lock`() {
        Keeper().use { site ->
            val store = fileStore()
            running {
                site.client(store).signIn().close()
                val place = folder.listFiles()!!.first { it.name.startsWith("lock-") || it.name.contains("tokens-") }
                val key = Regex("tokens-[a-z0-9-]+").find(place.name)!!.value
                val (held, goOn) = CompletableDeferred<Unit>() to CompletableDeferred<Unit>()
                val holder =
                    launch {
                        store.withLock(key, LONG) {
                            held.complete(Unit)
                            goOn.await()
                        }
                    }
                held.await()
                val asked = CompletableDeferred<Unit>()
                val watched =
                    object : TokenStore by store {
                        override suspend fun withLock(
                            key: String,
                            timeoutMillis: Long,
                            action: suspend () -> Unit,
                        ): Boolean {
                            asked.complete(Unit)
                            return store.withLock(key, timeoutMillis, action)
                        }
                    }
                val waiting = launch { site.client(watched).accessToken() }
                asked.await()
                waiting.cancel()
                waiting.join()
                goOn.complete(Unit)
                holder.join()
                assertEquals("canary-token-2", site.client(store).accessToken())
            }
            assertEquals(1, site.refreshes)
        }
    }
}
