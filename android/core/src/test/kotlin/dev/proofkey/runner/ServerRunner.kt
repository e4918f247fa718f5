package dev.proofkey.runner

import dev.proofkey.internal.ClientRecord
import dev.proofkey.internal.Grant
import dev.proofkey.internal.GrantRow
import dev.proofkey.internal.Judged
import dev.proofkey.internal.NamedClient
import dev.proofkey.internal.Policy
import dev.proofkey.internal.Profile
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.RequestDetails
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.StoreStep
import dev.proofkey.internal.Terms
import dev.proofkey.internal.clientOf
import dev.proofkey.internal.judgeRequest
import dev.proofkey.internal.redirectUriMatches
import org.json.JSONObject

// The authorization server's half of the vectors, with a store of one row.

internal fun policy(data: JSONObject): Policy {
    val profile = Profile.valueOf(data.getString("profile").uppercase())
    val usual = Policy(data.getString("issuer"), profile)
    return usual.copy(
        codeLifetimeS = data.optLong("code_lifetime_s", usual.codeLifetimeS.toLong()).toULong(),
        accessTokenLifetimeS = data.optLong("access_token_lifetime_s", usual.accessTokenLifetimeS.toLong()).toULong(),
        refreshTokenLifetimeS = data.optLong("refresh_token_lifetime_s", usual.refreshTokenLifetimeS.toLong()).toULong(),
        reuseWindowS = data.optLong("reuse_window_s", usual.reuseWindowS.toLong()).toULong(),
        maxMismatches = data.optInt("max_mismatches", usual.maxMismatches.toInt()).toUInt(),
        openScopes = data.stringsOrNone("open_scopes"),
        detailsTypes = data.stringsOrNone("details_types"),
    )
}

internal fun clientRecord(data: JSONObject): ClientRecord =
    ClientRecord(
        data.getString("client_id"),
        "The agent",
        data.strings("redirect_uris"),
        data.strings("scopes"),
        data.optBoolean("may_refresh"),
    )

internal fun redirectMatch(data: JSONObject): String =
    redirectUriMatches(data.getString("registered"), data.getString("sent")).toString()

internal fun authorizationRequest(data: JSONObject): String {
    val query = text(data.get("query"))
    when (val named = clientOf(query)) {
        is NamedClient.Page -> {
            return "page ${named.error}"
        }

        is NamedClient.Named -> {}
    }
    val rules = Policy(data.getString("issuer"), Profile.OAUTH21)
    return when (val judged = judgeRequest(query, clientRecord(data.getJSONObject("client")), rules)) {
        is Judged.Page -> {
            "page ${judged.error}"
        }

        is Judged.Redirect -> {
            refused(judged.location, judged.error)
        }

        is Judged.Accepted -> {
            val details = judged.request.details()
            // The state is seen in what goes back.
            val answer = form(judged.request.deny(rules).substringAfter("?"))
            "accepted" + word("redirect_uri", details.redirectUri) + word("scope", details.scopes.joinToString(" ")) +
                word("state", answer["state"]) + word("resource", details.resource) + signingIn(details)
        }
    }
}

/** What a page for signing in has to know; a list that is empty is absent. */
private fun signingIn(details: RequestDetails): String =
    word("dpop_jkt", details.dpopJkt) + word("acr_values", joined(details.acrValues)) +
        word("max_age", details.maxAge?.toString()) + word("prompt", joined(details.prompt)) +
        word("login_hint", details.loginHint) + word("ui_locales", joined(details.uiLocales)) +
        word("nonce", details.nonce) + word("authorization_details", details.authorizationDetails)

private fun joined(list: List<String>): String? = list.ifEmpty { null }?.joinToString(" ")

private fun refused(
    location: String,
    error: String,
): String {
    val base = location.substringBefore("?")
    val query = location.substringAfter("?", "")
    val answers = setOf("error", "error_description", "state", "iss")
    val own = query.split("&").filter { it.substringBefore("=") !in answers }
    val given = form(query)
    check(given["error"] == error)
    val to = if (own.isEmpty()) base else "$base?${own.joinToString("&")}"
    return "redirect $error" + word("to", to) + word("state", given["state"]) + word("iss", given["iss"])
}

