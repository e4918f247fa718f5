package dev.proofkey.serversample

import dev.proofkey.server.Grant
import dev.proofkey.server.NewGrant
import dev.proofkey.server.NewToken
import dev.proofkey.server.Terms
import dev.proofkey.server.TokenKind
import dev.proofkey.server.testing.GrantStoreChecks
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.UUID

/** The store is held to what it must promise. */
class StoreTest {
    @TempDir
    lateinit var folder: File

    @TestFactory
    fun `the store over JDBC passes`(): List<DynamicTest> {
        val source = JdbcGrantStore.sqlite(File(folder, "grants.db").path)
        runBlocking { JdbcGrantStore(source).prepare() }
        return GrantStoreChecks { JdbcGrantStore(source) }.checks.map { dynamicTest(it.name) { runBlocking { it.run() } } }
    }

    private fun grant(lifetimeSeconds: Long): NewGrant {
        val id = "grant-${UUID.randomUUID()}"
        val grant = Grant(id, "agent", "user", "http://127.0.0.1/", true, null, "", null, false, Terms())
        return NewGrant(grant, id.toByteArray(), lifetimeSeconds)
    }

    private fun token(lifetimeSeconds: Long) =
        NewToken(TokenKind.Access, UUID.randomUUID().toString().toByteArray(), lifetimeSeconds, null, null)

    @Test
    fun `what has expired is forgotten, and nothing else`() =
        runBlocking {
            val store = JdbcGrantStore(JdbcGrantStore.sqlite(File(folder, "grants.db").path))
            store.prepare()
            val (expired, living) = grant(0) to grant(60)
            val (old, good) = token(0) to token(60)
            assertTrue(store.put(expired) && store.put(living))
            assertTrue(store.claim(living.grant.grantId, living.codeHash, 5, listOf(old, good)))
            assertTrue(store.remember("old", 0) && store.remember("good", 60))
            assertNotNull(store.find(expired.grant.grantId, expired.codeHash).row, "the control: it was there")
            store.forgetExpired()
            assertNull(store.find(expired.grant.grantId, expired.codeHash).row)
            assertNull(store.findToken(living.grant.grantId, old.tokenHash).row)
            assertEquals(true, store.find(living.grant.grantId, living.codeHash).row?.isUsed)
            assertNotNull(store.findToken(living.grant.grantId, good.tokenHash).row)
            assertFalse(store.remember("good", 60))
        }
}
