package dev.proofkey.server

import java.security.MessageDigest

/**
 * A [ProofStore] in memory, of bounded size, for one process: for tests, and for servers that may forget when they
 * restart.
 *
 * One lock guards it all, held for a few operations and never across a wait. When it is full, expired grants go first;
 * if that makes no room, [put] says no.
 *
 * @param maxGrants so many grants are kept.
 * @param maxTokens so many tokens are kept of one grant, those that were exchanged among them, because one that comes
 * back must be known; when they are reached, [rotate] says no.
 * @param maxProofs so many proofs are remembered; when they are reached, [remember] fails.
 * @param clock gives seconds since the epoch.
 */
public class MemoryGrantStore
    @JvmOverloads
    constructor(
        private val maxGrants: Int = 100_000,
        private val maxTokens: Int = 25_000,
        private val maxProofs: Int = 20_000,
        private val clock: () -> Long = { System.currentTimeMillis() / 1000 },
    ) : ProofStore {
        private val guard = Any()
        private val rows = HashMap<String, Row>()

        /** The proofs that were used, and until when each is remembered. */
        private val names = HashMap<String, Long>()

        private class Token(
            val kind: TokenKind,
            val hash: ByteArray,
            val expiresAt: Long,
            val scope: String?,
            val dpopJkt: String?,
            val generation: Long,
        )

        private class Row(
            val grant: Grant,
            val codeHash: ByteArray,
            val expiresAt: Long,
        ) {
            var keepUntil = expiresAt
            var isUsed = false
            var isRevoked = false
            var mismatches = 0
            var generation = 0L
            var rotatedAt = 0L
            val tokens = ArrayList<Token>()

            fun token(hash: ByteArray) = tokens.find { MessageDigest.isEqual(it.hash, hash) }

            /** Into the newest generation. A grant is kept as long as one of its tokens is valid. */
            fun write(
                new: List<NewToken>,
                now: Long,
            ) {
                for (token in new) {
                    val until = now + token.lifetimeSeconds
                    tokens += Token(token.kind, token.tokenHash, until, token.scope, token.dpopJkt, generation)
                    keepUntil = maxOf(keepUntil, until)
                }
            }
        }

        /** See [GrantStore.put]. */
        override suspend fun put(grant: NewGrant): Boolean =
            synchronized(guard) {
                val now = clock()
                if (rows.size >= maxGrants) rows.values.removeAll { it.keepUntil <= now }
                val id = grant.grant.grantId
                if (rows.size >= maxGrants || id in rows) return false
                rows[id] = Row(grant.grant, grant.codeHash, now + grant.lifetimeSeconds)
                true
            }

        /** See [GrantStore.find]. */
        override suspend fun find(
            grantId: String,
            codeHash: ByteArray,
        ): Found<GrantRow> =
            synchronized(guard) {
                val row = row(grantId, codeHash)
                Found(row?.let { GrantRow(it.grant, it.expiresAt, it.isUsed, it.isRevoked, it.mismatches) }, clock())
            }

        /** See [GrantStore.claim]. */
        override suspend fun claim(
            grantId: String,
            codeHash: ByteArray,
            maxMismatches: Long,
            tokens: List<NewToken>,
        ): Boolean =
            synchronized(guard) {
                val row = row(grantId, codeHash) ?: return false
                val now = clock()
                if (row.isUsed || row.isRevoked || row.mismatches >= maxMismatches || row.expiresAt <= now) return false
                row.isUsed = true
                row.write(tokens, now)
                true
            }

        /** See [GrantStore.rotate]. */
        override suspend fun rotate(
            grantId: String,
            tokenHash: ByteArray,
            reuseWindowSeconds: Long,
            tokens: List<NewToken>,
        ): Boolean =
            synchronized(guard) {
                val row = rows[grantId] ?: return false
                val token = row.token(tokenHash) ?: return false
                val now = clock()
                if (row.isRevoked || token.kind != TokenKind.Refresh || token.expiresAt <= now) return false
                val newest = token.generation == row.generation
                val age = now - row.rotatedAt
                val spared = token.generation == row.generation - 1 && age >= 0 && age < reuseWindowSeconds
                if (!newest && !spared) return false
                row.tokens.removeAll { it.expiresAt <= now }
                if (row.tokens.size + tokens.size > maxTokens) return false
                if (newest) {
                    row.generation++
                    row.rotatedAt = now
                }
                row.write(tokens, now)
                true
            }

        /** See [GrantStore.count]. */
        override suspend fun count(grantId: String): Unit = synchronized(guard) { rows[grantId]?.let { it.mismatches++ } }

        /** See [GrantStore.revoke]. */
        override suspend fun revoke(grantId: String): Unit = synchronized(guard) { rows[grantId]?.isRevoked = true }

        /** See [GrantStore.findToken]. */
        override suspend fun findToken(
            grantId: String,
            tokenHash: ByteArray,
        ): Found<TokenRow> =
            synchronized(guard) {
                val row = rows[grantId]
                val token = row?.token(tokenHash)
                Found(if (token == null) null else found(row, token), clock())
            }

        /** See [ProofStore.remember]. When it is full it fails: to forget a name would let a proof be used again. */
        override suspend fun remember(
            name: String,
            lifetimeSeconds: Long,
        ): Boolean =
            synchronized(guard) {
                val now = clock()
                if ((names[name] ?: now) > now) return false
                if (names.size >= maxProofs) names.values.removeAll { it <= now }
                check(names.size < maxProofs) { "no more proofs can be remembered" }
                names[name] = now + lifetimeSeconds
                true
            }

        private fun row(
            grantId: String,
            codeHash: ByteArray,
        ) = rows[grantId]?.takeIf { MessageDigest.isEqual(it.codeHash, codeHash) }

        private fun found(
            row: Row,
            token: Token,
        ) = TokenRow(
            token.kind,
            token.expiresAt,
            row.isRevoked,
            row.grant,
            Rotation.of(token.kind, token.generation, row.generation, row.rotatedAt),
            token.scope,
            token.dpopJkt,
        )

        /** For people. */
        override fun toString(): String = "MemoryGrantStore"
    }
