package dev.proofkey.runner

import dev.proofkey.internal.Discovered
import dev.proofkey.internal.Discovery
import dev.proofkey.internal.DiscoveryConfig
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.Provider
import dev.proofkey.internal.authorizationServerUrls
import dev.proofkey.internal.parseChallenges
import dev.proofkey.internal.protectedResourceIssuer
import dev.proofkey.internal.protectedResourceScopes
import dev.proofkey.internal.protectedResourceUrls
import dev.proofkey.internal.providerIssuerHost
import dev.proofkey.internal.providerReport
import dev.proofkey.internal.readProtectedResource
import dev.proofkey.internal.readProvider
import org.json.JSONObject

// What servers say about themselves: vectors, and the discovery of the transcripts.

private const val URL = "https://fetched.example/metadata"

internal fun wellKnown(data: JSONObject): String =
    try {
        val issuer = data.string("issuer")
        val urls =
            if (issuer != null) authorizationServerUrls(issuer) else protectedResourceUrls(data.getString("resource"))
        "ok" + urls.joinToString("") { word("url", it) }
    } catch (e: ProofKeyException) {
        misconfigured(e)
    }

internal fun metadata(data: JSONObject): String {
    val issuer = data.getString("issuer")
    val provider =
        try {
            readProvider(issuer, body(data), data.getBoolean("allow_missing_s256"), URL, 0u)
        } catch (e: ProofKeyException) {
            return refused(e, data)
        }
    check(Triple(provider.issuer, provider.metadataUrl, provider.fetchedAt) == Triple(issuer, URL, 0.toULong()))
    return "ok" + words(provider)
}

private fun words(provider: Provider): String {
    val endpoints =
        listOf(
            "authorization_endpoint" to provider.authorizationEndpoint,
            "token_endpoint" to provider.tokenEndpoint,
            "revocation_endpoint" to provider.revocationEndpoint,
            "registration_endpoint" to provider.registrationEndpoint,
            "pushed_authorization_request_endpoint" to provider.pushedAuthorizationRequestEndpoint,
            "device_authorization_endpoint" to provider.deviceAuthorizationEndpoint,
            "end_session_endpoint" to provider.endSessionEndpoint,
            "jwks_uri" to provider.jwksUri,
        )
    val lists =
        listOf(
            "grant_types" to provider.grantTypes,
            "scopes" to provider.scopes,
            "auth_methods" to provider.tokenEndpointAuthMethods,
        ).map { (name, list) -> name to list?.joinToString(" ") }
    return (endpoints + lists + report(provider).toList()).joinToString("") { (name, value) -> word(name, value) }
}

/** Each feature of the report and what is said of it, in its order. */
private fun report(provider: Provider): Map<String, String> =
    providerReport(provider).associate { line ->
        check(line.why.isNotEmpty() && line.feature.name.lowercase() == line.name)
        line.name to line.support.name.lowercase()
    }

internal fun resourceMetadata(data: JSONObject): String {
    val resource = data.getString("resource")
    return try {
        val found = readProtectedResource(resource, body(data), URL, 0u)
        check(found.resource == resource)
        "ok" + word("issuer", protectedResourceIssuer(found, data.string("issuer"))) +
            word("scopes", protectedResourceScopes(found).joinToString(" "))
    } catch (e: ProofKeyException) {
        refused(e, data)
    }
}

/** `never_shown`, `shown`. */
internal fun refused(
    e: ProofKeyException,
    data: JSONObject,
): String {
    val (code, text) = e.failed.code to e.failed.text
    return when {
        data.strings("never_shown").any { it in "$text $e" } -> "shown $code"
        !data.strings("shown").all { it in text } -> "not_shown $code"
        else -> "error $code"
    }
}

internal fun wwwAuthenticate(data: JSONObject): String {
    val parsed = parseChallenges(data.getJSONArray("fields").map { text(it) })
    val words = mutableListOf<String>()
    for (challenge in parsed.list) {
        words += word("challenge", challenge.scheme) + word("token68", challenge.token68)
        // A name is written like a value.
        for (parameter in challenge.parameters) words += word(value(parameter.name), parameter.value)
    }
    for (defect in parsed.defects) words += word("defect", defect)
    parsed.demand?.let {
        words += word("demand", it.scheme) + word("resource_metadata", it.resourceMetadata)
        words += word("scope", it.scopes?.joinToString(" ")) + word("error", it.error)
        words += word("acr_values", it.acrValues?.joinToString(" ")) + word("max_age", it.maxAge?.toString())
    }
    return words.joinToString("").trimStart().ifEmpty { "none" }
}

private fun value(text: String): String = word("", text).removePrefix(" =")

/** The flow of the same name. */
internal class DiscoveryFlow(
    data: JSONObject,
) : Flow {
    private val flow =
        Discovery(
            DiscoveryConfig(
                issuer = data.string("issuer"),
                resource = data.string("resource"),
                wwwAuthenticate = data.strings("www_authenticate"),
                allowMissingS256 = data.strings("allow_missing_s256"),
            ),
        )

    override fun advance(
        event: JSONObject,
        now: Long,
    ): Map<String, Any?> = clientStep(flow.advance(clientEvent(event), now.toULong()))

    override fun outcome(): Pair<Map<String, Any?>, String>? {
        val found = flow.outcome() ?: return null
        val words =
            word("issuer", found.provider.issuer) + word("resource", found.resource?.resource) +
                word("scope", found.scopes.joinToString(" "))
        return seen(found) to words.trimStart()
    }
}

private fun seen(found: Discovered): Map<String, Any?> {
    val provider = found.provider
    return mapOf(
        "issuer" to provider.issuer,
        "issuer_host" to providerIssuerHost(provider),
        "authorization_endpoint" to provider.authorizationEndpoint,
        "token_endpoint" to provider.tokenEndpoint,
        "registration_endpoint" to provider.registrationEndpoint,
        "iss_promised" to provider.issPromised,
        "metadata_url" to provider.metadataUrl,
        "fetched_at" to provider.fetchedAt.toLong(),
        "report" to report(provider),
        "resource" to found.resource?.resource,
        "resource_metadata_url" to found.resource?.metadataUrl,
        "scopes" to found.scopes,
    )
}
