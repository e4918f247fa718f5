package dev.proofkey.server

/**
 * What a server's database is asked: the steps of the core's flows. Their conditions are the defence: every write is
 * one conditional statement, so that of any number of servers at once exactly one wins. Time is the database's.
 *
 * What a call throws is a failure of the store: nothing is issued, and the answer says that the server has failed. A
 * cancel is none, and passes. Calls come from any coroutine, and many at once; a database that blocks is asked on
 * `Dispatchers.IO`.
 */
public interface GrantStore {
    /**
     * Writes a new grant, to expire its lifetime after the store's clock.
     *
     * @return false, and nothing written, if a grant of that id exists or the store is full.
     */
    public suspend fun put(grant: NewGrant): Boolean

    /** Reads the grant of this id whose code has this hash, whatever its state, and the store's clock. */
    public suspend fun find(
        grantId: String,
        codeHash: ByteArray,
    ): Found<GrantRow>

    /**
     * Marks the code used, in one conditional statement: only if it is unused, unexpired, not revoked and has fewer
     * than [maxMismatches] mismatches. If it did, the tokens are written in the same transaction, all or none.
     *
     * @return whether it did.
     */
    public suspend fun claim(
        grantId: String,
        codeHash: ByteArray,
        maxMismatches: Long,
        tokens: List<NewToken>,
    ): Boolean

    /**
     * Exchanges a refresh token, in one conditional statement and transaction. If the token is a refresh token and
     * unexpired, and the grant is not revoked, then
     * - a token of the newest generation begins the next one, now, and the tokens are written into that;
     * - a token of the one before it, if the newest one began less than [reuseWindowSeconds] ago (and not after now),
     *   has the tokens written into the newest.
     *
     * In every other case nothing is written.
     *
     * @return whether the tokens were written.
     */
    public suspend fun rotate(
        grantId: String,
        tokenHash: ByteArray,
        reuseWindowSeconds: Long,
        tokens: List<NewToken>,
    ): Boolean

    /** Adds one to the grant's mismatches, atomically; nothing where there is no such grant. */
    public suspend fun count(grantId: String)

    /** Marks the grant revoked, and with it every token issued from it; nothing where there is no such grant. */
    public suspend fun revoke(grantId: String)

    /** Reads the token with this hash together with its grant, whatever their state, and the store's clock. */
    public suspend fun findToken(
        grantId: String,
        tokenHash: ByteArray,
    ): Found<TokenRow>
}

/**
 * A store that remembers proofs of possession as well (RFC 9449): with one, a server takes them, and its tokens are
 * bound to keys.
 */
public interface ProofStore : GrantStore {
    /**
     * Remembers this name, 43 characters of base64url, for so long by the store's clock, in one conditional write.
     *
     * @return true if it was new, false if it is remembered already. An expired name counts as new.
     */
    public suspend fun remember(
        name: String,
        lifetimeSeconds: Long,
    ): Boolean
}

/**
 * What a store has found.
 *
 * @property row the row, or null.
 * @property now the store's clock, in seconds since the epoch.
 */
public class Found<out T : Any>(
    public val row: T?,
    public val now: Long,
) {
    /** By content. */
    override fun equals(other: Any?): Boolean = other is Found<*> && row == other.row && now == other.now

    /** By content. */
    override fun hashCode(): Int = 31 * row.hashCode() + now.hashCode()

    /** For people. */
    override fun toString(): String = "Found($row, now=$now)"
}

/** Is told which call of a store has failed. */
public fun interface StoreErrors {
    /**
     * The [call], by its name in [GrantStore] or [ProofStore], has failed, and nothing is issued. What this throws is
     * thrown in place of the answer.
     */
    public fun failed(
        call: String,
        error: Exception,
    )
}
