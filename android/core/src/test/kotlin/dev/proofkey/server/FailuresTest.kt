package dev.proofkey.server

import dev.proofkey.pair
import dev.proofkey.running
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.IOException

/** A store of which a test may change every call. */
internal open class Meddled(
    private val inner: ProofStore,
) : ProofStore {
    /** Is asked around each call, which [work] does. */
    open suspend fun <T> around(
        name: String,
        work: suspend () -> T,
    ): T = work()

    override suspend fun put(grant: NewGrant) = around("put") { inner.put(grant) }

    override suspend fun find(
        grantId: String,
        codeHash: ByteArray,
    ) = around("find") { inner.find(grantId, codeHash) }

    override suspend fun claim(
        grantId: String,
        codeHash: ByteArray,
        maxMismatches: Long,
        tokens: List<NewToken>,
    ) = around("claim") { inner.claim(grantId, codeHash, maxMismatches, tokens) }

    override suspend fun rotate(
        grantId: String,
        tokenHash: ByteArray,
        reuseWindowSeconds: Long,
        tokens: List<NewToken>,
    ) = around("rotate") { inner.rotate(grantId, tokenHash, reuseWindowSeconds, tokens) }

    override suspend fun count(grantId: String) = around("count") { inner.count(grantId) }

    override suspend fun revoke(grantId: String) = around("revoke") { inner.revoke(grantId) }

    override suspend fun findToken(
        grantId: String,
        tokenHash: ByteArray,
    ) = around("findToken") { inner.findToken(grantId, tokenHash) }

    override suspend fun remember(
        name: String,
        lifetimeSeconds: Long,
    ) = around("remember") { inner.remember(name, lifetimeSeconds) }
}

/** Of which one call fails, before it has taken effect or [after]. */
internal class Failing(
    inner: ProofStore,
    private val call: String,
    private val after: Boolean,
    private val how: suspend () -> Nothing = { throw IOException("gone") },
) : Meddled(inner) {
    override suspend fun <T> around(
        name: String,
        work: suspend () -> T,
    ): T {
        if (name != call) return work()
        if (after) work()
        how()
    }
}

/** What a server does when its store fails, or is waited for in vain: it issues nothing. */
class FailuresTest {
    private val calls = listOf("put", "find", "claim", "rotate", "count", "revoke", "findToken")

    /** P29: every call is made to fail in turn, before and after it took effect. */
    @TestFactory
    fun `a failing store issues nothing`(): List<DynamicTest> =
        calls.flatMap { name -> listOf(false, true).map { name to it } }.map { (name, after) ->
            dynamicTest("$name, after: $after") { running { failing(name, after) } }
        }

    private suspend fun failing(
        name: String,
        after: Boolean,
    ) {
        val inner = MemoryGrantStore()
        val (good, bad) = Kit(inner) to Kit(Failing(inner, name, after))
        when (name) {
            "put" -> {
                val (sent, _) = bad.approved()
                assertFalse(sent.issued)
                assertEquals("server_error" to null, parameters(sent.location).let { it["error"] to it["code"] })
            }

            "rotate" -> {
                refuses(bad.refresh(good.redeem(good.code()).refresh))
            }

            "findToken" -> {
                val tokens = good.redeem(good.code())
                refuses(bad.refresh(tokens.refresh))
                val refused = bad.check(tokens.access) as Access.Refused
                assertEquals(503 to emptyMap<String, String>(), refused.status to refused.headers)
                assertEquals(503, bad.giveBack(tokens.access).status)
            }

            "count" -> {
                val code = good.code().first
                refuses(pair().use { bad.redeem(code to it.exposeVerifier()) })
            }

            else -> {
                val code = good.code()
                if (name == "revoke") assertEquals(200, good.redeem(code).status)
                refuses(bad.redeem(code))
            }
        }
        assertTrue(bad.told.isNotEmpty())
        assertTrue(bad.told.all { (call, error) -> call == name && error is IOException }, "${bad.told}")
    }

    private fun refuses(answer: TokenAnswer) {
        assertEquals(500 to "store_failed", answer.status to answer.audit)
        assertFalse(json(answer).has("access_token"))
    }

