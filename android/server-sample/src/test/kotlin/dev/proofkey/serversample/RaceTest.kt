package dev.proofkey.serversample

import dev.proofkey.pair
import dev.proofkey.server.Access
import dev.proofkey.server.AuthorizationRequest
import dev.proofkey.server.AuthorizationServer
import dev.proofkey.server.ClientRecord
import dev.proofkey.server.NewToken
import dev.proofkey.server.Policy
import dev.proofkey.server.ProofStore
import dev.proofkey.server.TokenAnswer
import kotlinx.coroutines.runBlocking
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.net.URLDecoder
import java.net.URLEncoder
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import javax.sql.DataSource

private const val AT_ONCE = 64
private const val LONG_S = 60L

/** Reads, then writes, as it is often written. [between] are so many that meet at that place. */
private class NaiveStore(
    private val source: DataSource,
    between: Int,
) : JdbcGrantStore(source) {
    private val barrier = CyclicBarrier(between)

    override suspend fun claim(
        grantId: String,
        codeHash: ByteArray,
        maxMismatches: Long,
        tokens: List<NewToken>,
    ): Boolean {
        val row = find(grantId, codeHash).row ?: return false
        if (row.isUsed || row.isRevoked) return false
        barrier.await(LONG_S, TimeUnit.SECONDS)
        return transaction { database ->
            database.change("UPDATE grants SET used = 1 WHERE grant_id = ?", grantId)
            database.write(grantId, tokens)
            true
        }
    }
}

/** P24: a code is used once, whoever brings it, and at whatever moment. */
class RaceTest {
    @TempDir
    lateinit var folder: File

    private val agent =
        ClientRecord("agent", "An agent", listOf("http://127.0.0.1/callback"), listOf("read"), mayRefresh = true)
    private val resource = "https://api.example/"

    private fun source(): DataSource = JdbcGrantStore.sqlite(File(folder, "grants.db").path)

    private fun server(store: ProofStore) =
        AuthorizationServer(Policy("https://as.example"), store, { agent }) { _, error -> throw error }

    private fun encoded(vararg fields: Pair<String, String>) =
        fields.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, "UTF-8")}" }

    /** A token request whose user has said yes: with everything right. */
    private fun approved(server: AuthorizationServer): ByteArray =
        pair().use { made ->
            val query =
                encoded(
                    "response_type" to "code",
                    "client_id" to "agent",
                    "redirect_uri" to "http://127.0.0.1:49152/callback",
                    "scope" to "read",
                    "resource" to resource,
                    "code_challenge" to made.challenge,
                    "code_challenge_method" to "S256",
                )
            val sent =
                runBlocking {
                    server.approve(server.authorizationRequest(query) as AuthorizationRequest.Accepted, "user")
                }
            val code = sent.location.substringAfter("code=").substringBefore("&")
            encoded(
                "grant_type" to "authorization_code",
                "code" to URLDecoder.decode(code, "UTF-8"),
                "code_verifier" to made.exposeVerifier(),
                "redirect_uri" to "http://127.0.0.1:49152/callback",
                "client_id" to "agent",
            ).toByteArray()
        }

    private fun redeem(
        server: AuthorizationServer,
        request: ByteArray,
    ): TokenAnswer = runBlocking { server.token(request, "application/x-www-form-urlencoded") }

    /** What so many get that begin at one moment, each with connections of its own. */
    private fun race(
        store: () -> ProofStore,
        request: ByteArray,
    ): List<TokenAnswer> {
        val together = CyclicBarrier(AT_ONCE)
        val threads = Executors.newFixedThreadPool(AT_ONCE)
        try {
            val redeemer =
                Callable {
                    val server = server(store())
                    together.await(LONG_S, TimeUnit.SECONDS)
                    redeem(server, request)
                }
            return List(AT_ONCE) { threads.submit(redeemer) }.map { it.get(LONG_S, TimeUnit.SECONDS) }
        } finally {
            threads.shutdownNow()
        }
    }

    private fun passes(
        server: AuthorizationServer,
        answer: TokenAnswer,
    ): Boolean {
        val token = JSONObject(String(answer.body)).getString("access_token")
        return runBlocking { server.check("Bearer $token", resource, listOf("read")) } is Access.Granted
    }

    @Test
    fun `of 64 redeemers one gets a token, and the others end it`() {
        val store = JdbcGrantStore(source())
        runBlocking { store.prepare() }
        val server = server(store)
        for (round in 1..ROUNDS) {
            val request = approved(server)
            val answers = race({ JdbcGrantStore(source()) }, request)
            val won = answers.filter { it.status == 200 }
            assertEquals(listOf("issued"), won.map { it.audit }, "code $round: the winners")
            val others = answers.filter { it.status != 200 }.map { it.status to it.audit }.toSet()
            assertTrue(others.all { it == 400 to "replay_revoked" || it == 400 to "revoked" }, "code $round: $others")
            assertTrue(!passes(server, won.single()), "code $round: a revoked token passes")
        }
    }

    /** CVE-2026-47386: of 64 that read before the first one writes, each gets a token. */
    @Test
    fun `a store that reads before it writes loses the race`() {
        val good = JdbcGrantStore(source())
        runBlocking { good.prepare() }
        val naive = NaiveStore(source(), AT_ONCE)
        val answers = race({ naive }, approved(server(good)))
        assertEquals(AT_ONCE, answers.count { it.status == 200 })
        // One at a time it is as good as any: that is why nobody notices.
        val alone = server(NaiveStore(source(), 1))
        val request = approved(alone)
        val first = redeem(alone, request)
        assertTrue(passes(alone, first))
        assertEquals("replay_revoked", redeem(alone, request).audit)
        assertTrue(!passes(alone, first))
    }

    private companion object {
        const val ROUNDS = 4
    }
}
