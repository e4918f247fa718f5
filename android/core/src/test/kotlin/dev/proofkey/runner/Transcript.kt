package dev.proofkey.runner

import dev.proofkey.internal.ProofKeyException
import org.json.JSONArray
import org.json.JSONObject

/** A flow as the transcripts see it. */
internal interface Flow {
    /** The step that comes, as the file would write it. */
    fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?>

    /** What the outcome holds, and its words; once. */
    fun outcome(): Pair<Map<String, Any?>, String>?
}

/** What differs, and in which turn. */
internal class Mismatch(
    val turn: Int,
    what: String,
) : Exception("turn $turn: $what")

private class Differs(
    what: String,
) : Exception(what)

/** Objects that must hold exactly what is named. */
private val closed = setOf("parameters", "form", "body", "header", "payload")

/** Plays a transcript and gives its verdict: events in, steps out, values captured on the way. */
internal fun play(case: JSONObject): String = Player(case).play()

private class Player(
    private val case: JSONObject,
) {
    private val known = mutableMapOf<String, String>()

    fun play(): String {
        val flow = flow(case.getString("flow"), case.getJSONObject("config"))
        val names = mutableListOf<String>()
        val turns = case.getJSONArray("turns").map { it as JSONObject }
        for ((turn, expected) in turns.withIndex()) {
            val event = filled(expected.get("event")) as JSONObject
            var step: Map<String, Any?>? = null
            var error: String? = null
            try {
                step = flow.advance(event, case.getLong("now")).also { names += it.getValue("name") as String }
            } catch (e: ProofKeyException) {
                error = e.failed.code
                names += "error:$error"
            }
            compare(turn) {
                match(expected.opt("step"), step, "step")
                match(expected.opt("error"), error, "error")
            }
        }
        return names.ifEmpty { listOf("none") }.joinToString("/") + outcome(flow, turns.size)
    }

    private fun outcome(
        flow: Flow,
        end: Int,
    ): String {
        val outcome = flow.outcome()
        val wanted = case.optJSONObject("outcome")
        if ((outcome == null) !=
            (wanted == null)
        ) {
            throw Mismatch(end, "outcome: ${if (wanted == null) "there" else "missing"}")
        }
        if (outcome == null) return ""
        val (seen, words) = outcome
        compare(end) { match(wanted, seen, "outcome") }
        if (flow.outcome() != null) throw Mismatch(end, "the outcome was given twice")
        return " $words"
    }

    private fun compare(
        turn: Int,
        comparison: () -> Unit,
    ) {
        try {
            comparison()
        } catch (e: Differs) {
            throw Mismatch(turn, e.message.orEmpty())
        }
    }

    /** With every `{name}` of a captured name replaced. */
    private fun filled(value: Any): Any =
        when (value) {
            is String -> Regex("""\{(\w+)}""").replace(value) { known[it.groupValues[1]] ?: it.value }
            is JSONArray -> JSONArray(value.map { filled(it) })
            is JSONObject -> JSONObject().also { copy -> value.keySet().forEach { copy.put(it, filled(value.get(it))) } }
            else -> value
        }

    private fun match(
        expected: Any?,
        actual: Any?,
        at: String,
    ) {
        when {
            expected is JSONObject && expected.has("capture") -> {
                capture(expected, actual, at)
            }

            expected is JSONObject && expected.has("sha256") -> {
                same(sha256(filled(expected.get("sha256")) as String).hex(), actual, at)
            }

            expected is JSONObject && expected.has("contains") -> {
                if (expected.getString("contains") !in actual as String) throw Differs("$at does not contain it")
            }

            expected is JSONObject -> {
                members(expected, actual as? Map<*, *> ?: throw Differs("$at: no object"), at)
            }

            expected is JSONArray -> {
                val list = actual as? List<*> ?: throw Differs("$at: no list")
                if (list.size != expected.length()) throw Differs("$at has ${list.size} items")
                list.forEachIndexed { place, item -> match(expected.get(place), item, "$at[$place]") }
            }

            expected is String -> {
                same(filled(expected), actual, at)
            }

            expected is Number -> {
                same(expected.toLong(), actual, at)
            }

            expected == JSONObject.NULL -> {
                same(null, actual, at)
            }

            else -> {
                same(expected, actual, at)
            }
        }
    }

    private fun members(
        expected: JSONObject,
        actual: Map<*, *>,
        at: String,
    ) {
        for (name in expected.keySet()) match(expected.get(name), actual[name], "$at.$name")
        val more = actual.keys - expected.keySet()
        if (at.substringAfterLast(".") in closed && more.isNotEmpty()) throw Differs("$at has $more too")
    }

    private fun same(
        expected: Any?,
        actual: Any?,
        at: String,
    ) {
        if (expected != actual) throw Differs("$at: expected $expected, got $actual")
    }

    private fun capture(
        matcher: JSONObject,
        actual: Any?,
        at: String,
    ) {
        val name = matcher.getString("capture")
        if (actual !is String || actual.isEmpty()) throw Differs("$at: expected a text for $name, got $actual")
        if (known.getOrDefault(name, actual) != actual) throw Differs("$at: $name is another than before")
        val check = matcher.string("check")
        if (check != null && !holds(check, actual)) throw Differs("$at: $check does not hold")
        known[name] = actual
    }

    private fun holds(
        check: String,
        value: String,
    ): Boolean =
        when (check) {
            "verifier_hashes_to_challenge" -> {
                s256(value) == known["challenge"]
            }

            "point_hashes_to_jkt" -> {
                s256("""{"crv":"P-256","kty":"EC","x":"${known["x"]}","y":"$value"}""") == known["jkt"]
            }

            "token_hashes_to_token_hash", "refresh_hashes_to_refresh_hash" -> {
                sha256(value).hex() == known[check.substringAfter("_to_")]
            }

            "code_hashes_to_code_hash" -> {
                val id = value.substringBefore(".")
                val lengths = id.length to value.substringAfter(".", "").length
                id == known["grant_id"] && lengths == 22 to 43 && sha256(value).hex() == known["code_hash"]
            }

            else -> {
                error("no check: $check")
            }
        }
}

private fun flow(
    name: String,
    config: JSONObject,
): Flow =
    when (name) {
        "access" -> AccessFlow(config)
        "sign_in" -> SignInFlow(config)
        "discovery" -> DiscoveryFlow(config)
        "issue" -> IssueFlow(config)
        "redeem" -> RedeemFlow(config)
        "revoke" -> RevokeFlow(config)
        "check_token" -> CheckTokenFlow(config)
        else -> error("no flow: $name")
    }