internal fun grant(
    data: JSONObject,
    subject: String = data.getString("subject"),
): Grant =
    Grant(
        grantId = data.getString("grant_id"),
        clientId = data.getString("client_id"),
        subject = subject,
        redirectUri = data.getString("redirect_uri"),
        redirectUriWasSent = data.getBoolean("redirect_uri_was_sent"),
        codeChallenge = data.string("code_challenge"),
        scope = data.getString("scope"),
        resource = data.string("resource"),
        refreshable = data.optBoolean("refreshable"),
        terms = terms(data.optJSONObject("terms") ?: JSONObject()),
    )

private fun terms(data: JSONObject): Terms =
    Terms(
        dpopJkt = data.string("dpop_jkt"),
        nonce = data.string("nonce"),
        authTime = data.number("auth_time"),
        acr = data.string("acr"),
        authorizationDetails = data.string("authorization_details"),
    )

internal fun JSONObject.number(name: String): ULong? = if (isNull(name)) null else getLong(name).toULong()

internal fun JSONObject.stringsOrNone(name: String): List<String> = if (isNull(name)) emptyList() else strings(name)

internal fun row(
    data: JSONObject,
    grant: Grant,
): GrantRow =
    GrantRow(
        grant = grant,
        expiresAt = data.getLong("expires_at").toULong(),
        used = data.getBoolean("used"),
        revoked = data.getBoolean("revoked"),
        mismatches = data.getInt("mismatches").toUInt(),
    )

/** One row; every write is conditional, as the steps say. */
private class Store(
    data: JSONObject?,
    private val now: ULong,
) {
    private var row = data?.let { row(it, grant(it, "user-1")) }
    private val hash = data?.let { sha256(it.getString("code")) }
    val calls = mutableListOf<String>()

    fun answer(step: StoreStep): StoreEvent {
        calls += step.javaClass.simpleName
        return when (step) {
            is StoreStep.Find -> {
                StoreEvent.Found(of(step.grantId)?.takeIf { step.codeHash.contentEquals(hash) }, now)
            }

            is StoreStep.Claim -> {
                claim(step)
            }

            is StoreStep.Count -> {
                write(step.grantId) { it.copy(mismatches = it.mismatches + 1u) }
            }

            is StoreStep.Revoke -> {
                write(step.grantId) { it.copy(revoked = true) }
            }

            is StoreStep.Put, is StoreStep.FindToken, is StoreStep.Rotate, is StoreStep.Remember, is StoreStep.Done -> {
                error(
                    "no step of a redemption: $step",
                )
            }
        }
    }

    private fun of(grantId: String) = row?.takeIf { it.grant.grantId == grantId }

    private fun claim(step: StoreStep.Claim): StoreEvent {
        check(step.tokens.size == 1)
        val found = of(step.grantId)?.takeIf { step.codeHash.contentEquals(hash) }
        val free = found != null && !found.used && !found.revoked
        val claimed = free && found.mismatches < step.maxMismatches && found.expiresAt > now
        if (claimed) row = found.copy(used = true)
        return StoreEvent.Claimed(claimed)
    }

    private fun write(
        grantId: String,
        change: (GrantRow) -> GrantRow,
    ): StoreEvent {
        of(grantId)?.let { row = change(it) }
        return StoreEvent.Ok
    }
}

internal fun tokenRequest(data: JSONObject): String {
    val rules = Policy("https://as.example", Profile.valueOf(data.getString("profile").uppercase()))
    val flow = Redeem(body(data), data.string("content_type"), data.string("authorization"), rules)
    val store = Store(data.optJSONObject("grant"), data.getLong("now").toULong())
    var step = flow.advance(StoreEvent.Start)
    while (step !is StoreStep.Done) step = flow.advance(store.answer(step))
    val answer = checkNotNull(flow.outcome())
    val said = JSONObject(answer.body.toString(Charsets.UTF_8))
    val words =
        if (said.has("error")) {
            " ${said.getString("error")}"
        } else {
            check(said.getString("token_type") == "Bearer")
            word("scope", said.getString("scope"))
        }
    val calls = store.calls.ifEmpty { listOf("none") }.joinToString("/")
    return "${answer.status}$words" + word("audit", answer.audit) + word("calls", calls)
}
