package dev.proofkey.benches

import dev.proofkey.Completion
import dev.proofkey.HttpHeader
import dev.proofkey.PkceSession

private const val OK = 200

/** By ProofKey: browser and HTTP are the caller's. */
public class Ours : Job {
    private val headers = listOf(HttpHeader("Content-Type", "application/json"))
    private val body = Inputs.TOKEN_RESPONSE.toByteArray()

    override fun firstUrl(): String = begin().use { it.authorizationUrl() }

    override fun signIn(): String =
        begin().use { session ->
            val completion = session.complete(Inputs.redirect(session.authorizationUrl()))
            (completion as Completion.Accepted).request.use { request ->
                checkNotNull(request.httpRequest().exposeBody())
                request.tokens(OK, headers, body).use { it.exposeAccessToken() }
            }
        }

    private fun begin(): PkceSession =
        PkceSession.begin(
            Inputs.ISSUER,
            Inputs.AUTHORIZATION_ENDPOINT,
            Inputs.TOKEN_ENDPOINT,
            Inputs.CLIENT_ID,
            Inputs.REDIRECT_URI,
        ) {
            scopes = Inputs.scopes
            issPromised = true
        }
}
