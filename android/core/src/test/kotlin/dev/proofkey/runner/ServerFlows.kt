package dev.proofkey.runner

import dev.proofkey.internal.Approval
import dev.proofkey.internal.Authentication
import dev.proofkey.internal.CheckDemands
import dev.proofkey.internal.CheckToken
import dev.proofkey.internal.Decline
import dev.proofkey.internal.Header
import dev.proofkey.internal.Issue
import dev.proofkey.internal.Judged
import dev.proofkey.internal.NewToken
import dev.proofkey.internal.ProofRules
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.RequestProof
import dev.proofkey.internal.RevokeToken
import dev.proofkey.internal.Rotation
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.internal.TokenAccess
import dev.proofkey.internal.TokenAnswer
import dev.proofkey.internal.TokenKind
import dev.proofkey.internal.TokenRow
import dev.proofkey.internal.judgeRequest
import org.json.JSONArray
import org.json.JSONObject

// The authorization server's flows of the transcripts.

/** A denial has no turns, only an outcome. */
internal class IssueFlow(
    config: JSONObject,
) : Flow {
    private val flow: Issue?
    private var denied: String? = null

    init {
        val rules = policy(config.getJSONObject("policy"))
        val judged = judgeRequest(text(config.get("query")), clientRecord(config.getJSONObject("client")), rules)
        val request = (judged as Judged.Accepted).request
        if (config.optBoolean("deny")) {
            denied = request.deny(rules)
            flow = null
        } else if (config.has("decline")) {
            denied = request.decline(Decline.valueOf(config.getString("decline").uppercase()), rules)
            flow = null
        } else {
            val approve = config.getJSONObject("approve")
            val approval =
                Approval(
                    subject = approve.getString("subject"),
                    scopes = approve.strings("scopes"),
                    authTime = approve.number("auth_time"),
                    acr = approve.string("acr"),
                )
            flow = Issue(request, approval, rules)
        }
    }

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = seen(checkNotNull(flow).advance(event(event)))

    override fun outcome(): Pair<Map<String, Any?>, String>? {
        val outcome = flow?.outcome()
        val location = outcome?.location ?: denied ?: return null
        denied = null
        val error = form(location.substringAfter("?", ""))["error"]
        val seen = mapOf("issued" to (outcome?.issued ?: false), "location" to located(location))
        return seen to if (error == null) "issued" else "refused $error"
    }
}

/** The proofs of a request, where the configuration has such. */
private fun proof(config: JSONObject): RequestProof? =
    config.optJSONObject("proof")?.let { data ->
        RequestProof(
            fields = data.strings("fields"),
            method = data.getString("method"),
            url = data.getString("url"),
            now = data.getLong("now").toULong(),
            rules =
                ProofRules(
                    required = data.optBoolean("required"),
                    windowS = data.number("window_s") ?: 60uL,
                    nonceKey = data.string("nonce_key")?.toByteArray(),
                    nonceLifetimeS = data.number("nonce_lifetime_s") ?: 300uL,
                ),
        )
    }

private fun demands(config: JSONObject): CheckDemands? {
    val proof = proof(config)
    val data = config.optJSONObject("demands") ?: return proof?.let { CheckDemands(proof = it) }
    return CheckDemands(
        authentication = Authentication(data.stringsOrNone("acr_values"), data.number("max_age_s")),
        metadataUrl = data.string("metadata_url"),
        proof = proof,
    )
}

private fun fields(headers: List<Header>): Map<String, Any?> = once(headers.map { it.name.lowercase() to it.value })

internal class RedeemFlow(
    config: JSONObject,
) : Flow {
    private val flow =
        Redeem(
            text(config.get("body")).toByteArray(),
            config.string("content_type"),
            config.string("authorization"),
            policy(config.getJSONObject("policy")),
            proof(config),
        )

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = seen(flow.advance(event(event)))

    override fun outcome(): Pair<Map<String, Any?>, String>? = flow.outcome()?.let(::answered)
}

