package dev.proofkey.runner

import dev.proofkey.internal.AuthorizationRequest
import dev.proofkey.internal.CodePair
import dev.proofkey.internal.Completion
import dev.proofkey.internal.Event
import dev.proofkey.internal.Header
import dev.proofkey.internal.HttpRequest
import dev.proofkey.internal.HttpResponse
import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.Lost
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.SignInConfig
import dev.proofkey.internal.Step
import dev.proofkey.internal.TokenSet
import dev.proofkey.internal.parseChallenge
import dev.proofkey.internal.verify
import org.json.JSONArray
import org.json.JSONObject

// The client's half: vectors, and the sign-in of the transcripts.

private val hosts =
    mapOf("127.0.0.1" to LoopbackHost.V4, "[::1]" to LoopbackHost.V6, "localhost" to LoopbackHost.LOCALHOST)

internal val ProofKeyException.failed: ProofKeyException.Failed
    get() = this as ProofKeyException.Failed

private inline fun orError(verdict: () -> String): String =
    try {
        verdict()
    } catch (e: ProofKeyException) {
        "error ${e.failed.code}"
    }

internal fun pair(data: JSONObject): String =
    orError { "ok" + word("challenge", CodePair.parse(text(data.get("verifier"))).challenge()) }

internal fun challenge(data: JSONObject): String =
    orError { "ok" + word("challenge", parseChallenge(data.getString("challenge"))) }

internal fun verification(data: JSONObject): String =
    orError { verify(data.getString("verifier"), data.getString("challenge")).toString() }

private fun session(
    data: JSONObject,
    redirectUri: String,
): PkceSession =
    PkceSession.begin(
        AuthorizationRequest(
            issuer = data.string("issuer") ?: "https://as.example",
            authorizationEndpoint = "https://as.example/authorize",
            tokenEndpoint = "https://as.example/token",
            issPromised = data.optBoolean("iss_promised"),
            clientId = "agent",
            redirectUri = redirectUri,
            scopes = data.strings("scopes"),
            resource = null,
        ),
    )

internal fun redirect(data: JSONObject): String {
    val waiting = session(data, data.getString("redirect_uri"))
    val url = waiting.authorizationUrl()
    val state = parameter(url, "state")
    val swapped = state.map { if (it.isUpperCase()) it.lowercaseChar() else it.uppercaseChar() }.joinToString("")
    val values =
        mapOf(
            "{state}" to state,
            "{state_percent}" to state.toByteArray().joinToString("") { "%%%02X".format(it) },
            "{state_cut}" to state.dropLast(1),
            "{state_swapcase}" to swapped,
            "{challenge}" to parameter(url, "code_challenge"),
        )
    val arrived = values.entries.fold(text(data.get("redirect"))) { uri, (name, value) -> uri.replace(name, value) }
    val completion =
        try {
            waiting.complete(arrived)
        } catch (e: ProofKeyException) {
            return "ended ${e.failed.code}"
        }
    return when (completion) {
        is Completion.NotOurs -> {
            check(waiting.authorizationUrl() == url) { "noise has spent the session" }
            "not_ours ${completion.code}"
        }

        is Completion.Accepted -> {
            val sent = checkNotNull(completion.request.httpRequest().body).toString(Charsets.UTF_8)
            "accepted" + word("code", form(sent).getValue("code"))
        }
    }
}

private fun headers(pairs: JSONArray): List<Header> =
    pairs.map { (it as JSONArray).let { pair -> Header(pair.getString(0), pair.getString(1)) } }

private fun response(data: JSONObject) =
    HttpResponse(data.getInt("status").toUShort(), headers(data.getJSONArray("headers")), body(data))

private fun words(tokens: TokenSet): String =
    word("access_token", tokens.exposeAccessToken()) +
        word("refresh_token", tokens.exposeRefreshToken()) +
        word("expires_at", tokens.expiresAt()) +
        word("scope", tokens.scopes().joinToString(" "))

internal fun tokenResponse(data: JSONObject): String {
    val waiting = session(data, "https://app.example/callback")
    val state = parameter(waiting.authorizationUrl(), "state")
    val completion = waiting.complete("https://app.example/callback?code=c-1&state=$state") as Completion.Accepted
    return try {
        "ok" + words(completion.request.tokens(response(data), data.getLong("now").toULong()))
    } catch (e: ProofKeyException) {
        val shown = data.strings("never_shown").any { it in "${e.failed.text} $e" }
        "${if (shown) "shown" else "error"} ${e.failed.code}"
    }
}

