package dev.proofkey.server.testing

import dev.proofkey.server.ProofStore
import dev.proofkey.server.Rotation

// What every grant store must do with refresh tokens, and one that remembers proofs with those.

internal fun tokenChecks(): Checks =
    listOf(
        "a rotation happens once and brings its tokens" to ::aRotationHappensOnce,
        "a rotation needs every one of its conditions" to ::aRotationNeedsItsConditions,
        "the window spares the predecessor alone" to ::theWindowSparesThePredecessor,
        "of many rotations one wins" to ::ofManyRotationsOneWins,
        "a proof is new once" to ::aProofIsNewOnce,
    )

/** Of each generation; the loser brings none. */
private suspend fun aRotationHappensOnce(subject: Subject) {
    val store = subject.store()
    val (new, first) = family(store)
    val (access, second) = token() to refreshToken()
    val (lost, third) = refreshToken() to refreshToken()
    demand(stands(store, new, first) == Rotation.Newest, "a first token is of the newest generation")
    demand(rotate(store, new, first, access, second), "a good token was not exchanged")
    val seen = store.findToken(new.grant.grantId, first.tokenHash)
    val before = seen.row?.rotation as? Rotation.Predecessor
    demand(before != null, "a token that was exchanged is not the predecessor")
    demand(before?.rotatedAt in seen.now - 60..seen.now, "rotatedAt is not by the clock")
    demand(stands(store, new, second) == Rotation.Newest, "a new token is not of the newest generation")
    demand(stands(store, new, access) == Rotation.Newest, "an access token always is")
    demand(!rotate(store, new, first, lost), "a token was exchanged twice")
    demand(foundToken(store, new, lost) == null, "the loser's token was written")
    demand(rotate(store, new, second, third), "the second exchange was refused")
    demand(stands(store, new, first) == Rotation.Older, "a token of two generations ago is not old")
    demand(stands(store, new, access) == Rotation.Newest, "an access token always is")
    demand(!rotate(store, new, first, lost, windowSeconds = 30), "an old token was exchanged")
}

/** A refresh token, of this grant, unexpired, not revoked. */
private suspend fun aRotationNeedsItsConditions(subject: Subject) {
    val store = subject.store()
    val (new, first) = family(store)
    val (late, expired) = family(store, 0)
    val (revoked, ended) = family(store)
    val (other, access) = put(store) to token()
    demand(claim(store, other, access), "claim does not say true for a good code")
    store.revoke(revoked.grant.grantId)
    for ((why, grant, old) in listOf(
        Triple("an access token", other, access),
        Triple("an unknown token", new, refreshToken()),
        Triple("a token of another grant", other, first),
        Triple("an expired token", late, expired),
        Triple("a token of a revoked grant", revoked, ended),
    )) {
        val one = refreshToken()
        demand(!rotate(store, grant, old, one, windowSeconds = 30), "$why was exchanged")
        demand(foundToken(store, grant, one) == null, "$why brought a token")
    }
    demand(stands(store, new, first) == Rotation.Newest, "a refused exchange changed something")
}

/** While its successor is unused; it gets a sibling of that. */
private suspend fun theWindowSparesThePredecessor(subject: Subject) {
    val store = subject.store()
    val (new, first) = family(store)
    val (second, sibling) = refreshToken() to refreshToken()
    val (none, third) = refreshToken() to refreshToken()
    demand(rotate(store, new, first, second), "a good token was not exchanged")
    demand(rotate(store, new, first, sibling, windowSeconds = 30), "the window does not spare the predecessor")
    demand(stands(store, new, second) == Rotation.Newest, "a sibling took the place of the newest")
    demand(stands(store, new, sibling) == Rotation.Newest, "a sibling is not of the newest generation")
    demand(!rotate(store, new, first, none), "a predecessor without a window")
    demand(rotate(store, new, sibling, third), "a sibling was not exchanged")
    demand(!rotate(store, new, first, none, windowSeconds = 30), "an old token in the window")
    demand(foundToken(store, new, none) == null, "the loser's token was written")
}

/** And only its token is there. */
private suspend fun ofManyRotationsOneWins(subject: Subject) {
    val store = subject.store()
    val (new, first) = family(store)
    val tokens = List(subject.racers) { refreshToken() }
    val won = subject.atOnce { each, number -> rotate(each, new, first, tokens[number]) }
    demand(won.count { it } == 1, "${won.count { it }} of ${subject.racers} exchanges won")
    val there = tokens.map { foundToken(store, new, it) != null }
    demand(there == won, "the tokens of losers are there, or that of the winner is not")
}

/** Of a store that remembers proofs: also for many at once, and again when it has expired. */
private suspend fun aProofIsNewOnce(subject: Subject) {
    val store = subject.store() as? ProofStore ?: return
    val (name, other) = newName() to newName()
    val (expired, raced) = newName() to newName()
    demand(store.remember(name, 60), "remember does not say true for a new name")
    demand(!store.remember(name, 60), "a name was new twice")
    demand(store.remember(other, 60), "another name is not new")
    demand(store.remember(name.lowercase() + "-", 60), "another name is not new")
    for (time in 1..2) demand(store.remember(expired, 0), "an expired name does not count as new")
    val won = subject.atOnce { each, _ -> (each as ProofStore).remember(raced, 60) }
    demand(won.count { it } == 1, "a name was new for ${won.count { it }} of ${subject.racers}")
}
