package dev.proofkey.serversample

import dev.proofkey.server.Found
import dev.proofkey.server.GrantRow
import dev.proofkey.server.NewGrant
import dev.proofkey.server.NewToken
import dev.proofkey.server.ProofStore
import dev.proofkey.server.Rotation
import dev.proofkey.server.TokenKind
import dev.proofkey.server.TokenRow
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.sqlite.SQLiteConfig
import org.sqlite.SQLiteDataSource
import java.sql.Connection
import javax.sql.DataSource

/**
 * Grants in a database that speaks SQL, by plain JDBC. Of SQLite are `unixepoch()` and `(SELECT 1)` without a table;
 * all else is anyone's. Every write is one conditional statement, whose count of changed rows is the answer: between a
 * `SELECT` and an `UPDATE` there would be room for another request.
 */
open class JdbcGrantStore(
    private val source: DataSource,
) : ProofStore {
    /** Makes the tables, where there are none. */
    suspend fun prepare() {
        val statements = checkNotNull(javaClass.getResource("/schema.sql")).readText().split(";")
        transaction { database ->
            for (statement in statements) if (statement.isNotBlank()) database.change(statement)
        }
    }

    override suspend fun put(grant: NewGrant): Boolean =
        transaction { database ->
            val columns = columns(grant.grant)
            val marks = "?, ".repeat(columns.size)
            database.change(
                "INSERT INTO grants ($GRANT_COLUMNS, code_hash, expires_at) VALUES ($marks ?, unixepoch() + ?) " +
                    "ON CONFLICT (grant_id) DO NOTHING",
                *columns,
                grant.codeHash,
                grant.lifetimeSeconds,
            ) == 1
        }

    override suspend fun find(
        grantId: String,
        codeHash: ByteArray,
    ): Found<GrantRow> =
        reading { database ->
            database.first(
                "SELECT unixepoch() AS now, grants.* FROM (SELECT 1) " +
                    "LEFT JOIN grants ON grants.grant_id = ? AND code_hash = ?",
                grantId,
                codeHash,
            ) { row ->
                val there = row.getString("grant_id") != null
                Found(if (there) grantRow(row) else null, row.getLong("now"))
            }
        }

    private fun grantRow(row: java.sql.ResultSet) =
        GrantRow(
            grant(row),
            row.getLong("expires_at"),
            row.getBoolean("used"),
            row.getBoolean("revoked"),
            row.getInt("mismatches"),
        )

    override suspend fun claim(
        grantId: String,
        codeHash: ByteArray,
        maxMismatches: Long,
        tokens: List<NewToken>,
    ): Boolean =
        transaction { database ->
            val claimed =
                database.change(
                    "UPDATE grants SET used = 1 WHERE grant_id = ? AND code_hash = ? AND used = 0 AND revoked = 0 " +
                        "AND mismatches < ? AND expires_at > unixepoch()",
                    grantId,
                    codeHash,
                    maxMismatches,
                ) == 1
            if (claimed) database.write(grantId, tokens)
            claimed
        }

    override suspend fun rotate(
        grantId: String,
        tokenHash: ByteArray,
        reuseWindowSeconds: Long,
        tokens: List<NewToken>,
    ): Boolean =
        transaction { database ->
            val rotated =
                database.change(
                    "UPDATE grants SET generation = generation + 1, rotated_at = unixepoch() " +
                        "WHERE grant_id = ? AND revoked = 0 AND generation = (SELECT token_generation FROM tokens " +
                        "WHERE grant_id = ? AND token_hash = ? AND kind = 'refresh' AND token_expires_at > unixepoch())",
                    grantId,
                    grantId,
                    tokenHash,
                ) == 1
            val written = rotated || database.spares(grantId, tokenHash, reuseWindowSeconds)
            if (written) database.write(grantId, tokens)
            written
        }

    /** Whether the window spares the token. The transaction has the lock for writing already. */
    private fun Connection.spares(
        grantId: String,
        tokenHash: ByteArray,
        windowSeconds: Long,
    ): Boolean =
        first(
            "SELECT 1 FROM grants JOIN tokens ON tokens.grant_id = grants.grant_id " +
                "WHERE grants.grant_id = ? AND token_hash = ? AND kind = 'refresh' AND revoked = 0 " +
                "AND token_expires_at > unixepoch() AND token_generation = generation - 1 " +
                "AND rotated_at <= unixepoch() AND unixepoch() - rotated_at < ?",
            grantId,
            tokenHash,
            windowSeconds,
        ) { true } ?: false

    /** Writes the tokens into the newest generation. */
    protected fun Connection.write(
        grantId: String,
        tokens: List<NewToken>,
    ) {
        for (token in tokens) {
            change(
                "INSERT INTO tokens (grant_id, token_hash, kind, token_expires_at, token_scope, token_dpop_jkt, " +
                    "token_generation) SELECT grant_id, ?, ?, unixepoch() + ?, ?, ?, generation FROM grants " +
                    "WHERE grant_id = ?",
                token.tokenHash,
                token.kind.name,
                token.lifetimeSeconds,
                token.scope,
                token.dpopJkt,
                grantId,
            )
        }
    }

    override suspend fun count(grantId: String): Unit =
        transaction { it.change("UPDATE grants SET mismatches = mismatches + 1 WHERE grant_id = ?", grantId) }

    override suspend fun revoke(grantId: String): Unit =
        transaction { it.change("UPDATE grants SET revoked = 1 WHERE grant_id = ?", grantId) }

    override suspend fun findToken(
        grantId: String,
        tokenHash: ByteArray,
    ): Found<TokenRow> =
        reading { database ->
            database.first(
                "SELECT unixepoch() AS now, grants.*, tokens.* FROM (SELECT 1) LEFT JOIN (grants JOIN tokens " +
                    "ON tokens.grant_id = grants.grant_id) ON grants.grant_id = ? AND token_hash = ?",
                grantId,
                tokenHash,
            ) { row ->
                val there = row.getString("kind") != null
                Found(if (there) tokenRow(row) else null, row.getLong("now"))
            }
        }

    private fun tokenRow(row: java.sql.ResultSet): TokenRow {
        val kind = TokenKind.of(row.getString("kind"))
        val (own, newest) = row.getLong("token_generation") to row.getLong("generation")
        return TokenRow(
            kind,
            row.getLong("token_expires_at"),
            row.getBoolean("revoked"),
            grant(row),
            Rotation.of(kind, own, newest, row.getLong("rotated_at")),
            row.getString("token_scope"),
            row.getString("token_dpop_jkt"),
        )
    }

    override suspend fun remember(
        name: String,
        lifetimeSeconds: Long,
    ): Boolean =
        transaction { database ->
            database.change(
                "INSERT INTO proofs (name, proof_expires_at) VALUES (?, unixepoch() + ?) ON CONFLICT (name) DO UPDATE " +
                    "SET proof_expires_at = excluded.proof_expires_at WHERE proofs.proof_expires_at <= unixepoch()",
                name,
                lifetimeSeconds,
            ) == 1
        }

    /** Deletes some of what has expired; to be called by a timer. A grant stays as long as one of its tokens. */
    suspend fun forgetExpired() {
        transaction { database ->
            for (statement in EXPIRED) database.change(statement)
        }
    }

    /** One transaction, which has the lock for writing from its beginning. */
    protected suspend fun <T> transaction(work: (Connection) -> T): T =
        reading { database ->
            database.autoCommit = false
            try {
                work(database).also { database.commit() }
            } catch (e: Throwable) {
                database.rollback()
                throw e
            }
        }

    /** A connection, on a thread that may wait. */
    protected suspend fun <T> reading(work: (Connection) -> T?): T =
        withContext(Dispatchers.IO) { checkNotNull(source.connection.use(work)) }

    companion object {
        private val EXPIRED =
            listOf(
                "DELETE FROM tokens WHERE rowid IN (SELECT rowid FROM tokens WHERE token_expires_at <= unixepoch() LIMIT 500)",
                "DELETE FROM grants WHERE rowid IN (SELECT rowid FROM grants WHERE expires_at <= unixepoch() " +
                    "AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.grant_id = grants.grant_id) LIMIT 500)",
                "DELETE FROM proofs WHERE rowid IN (SELECT rowid FROM proofs WHERE proof_expires_at <= unixepoch() LIMIT 500)",
            )

        /** A file of SQLite: a commit is on the disk before it is said, and who finds it locked waits. */
        fun sqlite(file: String): DataSource {
            val config = SQLiteConfig()
            config.setJournalMode(SQLiteConfig.JournalMode.WAL)
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL)
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE)
            config.busyTimeout = 30_000
            config.enforceForeignKeys(true)
            return SQLiteDataSource(config).apply { url = "jdbc:sqlite:$file" }
        }
    }
}
