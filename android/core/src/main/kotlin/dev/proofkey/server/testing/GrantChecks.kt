package dev.proofkey.server.testing

import dev.proofkey.server.NewGrant
import dev.proofkey.server.Rotation
import dev.proofkey.server.TokenKind

// What every grant store must do with grants and claims, call by call.

internal fun grantChecks(): Checks =
    listOf(
        "a grant is found by its id and its hash" to ::aGrantIsFound,
        "a second grant of an id is refused" to ::aSecondGrantIsRefused,
        "mismatches are counted" to ::mismatchesAreCounted,
        "a revocation reaches every token" to ::aRevocationReachesEveryToken,
        "a claim happens once and brings its tokens" to ::aClaimHappensOnce,
        "a claim needs every one of its conditions" to ::aClaimNeedsItsConditions,
        "a claim and its tokens are one" to ::aClaimAndItsTokensAreOne,
        "of many claims one wins" to ::ofManyClaimsOneWins,
    )

/** As it was put, for both together and for nothing else. */
private suspend fun aGrantIsFound(subject: Subject) {
    val store = subject.store()
    val before = find(store, put(store)).now
    val (full, empty) = newGrant() to bareGrant()
    for (new in listOf(full, empty)) {
        demand(store.put(new), "put does not say true for a new grant")
        val row = found(store, new)
        demand(row.grant == new.grant, "a grant does not come back as it was put")
        demand(!row.isUsed && !row.isRevoked && row.mismatches == 0, "a grant is new")
        val after = find(store, new).now
        demand(row.expiresAt in before + 60..after + 60, "expiresAt is not by the clock")
    }
    val swapped = full.grant.grantId.map { if (it.isLowerCase()) it.uppercaseChar() else it.lowercaseChar() }
    for ((id, hash) in listOf(
        full.grant.grantId to empty.codeHash,
        empty.grant.grantId to full.codeHash,
        swapped.joinToString("") to full.codeHash,
    )) {
        demand(store.find(id, hash).row == null, "a grant is found by another id or another hash")
    }
}

/** The first one stays as it is. */
private suspend fun aSecondGrantIsRefused(subject: Subject) {
    val store = subject.store()
    val first = put(store)
    val second = NewGrant(first.grant, newHash(), first.lifetimeSeconds)
    demand(!store.put(second), "put does not say false for an id that is taken")
    found(store, first)
    demand(find(store, second).row == null, "the second grant of an id was written")
}

/** One by one, also from many at once, and nothing else changes. */
private suspend fun mismatchesAreCounted(subject: Subject) {
    val store = subject.store()
    val new = put(store)
    subject.atOnce { each, _ -> each.count(new.grant.grantId) }
    store.count("none")
    val row = found(store, new)
    demand(row.mismatches == subject.racers, "${row.mismatches} of ${subject.racers} counted")
    demand(row.grant == new.grant && !row.isUsed && !row.isRevoked, "count changed more")
}

/** Again is the same, of nothing is nothing, and neighbours are left alone. */
private suspend fun aRevocationReachesEveryToken(subject: Subject) {
    val store = subject.store()
    val (new, first) = family(store)
    val (neighbour, other) = family(store)
    for (id in listOf(new.grant.grantId, new.grant.grantId, "none")) store.revoke(id)
    demand(found(store, new).isRevoked, "the grant is not revoked")
    demand(foundToken(store, new, first)?.isRevoked == true, "a token of a revoked grant is not revoked")
    demand(!found(store, neighbour).isRevoked, "another grant is revoked")
    demand(foundToken(store, neighbour, other)?.isRevoked == false, "a token of another grant is revoked")
}

/** The second changes nothing and brings none. */
private suspend fun aClaimHappensOnce(subject: Subject) {
    val store = subject.store()
    val (new, one, late) = Triple(put(store), token(), token())
    val narrow = token(TokenKind.Refresh, 7200, "read", newName())
    val before = find(store, new).now
    demand(claim(store, new, one, narrow), "claim does not say true for a good code")
    demand(found(store, new).isUsed, "a claimed code is not used")
    for (written in listOf(one, narrow)) {
        val (row, now) = store.findToken(new.grant.grantId, written.tokenHash).let { it.row to it.now }
        if (row == null) throw AssertionError("the winner's tokens were not written")
        val lifetime = written.lifetimeSeconds
        demand(row.expiresAt in before + lifetime..now + lifetime, "expiresAt of a token")
        demand(row.dpopJkt == written.dpopJkt, "the key that a token is bound to")
        demand(row.kind == written.kind && row.scope == written.scope, "a token is another")
        demand(row.grant == new.grant && !row.isRevoked, "the grant of a token is another")
        demand(row.rotation == Rotation.Newest, "a first token is of the newest generation")
    }
    demand(!claim(store, new, late), "a code was claimed twice")
    demand(foundToken(store, new, late) == null, "the loser's token was written")
    demand(store.findToken("none", one.tokenHash).row == null, "a token is found under another grant")
}

/** Another hash, no such grant, expired, revoked, burnt: no token, and nothing is used. */
private suspend fun aClaimNeedsItsConditions(subject: Subject) {
    val store = subject.store()
    val (good, revoked, burnt) = Triple(put(store), put(store), put(store))
    store.revoke(revoked.grant.grantId)
    for (time in 1..MAX_MISMATCHES) store.count(burnt.grant.grantId)
    // The last one, for a store may clear away what has expired whenever it writes a grant.
    val late = put(store, 0)
    for ((why, new) in listOf(
        "of another hash" to NewGrant(good.grant, newHash(), 60),
        "of no grant" to newGrant(),
        "that has expired" to late,
        "of a revoked grant" to revoked,
        "of a burnt grant" to burnt,
    )) {
        val one = token()
        demand(!claim(store, new, one), "a code $why was claimed")
        demand(foundToken(store, new, one) == null, "a code $why brought a token")
    }
    for (new in listOf(good, late, revoked, burnt)) {
        demand(find(store, new).row?.isUsed != true, "a refused claim marked its code used")
    }
    val claimed = store.claim(burnt.grant.grantId, burnt.codeHash, MAX_MISMATCHES + 1, emptyList())
    demand(claimed, "how many mismatches burn a grant is the caller's to say")
}

/** Where a token cannot be written, the code stays unused and no token is there. */
private suspend fun aClaimAndItsTokensAreOne(subject: Subject) {
    val store = subject.store()
    val (new, first, twice) = Triple(put(store), token(), token())
    val claimed =
        try {
            claim(store, new, first, twice, twice)
        } catch (_: Exception) {
            false
        }
    if (!claimed) {
        demand(!found(store, new).isUsed, "the code is used, and its tokens are not there")
        for (one in listOf(first, twice)) demand(foundToken(store, new, one) == null, "a token of a claim that failed")
    }
    demand(claim(subject.store(), new, token()) != claimed, "after a claim that failed")
}

/** And only its token is there. */
private suspend fun ofManyClaimsOneWins(subject: Subject) {
    val store = subject.store()
    val new = put(store)
    val tokens = List(subject.racers) { token() }
    val claimed = subject.atOnce { each, number -> claim(each, new, tokens[number]) }
    demand(claimed.count { it } == 1, "${claimed.count { it }} of ${subject.racers} claims won")
    val there = tokens.map { foundToken(store, new, it) != null }
    demand(there == claimed, "the tokens of losers are there, or that of the winner is not")
}
