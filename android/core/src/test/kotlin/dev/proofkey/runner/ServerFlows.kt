package dev.proofkey.runner

import dev.proofkey.internal.Access
import dev.proofkey.internal.Approval
import dev.proofkey.internal.CheckToken
import dev.proofkey.internal.Issue
import dev.proofkey.internal.Judged
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.RevokeToken
import dev.proofkey.internal.TokenAnswer
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
        } else {
            val approve = config.getJSONObject("approve")
            flow = Issue(request, Approval(approve.getString("subject"), approve.strings("scopes")), rules)
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

internal class RedeemFlow(
    config: JSONObject,
) : Flow {
    private val flow =
        Redeem(
            text(config.get("body")).toByteArray(),
            config.string("content_type"),
            config.string("authorization"),
            policy(config.getJSONObject("policy")),
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
            "headers" to once(answer.headers.map { it.name.lowercase() to it.value }),
            "body" to said?.let(::plain),
            "audit" to answer.audit,
        )
    return seen to "${answer.status}$error" + word("audit", answer.audit)
}

internal class CheckTokenFlow(
    config: JSONObject,
) : Flow {
    private val flow =
        CheckToken(config.string("authorization"), config.getString("audience"), config.strings("required_scopes"))

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = seen(flow.advance(event(event)))

    override fun outcome(): Pair<Map<String, Any?>, String>? =
        when (val access = flow.outcome()) {
            null -> {
                null
            }

            is Access.Refused -> {
                val status = access.status.toLong()
                mapOf("granted" to false, "status" to status, "www_authenticate" to access.wwwAuthenticate) to
                    "refused $status"
            }

            is Access.Granted -> {
                val grant = access.token.grant
                mapOf("granted" to true, "client_id" to grant.clientId, "subject" to grant.subject) to
                    "granted" + word("client_id", grant.clientId) + word("subject", grant.subject)
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
private fun plain(value: JSONObject): Map<String, Any?> = plain(value as Any?) as Map<String, Any?>
