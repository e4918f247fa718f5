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
import dev.proofkey.internal.Parameter
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.SignInConfig
import dev.proofkey.internal.Step
import dev.proofkey.internal.TokenRequest
import dev.proofkey.internal.TokenSet
import dev.proofkey.internal.parseChallenge
import dev.proofkey.internal.verify
import org.json.JSONArray
import org.json.JSONObject
import java.util.Base64

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
            resource = data.string("resource"),
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

internal fun words(tokens: TokenSet): String =
    word("access_token", tokens.exposeAccessToken()) +
        word("refresh_token", tokens.exposeRefreshToken()) +
        word("expires_at", tokens.expiresAt()) +
        word("scope", tokens.scopes().joinToString(" "))

/** A session of these settings has got its code. */
private fun redeeming(data: JSONObject): TokenRequest {
    val waiting = session(data, "https://app.example/callback")
    val state = parameter(waiting.authorizationUrl(), "state")
    val completion = waiting.complete("https://app.example/callback?code=c-1&state=$state")
    return (completion as Completion.Accepted).request
}

internal fun tokenResponse(data: JSONObject): String {
    val request = redeeming(data)
    return try {
        "ok" + words(request.tokens(response(data), data.getLong("now").toULong()))
    } catch (e: ProofKeyException) {
        val shown = data.strings("never_shown").any { it in "${e.failed.text} $e" }
        "${if (shown) "shown" else "error"} ${e.failed.code}"
    }
}

internal fun authorization(data: JSONObject): String =
    orError {
        val body = """{"access_token":"at-1","token_type":"Bearer","expires_in":3600}""".toByteArray()
        val answer = HttpResponse(200u, listOf(Header("Content-Type", "application/json")), body)
        val tokens = redeeming(JSONObject().put("resource", data.string("resource"))).tokens(answer, 1000u)
        val value = tokens.authorization(text(data.get("url")), data.getLong("now").toULong())
        if (value == null) "refresh" else "ok" + word("authorization", value)
    }

/** Where the redirect arrives: `redirect_uri` or `listen`. */
internal fun redirectTarget(data: JSONObject): RedirectTarget {
    val listen = data.optJSONObject("listen") ?: return RedirectTarget.Fixed(data.getString("redirect_uri"))
    val host = hosts.getValue(listen.getString("host"))
    return RedirectTarget.Loopback(host, listen.getInt("port").toUShort(), listen.getString("path"))
}

/** More parameters of the authorization request; none where the member is absent. */
internal fun extraParameters(data: JSONObject): List<Parameter> =
    data.optJSONArray("extra_parameters")?.map { pair ->
        (pair as JSONArray).let { Parameter(it.getString(0), it.getString(1)) }
    }
        ?: emptyList()

private fun config(data: JSONObject): SignInConfig =
    SignInConfig(
        issuer = data.getString("issuer"),
        authorizationEndpoint = data.getString("authorization_endpoint"),
        tokenEndpoint = data.getString("token_endpoint"),
        issPromised = data.getBoolean("iss_promised"),
        clientId = data.getString("client_id"),
        redirect = redirectTarget(data),
        scopes = data.strings("scopes"),
        resource = data.string("resource"),
        browseTimeoutMs = data.getLong("browse_timeout_ms").toULong(),
        extraParameters = extraParameters(data),
    )

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
        return seen(tokens) to words(tokens).trimStart()
    }
}

/** What tokens hold, by the format's names. */
internal fun seen(tokens: TokenSet): Map<String, Any?> =
    mapOf(
        "access_token" to tokens.exposeAccessToken(),
        "refresh_token" to tokens.exposeRefreshToken(),
        "expires_at" to tokens.expiresAt()?.toLong(),
        "scopes" to tokens.scopes(),
        "issuer" to tokens.issuer(),
        "client_id" to tokens.clientId(),
        "resource" to tokens.resource(),
    )

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
        "Allowed" -> Event.Allowed
        "Refused" -> Event.Refused
        "PublicKey" -> Event.PublicKey(base64url(data.getString("sec1")))
        "Signed" -> Event.Signed(base64url(data.getString("signature")))
        "Locked" -> Event.Locked
        "Busy" -> Event.Busy
        "Loaded" -> Event.Loaded(data.getLong("revision").toULong(), data.string("value")?.let(Base64.getDecoder()::decode))
        "Swapped" -> Event.Swapped(data.getBoolean("swapped"))
        "Ok" -> Event.Ok
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
            // Empty where there was no redirect yet.
            val refused = step.code.ifEmpty { null }
            mapOf("name" to "Await", "deadline_ms" to step.deadlineMs.toLong(), "refused" to refused)
        }

        is Step.Confirm -> {
            mapOf("name" to "Confirm", "issuer_host" to step.issuerHost, "resource_host" to step.resourceHost)
        }

        is Step.ShowCode -> {
            mapOf(
                "name" to "ShowCode",
                "user_code" to step.code.userCode,
                "verification_uri" to step.code.verificationUri,
                "verification_uri_complete" to step.code.verificationUriComplete,
                "expires_in_s" to step.code.expiresInS.toLong(),
                "poll_ms" to step.pollMs.toLong(),
            )
        }

        is Step.Wait -> {
            mapOf("name" to "Wait", "millis" to step.millis.toLong())
        }

        is Step.Key -> {
            mapOf("name" to "Key", "key_id" to step.keyId, "alg" to step.alg)
        }

        is Step.Sign -> {
            mapOf("name" to "Sign", "key_id" to step.keyId, "alg" to step.alg, "input" to signed(step.input))
        }

        is Step.Lock -> {
            mapOf("name" to "Lock", "key" to step.key, "deadline_ms" to step.deadlineMs.toLong())
        }

        is Step.Load -> {
            mapOf("name" to "Load", "key" to step.key)
        }

        is Step.Swap -> {
            val value = step.value?.let(Base64.getEncoder()::encodeToString)
            mapOf("name" to "Swap", "key" to step.key, "revision" to step.revision?.toLong(), "value" to value)
        }

        is Step.Unlock -> {
            mapOf("name" to "Unlock", "key" to step.key)
        }

        is Step.Done -> {
            mapOf("name" to "Done")
        }
    }

/** What a proof or its input says: two parts as JSON, and the third where there is one. */
private fun signed(text: String): Map<String, Any?> {
    val parts = text.split(".")
    val (header, payload) = parts.take(2).map { plain(JSONObject(base64url(it).toString(Charsets.UTF_8))) }
    val seen = mapOf("header" to header, "payload" to payload)
    return if (parts.size > 2) seen + ("signature" to parts[2]) else seen
}

private fun sent(request: HttpRequest): Map<String, Any?> {
    val fields = once(request.headers.map { it.name.lowercase() to it.value })
    val body = request.body?.toString(Charsets.UTF_8)
    val isJson = fields["content-type"] == "application/json"
    return mapOf(
        "method" to request.method,
        "url" to request.url,
        "headers" to fields.mapValues { (name, value) -> if (name == "dpop") signed(value) else value },
        "form" to body?.takeUnless { isJson }?.let(::form),
        "json" to body?.takeIf { isJson }?.let { plain(JSONObject(it)) },
        "max_body" to request.maxBody.toLong(),
        "timeout_ms" to request.timeoutMs.toLong(),
    )
}
