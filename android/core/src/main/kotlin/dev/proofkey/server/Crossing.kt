package dev.proofkey.server

import dev.proofkey.internal.Header
import dev.proofkey.internal.RequestProof
import dev.proofkey.invalid
import dev.proofkey.now
import dev.proofkey.seconds
import dev.proofkey.text
import dev.proofkey.internal.CheckDemands as NativeDemands
import dev.proofkey.internal.ClientRecord as NativeClient
import dev.proofkey.internal.Decline as NativeDecline
import dev.proofkey.internal.Grant as NativeGrant
import dev.proofkey.internal.GrantRow as NativeGrantRow
import dev.proofkey.internal.NewGrant as NativeNewGrant
import dev.proofkey.internal.NewToken as NativeNewToken
import dev.proofkey.internal.Policy as NativePolicy
import dev.proofkey.internal.Profile as NativeProfile
import dev.proofkey.internal.ProofRules as NativeRules
import dev.proofkey.internal.Rotation as NativeRotation
import dev.proofkey.internal.Terms as NativeTerms
import dev.proofkey.internal.TokenKind as NativeKind
import dev.proofkey.internal.TokenRow as NativeTokenRow

// What a server gives to the core and gets from it, as it crosses.

/** What calls of the core belong to here. */
internal const val OWNER: String = "AuthorizationServer"

// From the core.

/** Header fields, of which none comes twice. */
internal fun fields(native: List<Header>): Map<String, String> = native.associate { it.name to it.value }

internal fun grant(native: NativeGrant): Grant =
    Grant(
        native.grantId,
        native.clientId,
        native.subject,
        native.redirectUri,
        native.redirectUriWasSent,
        native.codeChallenge,
        native.scope,
        native.resource,
        native.refreshable,
        with(native.terms) { Terms(dpopJkt, nonce, authTime?.let { seconds(it) }, acr, authorizationDetails) },
    )

internal fun newGrant(native: NativeNewGrant): NewGrant =
    NewGrant(grant(native.grant), native.codeHash, seconds(native.lifetimeS))

internal fun newTokens(native: List<NativeNewToken>): List<NewToken> =
    native.map { NewToken(kind(it.kind), it.tokenHash, seconds(it.lifetimeS), it.scope, it.dpopJkt) }

/** A token that was found good. Refresh tokens pass nowhere, and of access tokens the rotation says nothing. */
internal fun tokenRow(native: NativeTokenRow): TokenRow =
    TokenRow(
        kind(native.kind),
        seconds(native.expiresAt),
        native.revoked,
        grant(native.grant),
        Rotation.Newest,
        native.scope,
        native.dpopJkt,
    )

private fun kind(native: NativeKind): TokenKind =
    when (native) {
        NativeKind.ACCESS -> TokenKind.Access
        NativeKind.REFRESH -> TokenKind.Refresh
    }

// To the core: settings and requests.

internal fun crossed(policy: Policy): NativePolicy =
    NativePolicy(
        issuer = text("issuer", policy.issuer),
        profile =
            when (policy.profile) {
                Profile.OAuth20 -> NativeProfile.OAUTH20
                Profile.OAuth21 -> NativeProfile.OAUTH21
            },
        codeLifetimeS = count("codeLifetimeSeconds", policy.codeLifetimeSeconds),
        accessTokenLifetimeS = count("accessTokenLifetimeSeconds", policy.accessTokenLifetimeSeconds),
        refreshTokenLifetimeS = count("refreshTokenLifetimeSeconds", policy.refreshTokenLifetimeSeconds),
        reuseWindowS = count("reuseWindowSeconds", policy.reuseWindowSeconds),
        maxMismatches = count("maxMismatches", policy.maxMismatches.toLong()).toUInt(),
        openScopes = texts("openScopes", policy.openScopes),
        detailsTypes = texts("detailsTypes", policy.detailsTypes),
    )

internal fun crossed(client: ClientRecord): NativeClient =
    NativeClient(
        text("clientId", client.clientId),
        text("name", client.name),
        texts("redirectUris", client.redirectUris),
        texts("scopes", client.scopes),
        client.mayRefresh,
    )

