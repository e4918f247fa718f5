package dev.proofkey.benches

import com.nimbusds.common.contenttype.ContentType
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant
import com.nimbusds.oauth2.sdk.AuthorizationRequest
import com.nimbusds.oauth2.sdk.AuthorizationResponse
import com.nimbusds.oauth2.sdk.ResponseType
import com.nimbusds.oauth2.sdk.Scope
import com.nimbusds.oauth2.sdk.TokenRequest
import com.nimbusds.oauth2.sdk.TokenResponse
import com.nimbusds.oauth2.sdk.http.HTTPResponse
import com.nimbusds.oauth2.sdk.id.ClientID
import com.nimbusds.oauth2.sdk.id.State
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier
import java.net.URI

private const val OK = 200

/**
 * By Nimbus, as its documentation does it. It leaves the comparison of state and issuer to the caller, who does
 * it here. What can be kept between sign-ins is made before they are measured.
 */
public class Nimbus : Job {
    private val client = ClientID(Inputs.CLIENT_ID)
    private val scope = Scope(*Inputs.scopes.toTypedArray())
    private val authorizationEndpoint = URI(Inputs.AUTHORIZATION_ENDPOINT)
    private val tokenEndpoint = URI(Inputs.TOKEN_ENDPOINT)
    private val redirectUri = URI(Inputs.REDIRECT_URI)

    override fun firstUrl(): String = request(State(), CodeVerifier())

    override fun signIn(): String {
        val state = State()
        val verifier = CodeVerifier()
        val redirect = URI(Inputs.redirect(request(state, verifier)))
        val answer = AuthorizationResponse.parse(redirect)
        check(answer.state == state && answer.issuer.value == Inputs.ISSUER)
        val code = answer.toSuccessResponse().authorizationCode
        val grant = AuthorizationCodeGrant(code, redirectUri, verifier)
        val sent = TokenRequest(tokenEndpoint, client, grant, null).toHTTPRequest()
        check(sent.body.isNotEmpty())
        val arrived = HTTPResponse(OK)
        arrived.entityContentType = ContentType.APPLICATION_JSON
        arrived.body = Inputs.TOKEN_RESPONSE
        val tokens = TokenResponse.parse(arrived).toSuccessResponse().tokens
        return tokens.accessToken.value
    }

    private fun request(
        state: State,
        verifier: CodeVerifier,
    ): String =
        AuthorizationRequest
            .Builder(ResponseType.CODE, client)
            .endpointURI(authorizationEndpoint)
            .redirectionURI(redirectUri)
            .scope(scope)
            .state(state)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build()
            .toURI()
            .toString()
}
