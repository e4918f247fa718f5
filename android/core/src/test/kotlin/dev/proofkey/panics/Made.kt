package dev.proofkey.panics

import dev.proofkey.ISSUER
import dev.proofkey.REDIRECT
import dev.proofkey.TOKENS
import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessConfig
import dev.proofkey.internal.AccessOutcome
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.Approval
import dev.proofkey.internal.AuthorizationRequest
import dev.proofkey.internal.Authorized
import dev.proofkey.internal.ClientDocument
import dev.proofkey.internal.ClientRecord
import dev.proofkey.internal.Completion
import dev.proofkey.internal.DataKey
import dev.proofkey.internal.DiscoveryConfig
import dev.proofkey.internal.Dpop
import dev.proofkey.internal.Endpoints
import dev.proofkey.internal.Event
import dev.proofkey.internal.Goal
import dev.proofkey.internal.GrantRequest
import dev.proofkey.internal.GrantRow
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpResponse
import dev.proofkey.internal.Identity
import dev.proofkey.internal.Issue
import dev.proofkey.internal.Judged
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.Policy
import dev.proofkey.internal.Profile
import dev.proofkey.internal.ProtectedResource
import dev.proofkey.internal.Provider
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.SignInConfig
import dev.proofkey.internal.Step
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.internal.TokenAnswer
import dev.proofkey.internal.TokenRequest
import dev.proofkey.internal.TokenSet
import dev.proofkey.internal.judgeRequest
import dev.proofkey.internal.pair
import dev.proofkey.internal.readProtectedResource
import dev.proofkey.internal.readProvider
import dev.proofkey.internal.verifyIdToken
import dev.proofkey.runner.base64url
import dev.proofkey.runner.cases
import dev.proofkey.runner.parameter
import dev.proofkey.runner.text
import org.json.JSONObject

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
        dpop = Dpop.NEVER,
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

internal fun answer(body: String = TOKENS) =
    HttpResponse(200u, listOf(Header("Content-Type", "application/json")), body.toByteArray())

internal fun resourceTokens(): TokenSet {
    val session = PkceSession.begin(authorization.copy(resource = RESOURCE))
    val completion = session.complete("$REDIRECT?code=c-1&state=${parameter(session.authorizationUrl(), "state")}")
    return (completion as Completion.Accepted).request.tokens(answer(), NOW)
}

internal fun tokens(): TokenSet = tokenRequest().tokens(answer(), NOW)

/** Of one key, which was thrown away: a point, and what it has signed. */
internal val POINT =
    base64url("BPnr5GQUfMEC2SMk0JnZJ8GlDkLVegihFv_sCimBnYxlcLr30SiIkCpqDB1nrdEDEjyFmrab-OlDHJOEkw1Lfu4")
internal val SIGNATURE =
    base64url("jMDWdMDNTCzEyxoG_RuimZdS-GIAv9Tq5CacfK7fMT4rT2fzlSAjpYaVzbp8SUe4tgapuCFp6-f_QAAH_polFg")

/** A sign-in with a key of the platform. */
internal fun boundOutcome(): AccessOutcome {
    val endpoints = Endpoints("$ISSUER/authorize", "$ISSUER/token", null, issPromised = false)
    val config = accessConfig.copy(resource = RESOURCE, endpoints = endpoints, dpop = Dpop.REQUIRED, dpopKey = "key-1")
    val flow = Access(config, Goal.SIGN_IN, AccessRun())
    var event: Event = Event.Start
    while (true) {
        event =
            when (val step = flow.advance(event, NOW)) {
                is Step.Key -> Event.PublicKey(POINT)
                is Step.Sign -> Event.Signed(SIGNATURE)
                is Step.Browse -> Event.Redirect("$REDIRECT?code=c-1&state=${parameter(step.url, "state")}")
                is Step.Send -> Event.Response(answer(TOKENS.replace("Bearer", "DPoP")))
                is Step.Swap -> Event.Swapped(true)
                is Step.Done -> return checkNotNull(flow.outcome())
                else -> error("not expected: $step")
            }
    }
}

internal fun boundTokens(): TokenSet = checkNotNull(boundOutcome().tokens)

internal fun unsigned(): Authorized.Sign = boundTokens().authorize("GET", RESOURCE, NOW, null) as Authorized.Sign

/** A good ID token, with what it takes to see that. */
internal val SAYING: JSONObject by lazy { cases("vectors", "id_tokens").first().getJSONObject("input") }

internal fun identity(): Identity =
    checkNotNull(
        verifyIdToken(
            text(SAYING.get("token")),
            text(SAYING.get("keys")).toByteArray(),
            SAYING.getString("issuer"),
            SAYING.getString("client_id"),
            SAYING.getString("nonce"),
            null,
            null,
            SAYING.getLong("now").toULong(),
        ),
    )

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
