package dev.proofkey.runner

import org.json.JSONArray
import org.json.JSONObject
import java.io.File
import java.net.URLDecoder
import java.security.MessageDigest
import java.util.Base64

// The format of tests/vectors/README.md: texts, bodies, verdicts, URLs.

internal val top = File(System.getProperty("proofkey.top"))

internal val target = File(System.getProperty("proofkey.target"))

private val folders =
    mapOf(
        "vectors" to File(System.getenv("PROOFKEY_VECTORS_DIR") ?: "$top/tests/vectors"),
        "transcripts" to File(System.getenv("PROOFKEY_TRANSCRIPTS_DIR") ?: "$top/tests/transcripts"),
    )

/** The kinds of a folder. */
internal fun kinds(folder: String): List<String> {
    val files = checkNotNull(folders.getValue(folder).listFiles { file -> file.extension == "json" })
    return files.map { it.nameWithoutExtension }.sorted()
}

/** The cases of a file. A member that stands twice is refused by the reader. */
internal fun cases(
    folder: String,
    kind: String,
): List<JSONObject> {
    val document = JSONObject(File(folders.getValue(folder), "$kind.json").readText())
    check(document.getString("kind") == kind)
    return document.getJSONArray(folder).map { it as JSONObject }.also { check(it.isNotEmpty()) }
}

/** A string, or a list of strings and repetitions. */
internal fun text(value: Any): String =
    when (value) {
        is String -> value
        is JSONArray -> value.joinToString("") { part -> part as? String ?: repeated(part as JSONObject) }
        else -> error("no text: ${value.javaClass}")
    }

private fun repeated(part: JSONObject) = part.getString("repeat").repeat(part.getInt("times"))

internal fun JSONObject.string(name: String): String? = if (isNull(name)) null else getString(name)

internal fun JSONObject.number(name: String): ULong? = if (isNull(name)) null else getLong(name).toULong()

internal fun JSONObject.strings(name: String): List<String> = optJSONArray(name)?.map { it as String } ?: emptyList()

/** `body` as UTF-8, or `body_base64`. */
internal fun body(data: JSONObject): ByteArray =
    data.string("body_base64")?.let { Base64.getDecoder().decode(it) } ?: text(data.get("body")).toByteArray()

private const val PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/"

/** ` name=value`; nothing where there is no value. */
internal fun word(
    name: String,
    value: Any?,
): String {
    if (value == null) return ""
    val encoded =
        value.toString().toByteArray().joinToString("") { byte ->
            val char = Char(byte.toInt() and 0xFF)
            if (char in PLAIN) char.toString() else "%%%02X".format(char.code)
        }
    return " $name=$encoded"
}

/** A query or form, decoded. A name that stands twice matches nothing. */
internal fun form(query: String): Map<String, String> {
    if (query.isEmpty()) return emptyMap()
    val pairs =
        query.split("&").map { part ->
            check("=" in part) { "no pair: $part" }
            decoded(part.substringBefore("=")) to decoded(part.substringAfter("="))
        }
    return once(pairs)
}

private fun decoded(part: String) = URLDecoder.decode(part, "UTF-8")

internal fun once(pairs: List<Pair<String, String>>): Map<String, String> {
    check(pairs.map { it.first }.toSet().size == pairs.size) { "a name stands twice" }
    return pairs.toMap()
}

/** A URL as base and parameters. */
internal fun located(url: String): Map<String, Any?> =
    mapOf("base" to url.substringBefore("?"), "parameters" to form(url.substringAfter("?", "")))

internal fun parameter(
    url: String,
    name: String,
): String = form(url.substringAfter("?")).getValue(name)

internal fun sha256(value: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(value.toByteArray())

internal fun ByteArray.hex(): String = joinToString("") { "%02x".format(it) }

internal fun base64url(text: String): ByteArray = Base64.getUrlDecoder().decode(text)

/** RFC 7636 §4.2, by another implementation than ours. */
internal fun s256(verifier: String): String = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(verifier))
