package dev.proofkey.server

import dev.proofkey.running
import dev.proofkey.server.testing.GrantStoreChecks
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** The public suite for grant stores: a good store passes, and each fault of a store is found. */
class StoreChecksTest {
    @TestFactory
    fun `the store in memory passes`(): List<DynamicTest> {
        val store = MemoryGrantStore()
        return GrantStoreChecks { store }.checks.map { dynamicTest(it.name) { running { it.run() } } }
    }

    @Test
    fun `a store that remembers nothing passes`() =
        running {
            val plain = object : GrantStore by MemoryGrantStore() {}
            GrantStoreChecks(racers = 8) { plain }.run()
        }

    /** A store with one fault, and the check that must find it. */
    private class Fault(
        val name: String,
        val found: String,
        val store: (MemoryGrantStore) -> GrantStore,
    )

    private val faults =
        listOf(
            Fault("the terms are forgotten", "a grant is found by its id and its hash") { inner ->
                object : GrantStore by inner {
                    override suspend fun put(grant: NewGrant) = inner.put(NewGrant(bare(grant.grant), grant.codeHash, 60))
                }
            },
            Fault("mismatches are not counted", "mismatches are counted") { inner ->
                object : GrantStore by inner {
                    override suspend fun count(grantId: String) {}
                }
            },
            Fault("a revocation does nothing", "a revocation reaches every token") { inner ->
                object : GrantStore by inner {
                    override suspend fun revoke(grantId: String) {}
                }
            },
            Fault("no token is written", "a claim happens once and brings its tokens") { inner ->
                object : GrantStore by inner {
                    override suspend fun claim(
                        grantId: String,
                        codeHash: ByteArray,
                        maxMismatches: Long,
                        tokens: List<NewToken>,
                    ) = inner.claim(grantId, codeHash, maxMismatches, emptyList())
                }
            },
            Fault("a claim does not look at the mismatches", "a claim needs every one of its conditions") { inner ->
                object : GrantStore by inner {
                    override suspend fun claim(
                        grantId: String,
                        codeHash: ByteArray,
                        maxMismatches: Long,
                        tokens: List<NewToken>,
                    ) = inner.claim(grantId, codeHash, Long.MAX_VALUE, tokens)
                }
            },
            Fault("a claim says yes to all", "of many claims one wins") { inner ->
                object : GrantStore by inner {
                    override suspend fun claim(
                        grantId: String,
                        codeHash: ByteArray,
                        maxMismatches: Long,
                        tokens: List<NewToken>,
                    ) = true.also { inner.claim(grantId, codeHash, maxMismatches, tokens) }
                }
            },
            Fault("a claim says yes to all", "of many redeemers one gets a token") { inner ->
                object : GrantStore by inner {
                    override suspend fun find(
                        grantId: String,
                        codeHash: ByteArray,
                    ): Found<GrantRow> {
                        val (row, now) = inner.find(grantId, codeHash).let { it.row to it.now }
                        val unused = row?.let { GrantRow(it.grant, it.expiresAt, false, it.isRevoked, it.mismatches) }
                        return Found(unused, now)
                    }

                    override suspend fun claim(
                        grantId: String,
                        codeHash: ByteArray,
                        maxMismatches: Long,
                        tokens: List<NewToken>,
                    ) = true.also { inner.claim(grantId, codeHash, maxMismatches, tokens) }
                }
            },
            Fault("the window is not looked at", "a rotation happens once and brings its tokens") { inner ->
                object : GrantStore by inner {
                    override suspend fun rotate(
                        grantId: String,
                        tokenHash: ByteArray,
                        reuseWindowSeconds: Long,
                        tokens: List<NewToken>,
                    ) = inner.rotate(grantId, tokenHash, 30, tokens)
                }
            },
            Fault("there is no window", "the window spares the predecessor alone") { inner ->
                object : GrantStore by inner {
                    override suspend fun rotate(
                        grantId: String,
                        tokenHash: ByteArray,
                        reuseWindowSeconds: Long,
                        tokens: List<NewToken>,
                    ) = inner.rotate(grantId, tokenHash, 0, tokens)
                }
            },
            Fault("every proof is new", "a proof is new once") { inner ->
                object : ProofStore by inner {
                    override suspend fun remember(
                        name: String,
                        lifetimeSeconds: Long,
                    ) = true
                }
            },
        )

    private fun bare(grant: Grant) =
        with(grant) {
            Grant(
                grantId,
                clientId,
                subject,
                redirectUri,
                redirectUriWasSent,
                codeChallenge,
                scope,
                resource,
                refreshable,
                Terms(),
            )
        }

    @TestFactory
    fun `each fault is found`(): List<DynamicTest> =
        faults.map { fault ->
            dynamicTest("${fault.name}: ${fault.found}") {
                val store = fault.store(MemoryGrantStore())
                val check = GrantStoreChecks(racers = 16) { store }.checks.single { it.name == fault.found }
                assertThrows(AssertionError::class.java) { running { check.run() } }
            }
        }

    @Test
    fun `there are as many checks as in the other languages`() {
        assertEquals(15, GrantStoreChecks { MemoryGrantStore() }.checks.size)
    }
}