internal fun crossed(rules: ProofRules): NativeRules =
    NativeRules(
        rules.required,
        count("windowSeconds", rules.windowSeconds),
        rules.key,
        count("nonceLifetimeSeconds", rules.nonceLifetimeSeconds),
    )

internal fun crossed(
    proof: Proof,
    rules: NativeRules,
): RequestProof =
    RequestProof(texts("fields", proof.fields), text("method", proof.method), text("url", proof.url), now(), rules)

internal fun crossed(
    demands: Demands,
    proof: RequestProof?,
): NativeDemands =
    NativeDemands(
        dev.proofkey.internal.Authentication(
            texts("acrValues", demands.acrValues),
            demands.maxAgeSeconds?.let { count("maxAgeSeconds", it) },
        ),
        demands.metadataUrl?.let { text("metadataUrl", it) },
        proof,
    )

internal fun crossed(why: Decline): NativeDecline =
    when (why) {
        Decline.Denied -> NativeDecline.DENIED
        Decline.NobodySignedIn -> NativeDecline.LOGIN_REQUIRED
        Decline.ConsentNeeded -> NativeDecline.CONSENT_REQUIRED
        Decline.AccountNeeded -> NativeDecline.ACCOUNT_SELECTION_REQUIRED
        Decline.InteractionNeeded -> NativeDecline.INTERACTION_REQUIRED
        Decline.AuthenticationUnmet -> NativeDecline.UNMET_AUTHENTICATION
        Decline.Unavailable -> NativeDecline.TEMPORARILY_UNAVAILABLE
        Decline.Failed -> NativeDecline.SERVER_ERROR
    }

// To the core: rows. What a store gives is looked at first.

internal fun crossed(row: GrantRow): NativeGrantRow =
    NativeGrantRow(
        crossed(row.grant),
        count("expiresAt", row.expiresAt),
        row.isUsed,
        row.isRevoked,
        count("mismatches", row.mismatches.toLong()).toUInt(),
    )

internal fun crossed(row: TokenRow): NativeTokenRow =
    NativeTokenRow(
        kind =
            when (row.kind) {
                TokenKind.Access -> NativeKind.ACCESS
                TokenKind.Refresh -> NativeKind.REFRESH
            },
        expiresAt = count("expiresAt", row.expiresAt),
        revoked = row.isRevoked,
        grant = crossed(row.grant),
        rotation =
            when (val rotation = row.rotation) {
                is Rotation.Newest -> NativeRotation.Newest
                is Rotation.Predecessor -> NativeRotation.Predecessor(count("rotatedAt", rotation.rotatedAt))
                is Rotation.Older -> NativeRotation.Older
            },
        dpopJkt = row.dpopJkt?.let { text("dpopJkt", it) },
        scope = row.scope?.let { text("scope", it) },
    )

private fun crossed(grant: Grant): NativeGrant =
    NativeGrant(
        grantId = text("grantId", grant.grantId),
        clientId = text("clientId", grant.clientId),
        subject = text("subject", grant.subject),
        redirectUri = text("redirectUri", grant.redirectUri),
        redirectUriWasSent = grant.redirectUriWasSent,
        codeChallenge = grant.codeChallenge?.let { text("codeChallenge", it) },
        scope = text("scope", grant.scope),
        resource = grant.resource?.let { text("resource", it) },
        terms = crossed(grant.terms),
        refreshable = grant.refreshable,
    )

private fun crossed(terms: Terms): NativeTerms =
    NativeTerms(
        dpopJkt = terms.dpopJkt?.let { text("dpopJkt", it) },
        nonce = terms.nonce?.let { text("nonce", it) },
        authTime = terms.authTime?.let { count("authTime", it) },
        acr = terms.acr?.let { text("acr", it) },
        authorizationDetails = terms.authorizationDetails?.let { text("authorizationDetails", it) },
    )

internal fun texts(
    name: String,
    values: List<String>,
): List<String> = values.mapIndexed { at, value -> text("$name[$at]", value) }

/** A number of things or seconds. */
internal fun count(
    name: String,
    value: Long,
): ULong {
    if (value < 0) throw invalid("$name is less than 0")
    return value.toULong()
}