internal class RevokeFlow(
    config: JSONObject,
) : Flow {
    private val flow =
        RevokeToken(
            text(config.get("body")).toByteArray(),
            config.string("content_type"),
            config.string("authorization"),
        )

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = seen(flow.advance(event(event)))

    override fun outcome(): Pair<Map<String, Any?>, String>? = flow.outcome()?.let(::answered)
}

/** What an endpoint answers. An empty body is absent. */
private fun answered(answer: TokenAnswer): Pair<Map<String, Any?>, String> {
    val said = if (answer.body.isEmpty()) null else JSONObject(answer.body.toString(Charsets.UTF_8))
    val error = said?.string("error")?.let { " $it" }.orEmpty()
    val seen =
        mapOf(
            "status" to answer.status.toLong(),
            "headers" to fields(answer.headers),
            "body" to said?.let { plain(it) },
            "audit" to answer.audit,
            "issued" to
                answer.issued?.let {
                    mapOf(
                        "grant_id" to it.grant.grantId,
                        "nonce" to it.grant.terms.nonce,
                        "scope" to it.scope,
                        "access_token_hash" to it.accessTokenHash.hex(),
                    )
                },
        )
    return seen to "${answer.status}$error" + word("audit", answer.audit)
}

internal class CheckTokenFlow(
    config: JSONObject,
) : Flow {
    private val flow =
        CheckToken(
            config.string("authorization"),
            config.getString("audience"),
            config.strings("required_scopes"),
            demands(config),
        )

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = seen(flow.advance(event(event)))

    override fun outcome(): Pair<Map<String, Any?>, String>? =
        when (val access = flow.outcome()) {
            null -> {
                null
            }

            is TokenAccess.Refused -> {
                val status = access.status.toLong()
                mapOf(
                    "granted" to false,
                    "status" to status,
                    "www_authenticate" to access.wwwAuthenticate,
                    "headers" to fields(access.headers),
                ) to "refused $status"
            }

            is TokenAccess.Granted -> {
                val grant = access.token.grant
                mapOf(
                    "granted" to true,
                    "client_id" to grant.clientId,
                    "subject" to grant.subject,
                    "dpop_jkt" to access.token.dpopJkt,
                    "headers" to fields(access.headers),
                ) to "granted" + word("client_id", grant.clientId) + word("subject", grant.subject)
            }
        }
}

/** JSON as maps, lists, and numbers that are longs. */
private fun plain(value: Any?): Any? =
    when (value) {
        is JSONObject -> value.keySet().associateWith { plain(value.get(it)) }
        is JSONArray -> value.map { plain(it) }
        is Number -> value.toLong()
        JSONObject.NULL -> null
        else -> value
    }

@Suppress("UNCHECKED_CAST")
internal fun plain(value: JSONObject): Map<String, Any?> = plain(value as Any?) as Map<String, Any?>

private fun event(data: JSONObject): StoreEvent =
    when (val name = data.getString("name")) {
        "Start" -> {
            StoreEvent.Start
        }

        "Ok" -> {
            StoreEvent.Ok
        }

        "Failed" -> {
            StoreEvent.Failed
        }

        "Stored" -> {
            StoreEvent.Stored(data.getBoolean("stored"))
        }

        "Claimed" -> {
            StoreEvent.Claimed(data.getBoolean("claimed"))
        }

        "Remembered" -> {
            StoreEvent.Remembered(data.getBoolean("remembered"))
        }

        "Rotated" -> {
            StoreEvent.Rotated(data.getBoolean("rotated"))
        }

        "Found" -> {
            val found = data.optJSONObject("grant")?.let { row(it, grant(it.getJSONObject("grant"))) }
            StoreEvent.Found(found, data.getLong("now").toULong())
        }

        "FoundToken" -> {
            StoreEvent.FoundToken(data.optJSONObject("token")?.let(::tokenRow), data.getLong("now").toULong())
        }

        else -> {
            error("no event of a store: $name")
        }
    }

