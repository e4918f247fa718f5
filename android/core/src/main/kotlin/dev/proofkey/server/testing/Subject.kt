package dev.proofkey.server.testing

import dev.proofkey.server.Found
import dev.proofkey.server.Grant
import dev.proofkey.server.GrantRow
import dev.proofkey.server.GrantStore
import dev.proofkey.server.NewGrant
import dev.proofkey.server.NewToken
import dev.proofkey.server.Rotation
import dev.proofkey.server.Terms
import dev.proofkey.server.TokenKind
import dev.proofkey.server.TokenRow
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.security.SecureRandom
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

// What the checks of grant stores share: the store that is looked at, and rows to put into it. What has expired was put
// with a lifetime of no seconds, so that none waits.

internal typealias Checks = List<Pair<String, suspend (Subject) -> Unit>>

internal const val MAX_MISMATCHES = 5L

/** The store that is looked at. */
internal class Subject(
    val racers: Int,
    private val make: () -> GrantStore,
) {
    fun store(): GrantStore = make()

    /** What so many get that begin at one moment, each on a thread of its own and with a store of its own. */
    suspend fun <T> atOnce(work: suspend (GrantStore, Int) -> T): List<T> {
        val here = AtomicInteger()
        val together = CompletableDeferred<Unit>()
        return Executors.newFixedThreadPool(racers).asCoroutineDispatcher().use { threads ->
            withContext(threads) {
                val all =
                    List(racers) { number ->
                        async {
                            val store = make()
                            if (here.incrementAndGet() == racers) together.complete(Unit)
                            withTimeout(LONG_MS) { together.await() }
                            work(store, number)
                        }
                    }
                withTimeout(LONG_MS) { all.awaitAll() }
            }
        }
    }

    private companion object {
        const val LONG_MS = 60_000L
    }
}

internal fun demand(
    condition: Boolean,
    what: String,
) {
    if (!condition) throw AssertionError(what)
}

private val random = SecureRandom()

/** Some hash that no other row has. */
internal fun newHash(): ByteArray = ByteArray(32).also { random.nextBytes(it) }

private const val ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** So many characters of base64url, for the last of which no bit is left over. */
private fun characters(count: Int) = String(CharArray(count - 1) { ALPHABET[random.nextInt(ALPHABET.length)] }) + "A"

internal fun newId(): String = characters(22)

internal fun newName(): String = characters(43)

/** A grant to be put, as full as one can be. */
internal fun newGrant(lifetimeSeconds: Long = 60): NewGrant =
    NewGrant(
        Grant(
            grantId = newId(),
            clientId = "agent",
            subject = "user-\u00fc",
            redirectUri = "http://127.0.0.1:49152/callback",
            redirectUriWasSent = true,
            codeChallenge = newName(),
            scope = "read write",
            resource = "https://api.example/",
            refreshable = true,
            terms = Terms(newName(), "nonce", 1_700_000_000, "urn:example:strong", """[{"type":"t"}]"""),
        ),
        newHash(),
        lifetimeSeconds,
    )

/** The other way round: as empty as one can be. */
internal fun bareGrant(): NewGrant =
    with(newGrant().grant) {
        NewGrant(
            Grant(newId(), clientId, subject, redirectUri, false, null, "", null, false, Terms()),
            newHash(),
            lifetimeSeconds = 60,
        )
    }

internal fun token(
    kind: TokenKind = TokenKind.Access,
    lifetimeSeconds: Long = 3600,
    scope: String? = null,
    dpopJkt: String? = null,
): NewToken = NewToken(kind, newHash(), lifetimeSeconds, scope, dpopJkt)

internal fun refreshToken(): NewToken = token(TokenKind.Refresh)

/** A grant that was put. */
internal suspend fun put(
    store: GrantStore,
    lifetimeSeconds: Long = 60,
): NewGrant {
    val new = newGrant(lifetimeSeconds)
    demand(store.put(new), "put does not say true for a new grant")
    return new
}

internal suspend fun find(
    store: GrantStore,
    new: NewGrant,
): Found<GrantRow> = store.find(new.grant.grantId, new.codeHash)

/** The grant, which must be there. */
internal suspend fun found(
    store: GrantStore,
    new: NewGrant,
): GrantRow = find(store, new).row ?: throw AssertionError("find does not find a grant that was put")

/** The token, if it is there. */
internal suspend fun foundToken(
    store: GrantStore,
    new: NewGrant,
    one: NewToken,
): TokenRow? = store.findToken(new.grant.grantId, one.tokenHash).row

/** Where a token stands in the row of its grant's. */
internal suspend fun stands(
    store: GrantStore,
    new: NewGrant,
    one: NewToken,
): Rotation =
    foundToken(store, new, one)?.rotation ?: throw AssertionError("findToken does not find a token that was written")

internal suspend fun claim(
    store: GrantStore,
    new: NewGrant,
    vararg tokens: NewToken,
): Boolean = store.claim(new.grant.grantId, new.codeHash, MAX_MISMATCHES, tokens.asList())

/** A grant that was claimed, and its first refresh token. */
internal suspend fun family(
    store: GrantStore,
    lifetimeSeconds: Long = 7200,
): Pair<NewGrant, NewToken> {
    val (new, first) = put(store) to token(TokenKind.Refresh, lifetimeSeconds)
    demand(claim(store, new, token(), first), "claim does not say true for a good code")
    return new to first
}

internal suspend fun rotate(
    store: GrantStore,
    new: NewGrant,
    old: NewToken,
    vararg tokens: NewToken,
    windowSeconds: Long = 0,
): Boolean = store.rotate(new.grant.grantId, old.tokenHash, windowSeconds, tokens.asList())