    /** P29: a row that cannot be read is none. */
    @Test
    fun `a row that is none is a failure`() =
        running {
            val made =
                listOf<(GrantRow) -> Found<GrantRow>>(
                    { Found(it, -1) },
                    { Found(GrantRow(it.grant, -1, it.isUsed, it.isRevoked, it.mismatches), 0) },
                    { Found(GrantRow(it.grant, it.expiresAt, it.isUsed, it.isRevoked, -1), 0) },
                    { Found(GrantRow(changed(it.grant, challenge = "short"), it.expiresAt, false, false, 0), 0) },
                    { Found(GrantRow(changed(it.grant, subject = "\uD800"), it.expiresAt, false, false, 0), 0) },
                )
            for (make in made) {
                val inner = MemoryGrantStore()
                val store =
                    object : GrantStore by inner {
                        override suspend fun find(
                            grantId: String,
                            codeHash: ByteArray,
                        ) = make(checkNotNull(inner.find(grantId, codeHash).row))
                    }
                val kit = Kit(store)
                refuses(kit.redeem(kit.code()))
                assertEquals(listOf("find"), kit.told.map { it.first })
            }
        }

    private fun changed(
        grant: Grant,
        subject: String = grant.subject,
        challenge: String? = grant.codeChallenge,
    ) = with(grant) {
        Grant(grantId, clientId, subject, redirectUri, redirectUriWasSent, challenge, scope, resource, refreshable, terms)
    }

    /** Whatever is behind the hook, no token comes out. */
    @Test
    fun `what the hook throws is thrown in place of the answer`(): Unit =
        running {
            val inner = MemoryGrantStore()
            val clients = Clients { AGENT }
            val server =
                AuthorizationServer(Policy(ISSUER), Failing(inner, "find", false), clients, null) { _, error -> throw error }
            assertThrows(IOException::class.java) {
                running { server.token(body(Kit(inner).code()), FORM) }
            }
        }

    private fun body(code: Pair<String, String>) =
        encoded(
            "grant_type" to "authorization_code",
            "code" to code.first,
            "code_verifier" to code.second,
            "redirect_uri" to REDIRECT,
            "client_id" to AGENT.clientId,
        ).toByteArray()

    /** The caller's cancel ends the call where it waits for the store; nobody is told that the store has failed. */
    @Test
    fun `a cancel passes`() =
        running {
            val inner = MemoryGrantStore()
            val waits = CompletableDeferred<Unit>()
            val kit =
                Kit(
                    Failing(inner, "claim", false) {
                        waits.complete(Unit)
                        awaitCancellation()
                    },
                )
            val code = kit.code()
            var came: Any? = null
            val job =
                launch {
                    came =
                        try {
                            kit.redeem(code)
                        } catch (e: CancellationException) {
                            e
                        }
                }
            waits.await()
            job.cancel()
            job.join()
            assertTrue(came is CancellationException, "$came")
            assertTrue(kit.told.isEmpty())
            assertEquals(200, Kit(inner).redeem(code).status)
        }

    /** A store that turns a cancel into an exception of its own hides it from nobody. */
    @Test
    fun `a cancel that the store has swallowed passes`() =
        running {
            val inner = MemoryGrantStore()
            val store =
                Failing(inner, "claim", false) {
                    try {
                        awaitCancellation()
                    } catch (_: CancellationException) {
                        throw IOException("interrupted")
                    }
                }
            val kit = Kit(store)
            val code = kit.code()
            assertEquals(null, withTimeoutOrNull(1) { kit.redeem(code) })
            assertTrue(kit.told.isEmpty())
        }

    @Test
    fun `the store's own deadline is a failure of the store`() =
        running {
            val kit = Kit(Failing(MemoryGrantStore(), "claim", false) { withTimeout(1) { awaitCancellation() } })
            refuses(kit.redeem(kit.code()))
            assertEquals(listOf("claim"), kit.told.map { it.first })
        }

    @Test
    fun `a store that is full issues nothing`() =
        running {
            val kit = Kit(MemoryGrantStore(maxGrants = 1))
            assertTrue(kit.approved().first.issued)
            assertFalse(kit.approved().first.issued)
        }
}
