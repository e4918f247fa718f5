package dev.proofkey.server

import dev.proofkey.pair
import dev.proofkey.runner.form
import dev.proofkey.runner.parameter
import org.json.JSONObject
import java.net.URLEncoder

internal const val ISSUER = "https://as.example"
internal const val RESOURCE = "https://api.example/"
internal const val REDIRECT = "http://127.0.0.1:49152/callback"
internal const val FORM = "application/x-www-form-urlencoded"

internal val AGENT =
    ClientRecord("agent", "An agent", listOf("http://127.0.0.1/callback"), listOf("read", "write"), mayRefresh = true)

internal fun encoded(vararg fields: Pair<String, String>): String =
    fields.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, "UTF-8")}" }

/** A server over a store, and what its clients send. */
internal class Kit(
    val store: GrantStore = MemoryGrantStore(),
    policy: Policy = Policy(ISSUER),
    proofs: ProofRules? = null,
) {
    /** What the server was told of its store. */
    val told = ArrayList<Pair<String, Exception>>()
    val server =
        AuthorizationServer(policy, store, { id -> AGENT.takeIf { it.clientId == id } }, proofs) { call, error ->
            told += call to error
        }

    fun query(
        challenge: String,
        vararg more: Pair<String, String>,
    ): String =
        encoded(
            "response_type" to "code",
            "client_id" to AGENT.clientId,
            "redirect_uri" to REDIRECT,
            "state" to STATE,
            "scope" to "read write",
            "resource" to RESOURCE,
            "code_challenge" to challenge,
            "code_challenge_method" to "S256",
            *more,
        )

    suspend fun asked(query: String): AuthorizationRequest.Accepted =
        server.authorizationRequest(query) as AuthorizationRequest.Accepted

    /** What the user's yes brings, and the verifier that belongs to it. */
    suspend fun approved(vararg more: Pair<String, String>): Pair<AuthorizationResponse, String> =
        pair().use { made ->
            server.approve(asked(query(made.challenge, *more)), "user") to made.exposeVerifier()
        }

    /** A code and its verifier. */
    suspend fun code(vararg more: Pair<String, String>): Pair<String, String> {
        val (sent, verifier) = approved(*more)
        return parameter(sent.location, "code") to verifier
    }

    suspend fun redeem(
        code: Pair<String, String>,
        proof: Proof? = null,
    ): TokenAnswer {
        val (value, verifier) = code
        return post(
            proof,
            "grant_type" to "authorization_code",
            "code" to value,
            "code_verifier" to verifier,
            "redirect_uri" to REDIRECT,
            "client_id" to AGENT.clientId,
        )
    }

    suspend fun refresh(
        token: String,
        proof: Proof? = null,
    ): TokenAnswer = post(proof, "grant_type" to "refresh_token", "refresh_token" to token, "client_id" to AGENT.clientId)

    private suspend fun post(
        proof: Proof?,
        vararg fields: Pair<String, String>,
    ) = server.token(encoded(*fields).toByteArray(), FORM, proof = proof)

    suspend fun giveBack(token: String): TokenAnswer =
        server.revoke(encoded("token" to token, "client_id" to AGENT.clientId).toByteArray(), FORM)

    suspend fun check(
        token: String,
        vararg scopes: String,
    ): Access = server.check("Bearer $token", RESOURCE, scopes.asList())

    companion object {
        const val STATE = "canary-state"
    }
}

internal fun json(answer: TokenAnswer): JSONObject = JSONObject(answer.body.toString(Charsets.UTF_8))

internal val TokenAnswer.access: String get() = json(this).getString("access_token")

internal val TokenAnswer.refresh: String get() = json(this).getString("refresh_token")

internal fun parameters(location: String): Map<String, String> = form(location.substringAfter("?"))
