package dev.proofkey.server.testing

import dev.proofkey.Completion
import dev.proofkey.HttpHeader
import dev.proofkey.PkceSession
import dev.proofkey.TokenRequest
import dev.proofkey.server.Access
import dev.proofkey.server.AuthorizationRequest
import dev.proofkey.server.AuthorizationServer
import dev.proofkey.server.ClientRecord
import dev.proofkey.server.GrantStore
import dev.proofkey.server.Policy
import dev.proofkey.server.TokenAnswer

// A whole server over the store that is looked at, and clients of ours.

internal fun serverChecks(): Checks =
    listOf(
        "a grant lives its life" to ::aGrantLivesItsLife,
        "of many redeemers one gets a token" to ::ofManyRedeemersOneGetsAToken,
    )

private const val ISSUER = "https://as.example"
private const val RESOURCE = "https://api.example/"
private const val CODES = 4
private val client =
    ClientRecord("agent", "An agent", listOf("http://127.0.0.1/callback"), listOf("read", "write"), mayRefresh = true)

/** A server whose store may not fail. */
private fun server(store: GrantStore) =
    AuthorizationServer(Policy(ISSUER), store, { client }) { call, error ->
        throw AssertionError("$call of the store has failed", error)
    }

/** What a client is about to redeem, whose user has said yes. */
private suspend fun approved(server: AuthorizationServer): TokenRequest {
    val redirect = "http://127.0.0.1:49152/callback"
    val session =
        PkceSession.begin(ISSUER, "$ISSUER/authorize", "$ISSUER/token", client.clientId, redirect) {
            scopes = listOf("read")
            resource = RESOURCE
            issPromised = true
        }
    return session.use {
        val asked = server.authorizationRequest(session.authorizationUrl().substringAfter('?'))
        if (asked !is AuthorizationRequest.Accepted) throw AssertionError("a good request was not accepted: $asked")
        val sent = server.approve(asked, "user")
        demand(sent.issued, "no code was issued")
        (session.complete(sent.location) as Completion.Accepted).request
    }
}

private suspend fun redeem(
    server: AuthorizationServer,
    request: TokenRequest,
): TokenAnswer {
    val sent = request.httpRequest()
    val type = sent.headers.find { it.name.equals("Content-Type", ignoreCase = true) }?.value
    return server.token(sent.exposeBody() ?: ByteArray(0), type)
}

private fun header(
    request: TokenRequest,
    answer: TokenAnswer,
): String {
    val headers = answer.headers.map { (name, value) -> HttpHeader(name, value) }
    return request.tokens(answer.status, headers, answer.body).use { "Bearer ${it.exposeAccessToken()}" }
}

/** A code, a token that passes, and a replay that ends it. */
private suspend fun aGrantLivesItsLife(subject: Subject) {
    val server = server(subject.store())
    val request = approved(server)
    val answer = redeem(server, request)
    demand(answer.status == 200 && answer.audit == "issued", "a good code brought no token")
    val again = redeem(server, request)
    val header = header(request, answer)
    demand(again.status == 400 && again.audit == "replay_revoked", "a replay was not seen")
    demand(server.check(header, RESOURCE) is Access.Refused, "a revoked token passes")
    val other = approved(server)
    val passed = server.check(header(other, redeem(server, other)), RESOURCE, listOf("read"))
    demand((passed as? Access.Granted)?.subject == "user", "a good token is refused")
}

/** All with everything right: one 200; and because the code was used again, its token is revoked. */
private suspend fun ofManyRedeemersOneGetsAToken(subject: Subject) {
    for (code in 1..CODES) {
        val request = approved(server(subject.store()))
        val answers = subject.atOnce { each, _ -> redeem(server(each), request) }
        val won = answers.filter { it.status == 200 && it.audit == "issued" }
        demand(won.size == 1, "code $code: ${won.size} of ${subject.racers} redeemers got a token")
        val others = answers.filter { it.status != 200 }.map { it.status to it.audit }.toSet()
        demand(others.all { it in listOf(400 to "replay_revoked", 400 to "revoked") }, "code $code: the others got $others")
        val access = server(subject.store()).check(header(request, won.single()), RESOURCE)
        demand(access is Access.Refused, "code $code: a revoked token passes")
    }
}
