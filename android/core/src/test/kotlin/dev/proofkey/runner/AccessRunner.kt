package dev.proofkey.runner

import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessConfig
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.DataKey
import dev.proofkey.internal.Dpop
import dev.proofkey.internal.Endpoints
import dev.proofkey.internal.Goal
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.StepUp
import dev.proofkey.internal.clientDocumentJson
import dev.proofkey.internal.readClientDocument
import org.json.JSONObject
import java.util.Base64

// The access flow of the transcripts, and the vectors of what it stands on.

/** The flow of the same name. */
internal class AccessFlow(
    data: JSONObject,
) : Flow {
    private val flow =
        Access(
            config(data),
            Goal.valueOf(data.getString("goal").uppercase()),
            AccessRun(
                key = data.string("data_key")?.let(DataKey::fromText),
                rejected = data.string("rejected")?.let(::sha256),
                wwwAuthenticate = data.strings("www_authenticate"),
                redirectUri = data.string("redirect"),
                device = data.optBoolean("device"),
                stepUp = data.optJSONObject("step_up")?.let(::stepUp),
            ),
        )

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = clientStep(flow.advance(clientEvent(event), now.toULong()))

    override fun outcome(): Pair<Map<String, Any?>, String>? {
        val outcome = flow.outcome() ?: return null
        val (tokens, source) = outcome.tokens to outcome.source?.name?.lowercase()
        val came =
            mapOf(
                "source" to source,
                "stored" to outcome.stored,
                "revoked" to outcome.revoked,
                "warning" to outcome.warning?.code,
                "token_type" to tokens?.tokenType(),
                "subject" to tokens?.identity()?.subject,
                "requested_scopes" to tokens?.requestedScopes(),
                "missing_scopes" to tokens?.missingScopes(),
                "authorization_details" to tokens?.authorizationDetails(),
                "missing_authorization_details" to tokens?.missingAuthorizationDetails(),
                "end_session_url" to outcome.endSessionUrl?.let(::located),
            )
        val words =
            word("source", source) + word("stored", outcome.stored) + word("revoked", outcome.revoked) +
                tokens?.let(::words).orEmpty() + word("warning", outcome.warning?.code) +
                word("type", tokens?.tokenType()?.takeIf { it != "Bearer" }) + word("subject", tokens?.identity()?.subject)
        return came + tokens?.let(::seen).orEmpty() to words.trimStart()
    }
}

private fun config(data: JSONObject): AccessConfig =
    AccessConfig(
        issuer = data.string("issuer"),
        resource = data.string("resource"),
        endpoints = data.optJSONObject("endpoints")?.let(::endpoints),
        clientId = data.string("client_id"),
        clientDocument = data.string("client_document"),
        clientName = data.string("client_name"),
        scopes = data.strings("scopes"),
        scopeCeiling = data.optJSONArray("scope_ceiling")?.let { data.strings("scope_ceiling") },
        account = data.string("account"),
        redirect = redirectTarget(data),
        paste = data.getBoolean("paste"),
        browseTimeoutMs = data.getLong("browse_timeout_ms").toULong(),
        extraParameters = extraParameters(data),
        allowMissingS256 = data.strings("allow_missing_s256"),
        resumable = data.getBoolean("resumable"),
        dpop = Dpop.valueOf(data.optString("dpop", "never").uppercase()),
        dpopKey = data.string("dpop_key"),
        push = data.optBoolean("push"),
    )

private fun stepUp(data: JSONObject): StepUp =
    StepUp(
        scopes = data.strings("scopes"),
        acrValues = data.strings("acr_values"),
        maxAge = data.number("max_age"),
        resourceMetadata = null,
        wwwAuthenticate = emptyList(),
    )

private fun endpoints(data: JSONObject): Endpoints =
    Endpoints(
        authorizationEndpoint = data.getString("authorization_endpoint"),
        tokenEndpoint = data.getString("token_endpoint"),
        revocationEndpoint = data.string("revocation_endpoint"),
        pushedAuthorizationRequestEndpoint = data.string("pushed_authorization_request_endpoint"),
        deviceAuthorizationEndpoint = data.string("device_authorization_endpoint"),
        jwksUri = data.string("jwks_uri"),
        endSessionEndpoint = data.string("end_session_endpoint"),
        issPromised = data.getBoolean("iss_promised"),
    )

internal fun clientDocument(data: JSONObject): String {
    val url = text(data.get("url"))
    return try {
        val written = clientDocumentJson(readClientDocument(url, body(data)))
        val read = readClientDocument(url, written.toByteArray())
        "ok" + word("name", read.clientName) + word("page", read.clientUri) +
            word("redirect_uris", read.redirectUris.joinToString(" ")) + word("scopes", read.scopes.joinToString(" "))
    } catch (e: ProofKeyException) {
        if (e.failed.code != "invalid_metadata") return "error ${e.failed.code}"
        // "… document: MEMBER what is wrong with it"; the only member of two words is the whole.
        val said = e.failed.text.split(": ")[1]
        "error ${e.failed.code}" +
            word("member", if (said.startsWith("the body ")) "the body" else said.substringBefore(" "))
    }
}

internal fun sealedSession(data: JSONObject): String =
    try {
        val session =
            PkceSession.open(
                DataKey.fromText(data.getString("data_key")),
                Base64.getDecoder().decode(data.getString("sealed")),
                data.getString("issuer"),
                data.getString("client_id"),
                data.getString("redirect_uri"),
                data.getLong("now").toULong(),
            )
        val url = session.authorizationUrl()
        "ok" + word("state", parameter(url, "state")) + word("code_challenge", parameter(url, "code_challenge"))
    } catch (e: ProofKeyException) {
        "error ${e.failed.code}"
    }