private fun config(data: JSONObject): SignInConfig {
    val listen = data.optJSONObject("listen")
    return SignInConfig(
        issuer = data.getString("issuer"),
        authorizationEndpoint = data.getString("authorization_endpoint"),
        tokenEndpoint = data.getString("token_endpoint"),
        issPromised = data.getBoolean("iss_promised"),
        clientId = data.getString("client_id"),
        redirect =
            if (listen == null) {
                RedirectTarget.Fixed(data.getString("redirect_uri"))
            } else {
                val host = hosts.getValue(listen.getString("host"))
                RedirectTarget.Loopback(host, listen.getInt("port").toUShort(), listen.getString("path"))
            },
        scopes = data.strings("scopes"),
        resource = data.string("resource"),
        browseTimeoutMs = data.getLong("browse_timeout_ms").toULong(),
    )
}

internal fun configuration(data: JSONObject): String =
    try {
        SignIn(config(data)).close()
        "ok"
    } catch (e: ProofKeyException) {
        misconfigured(e)
    }

internal fun misconfigured(e: ProofKeyException): String {
    // The message begins with the field's name; no other error has one.
    val field =
        e.failed.text
            .substringBefore(" ")
            .takeIf { _ -> e.failed.code == "invalid_configuration" }
    return "error ${e.failed.code}" + word("field", field)
}

/** The flow of the same name. */
internal class SignInFlow(
    data: JSONObject,
) : Flow {
    private val flow = SignIn(config(data))

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = clientStep(flow.advance(clientEvent(event), now.toULong()))

    override fun outcome(): Pair<Map<String, Any?>, String>? {
        val tokens = flow.outcome() ?: return null
        val seen =
            mapOf(
                "access_token" to tokens.exposeAccessToken(),
                "refresh_token" to tokens.exposeRefreshToken(),
                "expires_at" to tokens.expiresAt()?.toLong(),
                "scopes" to tokens.scopes(),
                "issuer" to tokens.issuer(),
                "client_id" to tokens.clientId(),
                "resource" to tokens.resource(),
            )
        return seen to words(tokens).trimStart()
    }
}

/** An event of a client's flow, from the file. */
internal fun clientEvent(data: JSONObject): Event =
    when (val name = data.getString("name")) {
        "Start" -> Event.Start
        "Listening" -> Event.Listening(data.getInt("port").toUShort())
        "Response" -> Event.Response(response(data))
        "Unreachable" -> Event.Unreachable(Lost.valueOf(data.getString("reason").uppercase()), data.getString("detail"))
        "Redirect" -> Event.Redirect(text(data.get("uri")))
        "Elapsed" -> Event.Elapsed
        "Dismissed" -> Event.Dismissed
        "Failed" -> Event.Failed(data.getString("code"), data.getString("detail"))
        "Cancel" -> Event.Cancel
        else -> error("no event of a client: $name")
    }

/** A step of a client's flow, as the file would write it. */
internal fun clientStep(step: Step): Map<String, Any?> =
    when (step) {
        is Step.Listen -> {
            mapOf(
                "name" to "Listen",
                "host" to hosts.entries.first { it.value == step.host }.key,
                "port" to step.port.toLong(),
                "path" to step.path,
            )
        }

        is Step.Send -> {
            mapOf("name" to "Send", "finish" to step.finish, "request" to sent(step.request))
        }

        is Step.Browse -> {
            mapOf(
                "name" to "Browse",
                "url" to located(step.url),
                "redirect_uri" to step.redirectUri,
                "deadline_ms" to step.deadlineMs.toLong(),
            )
        }

        is Step.Await -> {
            mapOf("name" to "Await", "deadline_ms" to step.deadlineMs.toLong(), "refused" to step.code)
        }

        is Step.Done -> {
            mapOf("name" to "Done")
        }
    }

private fun sent(request: HttpRequest): Map<String, Any?> =
    mapOf(
        "method" to request.method,
        "url" to request.url,
        "headers" to once(request.headers.map { it.name.lowercase() to it.value }),
        "form" to request.body?.let { form(it.toString(Charsets.UTF_8)) },
        "max_body" to request.maxBody.toLong(),
        "timeout_ms" to request.timeoutMs.toLong(),
    )