private fun tokenRow(data: JSONObject): TokenRow =
    TokenRow(
        kind = TokenKind.valueOf(data.getString("kind").uppercase()),
        expiresAt = data.getLong("expires_at").toULong(),
        revoked = data.getBoolean("revoked"),
        grant = grant(data.getJSONObject("grant")),
        rotation = rotation(data),
        scope = data.string("scope"),
        dpopJkt = data.string("dpop_jkt"),
    )

private fun rotation(data: JSONObject): Rotation =
    when (val name = data.string("rotation") ?: "newest") {
        "newest" -> Rotation.Newest
        "predecessor" -> Rotation.Predecessor(data.getLong("rotated_at").toULong())
        "older" -> Rotation.Older
        else -> error("no rotation: $name")
    }

private fun seen(tokens: List<NewToken>): List<Map<String, Any?>> =
    tokens.map {
        mapOf(
            "kind" to it.kind.name.lowercase(),
            "token_hash" to it.tokenHash.hex(),
            "lifetime_s" to it.lifetimeS.toLong(),
            "scope" to it.scope,
            "dpop_jkt" to it.dpopJkt,
        )
    }

private fun seen(step: StoreStep): Map<String, Any?> =
    when (step) {
        is StoreStep.Put -> {
            val grant = step.grant.grant
            val inner =
                mapOf(
                    "grant_id" to grant.grantId,
                    "client_id" to grant.clientId,
                    "subject" to grant.subject,
                    "redirect_uri" to grant.redirectUri,
                    "redirect_uri_was_sent" to grant.redirectUriWasSent,
                    "code_challenge" to grant.codeChallenge,
                    "scope" to grant.scope,
                    "resource" to grant.resource,
                    "refreshable" to grant.refreshable,
                    "terms" to
                        mapOf(
                            "dpop_jkt" to grant.terms.dpopJkt,
                            "nonce" to grant.terms.nonce,
                            "auth_time" to grant.terms.authTime?.toLong(),
                            "acr" to grant.terms.acr,
                            "authorization_details" to grant.terms.authorizationDetails,
                        ),
                )
            val more = mapOf("code_hash" to step.grant.codeHash.hex(), "lifetime_s" to step.grant.lifetimeS.toLong())
            mapOf("name" to "Put", "grant" to inner) + more
        }

        is StoreStep.Find -> {
            mapOf("name" to "Find", "grant_id" to step.grantId, "code_hash" to step.codeHash.hex())
        }

        is StoreStep.Claim -> {
            mapOf(
                "name" to "Claim",
                "grant_id" to step.grantId,
                "code_hash" to step.codeHash.hex(),
                "max_mismatches" to step.maxMismatches.toLong(),
                "tokens" to seen(step.tokens),
            )
        }

        is StoreStep.Count -> {
            mapOf("name" to "Count", "grant_id" to step.grantId)
        }

        is StoreStep.Revoke -> {
            mapOf("name" to "Revoke", "grant_id" to step.grantId)
        }

        is StoreStep.FindToken -> {
            mapOf("name" to "FindToken", "grant_id" to step.grantId, "token_hash" to step.tokenHash.hex())
        }

        is StoreStep.Rotate -> {
            mapOf(
                "name" to "Rotate",
                "grant_id" to step.grantId,
                "token_hash" to step.tokenHash.hex(),
                "reuse_window_s" to step.reuseWindowS.toLong(),
                "tokens" to seen(step.tokens),
            )
        }

        is StoreStep.Remember -> {
            mapOf("name" to "Remember", "proof" to step.name, "lifetime_s" to step.lifetimeS.toLong())
        }

        is StoreStep.Done -> {
            mapOf("name" to "Done")
        }
    }
