package dev.proofkey.runner

import dev.proofkey.internal.CheckedProof
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.Reaction
import dev.proofkey.internal.ResourceCall
import dev.proofkey.internal.checkDpopProof
import dev.proofkey.internal.countKeys
import dev.proofkey.internal.rawSignature
import dev.proofkey.internal.verifyIdToken
import org.json.JSONArray
import org.json.JSONObject

// Identities, proofs of possession, and what a resource answers: vectors.

internal fun idToken(data: JSONObject): String =
    try {
        val identity =
            verifyIdToken(
                idToken = text(data.get("token")),
                keySet = text(data.get("keys")).toByteArray(),
                issuer = data.getString("issuer"),
                clientId = data.getString("client_id"),
                nonce = data.string("nonce"),
                accessToken = data.string("access_token"),
                maxAge = data.number("max_age"),
                now = data.getLong("now").toULong(),
            )
        if (identity == null) "unknown_key" else "ok" + word("sub", identity.subject)
    } catch (e: ProofKeyException) {
        refused(e, data)
    }

internal fun keySet(data: JSONObject): String =
    try {
        "ok" + word("keys", countKeys(body(data)))
    } catch (e: ProofKeyException) {
        "error ${e.failed.code}"
    }

internal fun dpopProof(data: JSONObject): String {
    val checked =
        checkDpopProof(
            proof = text(data.get("field")),
            method = data.getString("method"),
            url = data.getString("url"),
            accessToken = data.string("access_token"),
            nonce = data.string("nonce"),
            now = data.getLong("now").toULong(),
            windowS = data.getLong("window").toULong(),
        )
    return when (checked) {
        is CheckedProof.Good -> "ok" + word("thumbprint", checked.thumbprint)
        is CheckedProof.Refused -> "refused ${checked.code}"
    }
}

internal fun signature(data: JSONObject): String {
    val given = data.getString("signature").chunked(2) { it.toString().toInt(16).toByte() }.toByteArray()
    val raw = rawSignature(given) ?: return "refused"
    return "ok" + word("raw", raw.hex())
}

/** One request to a resource, and the answers that its tries get. */
internal fun resourceAnswers(data: JSONObject): String {
    val call = ResourceCall(data.optJSONArray("ceiling")?.let { data.strings("ceiling") })
    var requested = data.strings("requested")
    var granted = data.strings("granted")
    val words = StringBuilder()
    for (answer in data.getJSONArray("answers").map { it as JSONObject }) {
        check(" accept" !in words && " give_up" !in words) { "an answer after the end" }
        if (answer.has("granted")) granted = answer.strings("granted")
        val fields = challenges(answer.getJSONArray("headers"))
        val reaction =
            try {
                call.answered(answer.getInt("status").toUShort(), fields, requested, granted)
            } catch (e: ProofKeyException) {
                words.append(" give_up ${e.failed.code}").append(word("scope", above(e.failed)))
                continue
            }
        when (reaction) {
            is Reaction.Accept -> {
                words.append(" accept")
            }

            is Reaction.Retry -> {
                words.append(" retry")
            }

            is Reaction.Refresh -> {
                words.append(" refresh")
            }

            is Reaction.SignIn -> {
                val demand = reaction.stepUp
                check(demand.wwwAuthenticate == fields)
                words
                    .append(" sign_in")
                    .append(word("scope", joined(demand.scopes)))
                    .append(word("acr_values", joined(demand.acrValues)))
                    .append(word("max_age", demand.maxAge))
                    .append(word("resource_metadata", demand.resourceMetadata))
                requested = demand.scopes
                granted = requested
            }
        }
    }
    return words.toString().trimStart()
}

private fun joined(list: List<String>): String? = list.joinToString(" ").ifEmpty { null }

/** The scope above the ceiling: the message has it, and the language's error has no field for it. */
private fun above(e: ProofKeyException.Failed): String? {
    if (e.code != "scope_ceiling") return null
    return e.text.substringAfter("demands the scope \"").substringBefore("\", which lies")
}

private fun challenges(headers: JSONArray): List<String> =
    headers
        .map { (it as JSONArray).let { pair -> pair.getString(0) to pair.getString(1) } }
        .filter { (name, _) -> name.equals("WWW-Authenticate", ignoreCase = true) }
        .map { it.second }
