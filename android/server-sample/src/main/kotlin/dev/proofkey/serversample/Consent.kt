package dev.proofkey.serversample

import com.sun.net.httpserver.HttpExchange
import dev.proofkey.server.AuthorizationRequest
import java.net.URLDecoder
import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64

// The consent page, and whether a form is the answer to it.

private const val COOKIE = "consent"

/** The page with the question. What it shows is escaped: whoever wrote the address chose it. */
internal fun page(
    asked: AuthorizationRequest.Accepted,
    user: String,
    token: String,
): String {
    val scopes = asked.scopes.joinToString("") { "<li>${escaped(it)}</li>" }
    return """
        <!DOCTYPE html>
        <html lang="en"><title>Allow?</title>
        <p>${escaped(user)}, do you allow <b>${escaped(asked.client.name)}</b> at
        <b>${escaped(asked.redirectHost)}</b> to use ${escaped(asked.resource ?: "this server")}?</p>
        <ul>$scopes</ul>
        <form method="post"><input type="hidden" name="token" value="$token">
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Deny</button></form></html>
        """.trimIndent()
}

internal fun escaped(text: String): String =
    text
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")

/** The token against forged requests (RFC 6749 §10.12) that this browser has, or a new one that it gets now. */
internal fun HttpExchange.consentToken(): String {
    cookie()?.let { return it }
    val token = Base64.getUrlEncoder().withoutPadding().encodeToString(ByteArray(16).also { SecureRandom().nextBytes(it) })
    responseHeaders.add("Set-Cookie", "$COOKIE=$token; HttpOnly; SameSite=Strict; Path=/authorize")
    return token
}

/** Whether the form comes from a page that this browser was shown. */
internal fun HttpExchange.isOurs(form: Map<String, String>): Boolean {
    val (own, sent) = (cookie() ?: return false) to (form["token"] ?: return false)
    return MessageDigest.isEqual(own.toByteArray(), sent.toByteArray())
}

private fun HttpExchange.cookie(): String? {
    val all = requestHeaders["Cookie"].orEmpty().flatMap { it.split(';') }.map { it.trim() }
    return all.firstOrNull { it.startsWith("$COOKIE=") }?.substringAfter('=')?.takeIf { TOKEN.matches(it) }
}

private val TOKEN = Regex("[A-Za-z0-9_-]{22}")

/** The fields of a form; none where it is none. */
internal fun form(body: ByteArray): Map<String, String> =
    try {
        String(body).split('&').associate { part ->
            val (name, value) = part.substringBefore('=') to part.substringAfter('=', "")
            URLDecoder.decode(name, "UTF-8") to URLDecoder.decode(value, "UTF-8")
        }
    } catch (_: IllegalArgumentException) {
        emptyMap()
    }
