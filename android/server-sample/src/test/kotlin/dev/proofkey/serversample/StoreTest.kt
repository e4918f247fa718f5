package dev.proofkey.serversample

import dev.proofkey.server.testing.GrantStoreChecks
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File

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
}
