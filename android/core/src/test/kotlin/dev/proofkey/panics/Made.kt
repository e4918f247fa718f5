package dev.proofkey.panics

import dev.proofkey.ISSUER
import dev.proofkey.REDIRECT
import dev.proofkey.TOKENS
import dev.proofkey.internal.AccessConfig
import dev.proofkey.internal.Approval
import dev.proofkey.internal.AuthorizationRequest
import dev.proofkey.internal.ClientDocument
import dev.proofkey.internal.ClientRecord
import dev.proofkey.internal.Completion
import dev.proofkey.internal.DataKey
import dev.proofkey.internal.DiscoveryConfig
import dev.proofkey.internal.GrantRequest
import dev.proofkey.internal.GrantRow
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpResponse
import dev.proofkey.internal.Issue
import dev.proofkey.internal.Judged
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.Policy
import dev.proofkey.internal.Profile
import dev.proofkey.internal.ProtectedResource
import dev.proofkey.internal.Provider
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.SignInConfig
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.internal.TokenAnswer
import dev.proofkey.internal.TokenRequest
import dev.proofkey.internal.TokenSet
import dev.proofkey.internal.judgeRequest
import dev.proofkey.internal.pair
import dev.proofkey.internal.readProtectedResource
import dev.proofkey.internal.readProvider
import dev.proofkey.runner.parameter

// What the calls of the exports need, made by the generated layer.

internal const val NOW = 1_700_000_000uL
internal const val RESOURCE = "https://api.example"

/** A challenge, and a verifier too, by its form. */
internal val CHALLENGE = "A".repeat(43)

internal val config =
    SignInConfig(
        issuer = ISSUER,
        authorizationEndpoint = "$ISSUER/authorize",
        tokenEndpoint = "$ISSUER/token",
        issPromised = false,
        clientId = "agent",
        redirect = PLACE,
        scopes = emptyList(),
        resource = null,
        browseTimeoutMs = 60_000u,
    )

internal val authorization =
    AuthorizationRequest(ISSUER, "$ISSUER/authorize", "$ISSUER/token", false, "agent", REDIRECT, emptyList(), null)

internal val asked = DiscoveryConfig(ISSUER, null, emptyList(), emptyList())

internal val accessConfig =
    AccessConfig(
        issuer = ISSUER,
        resource = null,
        endpoints = null,
        clientId = "agent",
        clientDocument = null,
        clientName = null,
        scopes = emptyList(),
        account = null,
        redirect = PLACE,
        paste = false,
        browseTimeoutMs = 60_000u,
        extraParameters = emptyList(),
        allowMissingS256 = emptyList(),
        resumable = false,
    )

internal val DATA_KEY: DataKey by lazy { DataKey.fromBytes(ByteArray(32)) }

internal val document = ClientDocument("https://app.example/client", "The agent", null, listOf(REDIRECT), emptyList())

internal fun provider(): Provider {
    val body =
        """{"issuer":"$ISSUER","authorization_endpoint":"$ISSUER/authorize","token_endpoint":"$ISSUER/token",
            "response_types_supported":["code"],"code_challenge_methods_supported":["S256"]}"""
    return readProvider(ISSUER, body.toByteArray(), false, ISSUER, NOW)
}

internal fun protectedResource(): ProtectedResource {
    val body = """{"resource":"$RESOURCE","authorization_servers":["$ISSUER"]}"""
    return readProtectedResource(RESOURCE, body.toByteArray(), RESOURCE, NOW)
}

internal fun session() = PkceSession.begin(authorization)

internal fun completed(): Completion =
    session().let { it.complete("$REDIRECT?code=c-1&state=${parameter(it.authorizationUrl(), "state")}") }

internal fun tokenRequest(): TokenRequest = (completed() as Completion.Accepted).request

internal fun answer() = HttpResponse(200u, listOf(Header("Content-Type", "application/json")), TOKENS.toByteArray())

internal fun resourceTokens(): TokenSet {
    val session = PkceSession.begin(authorization.copy(resource = RESOURCE))
    val completion = session.complete("$REDIRECT?code=c-1&state=${parameter(session.authorizationUrl(), "state")}")
    return (completion as Completion.Accepted).request.tokens(answer(), NOW)
}

internal fun tokens(): TokenSet = tokenRequest().tokens(answer(), NOW)

internal val policy = Policy(ISSUER, Profile.OAUTH21)

internal val client = ClientRecord("agent", "The agent", listOf(REDIRECT), emptyList())

internal fun query(challenge: String) =
    "response_type=code&client_id=agent&state=s-1&code_challenge_method=S256&code_challenge=$challenge" +
        "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"

internal fun judged(challenge: String = CHALLENGE): Judged = judgeRequest(query(challenge), client, policy)

internal fun grantRequest(challenge: String = CHALLENGE): GrantRequest = (judged(challenge) as Judged.Accepted).request

internal fun issue(challenge: String = CHALLENGE) = Issue(grantRequest(challenge), Approval("ada", emptyList()), policy)

internal fun redeem(
    code: String,
    verifier: String,
): Redeem {
    val body =
        "grant_type=authorization_code&code=$code&client_id=agent&code_verifier=$verifier" +
            "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"
    return Redeem(body.toByteArray(), "application/x-www-form-urlencoded", null, policy)
}

/** A code is issued and redeemed: what the server sends to the browser, and what it answers. */
internal fun granted(): Pair<dev.proofkey.internal.IssueOutcome, TokenAnswer> {
    val pair = pair()
    val issue = issue(pair.challenge())
    val put = issue.advance(StoreEvent.Start) as StoreStep.Put
    issue.advance(StoreEvent.Stored(true))
    val outcome = checkNotNull(issue.outcome())
    val redeem = redeem(parameter(outcome.location, "code"), pair.exposeVerifier())
    redeem.advance(StoreEvent.Start)
    val row = GrantRow(put.grant.grant, NOW + 60u, false, false, 0u)
    redeem.advance(StoreEvent.Found(row, NOW))
    redeem.advance(StoreEvent.Claimed(true))
    return outcome to checkNotNull(redeem.outcome())
}
