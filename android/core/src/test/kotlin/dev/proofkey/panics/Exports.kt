package dev.proofkey.panics

import dev.proofkey.ISSUER
import dev.proofkey.REDIRECT
import dev.proofkey.internal.Access
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.Approval
import dev.proofkey.internal.CheckToken
import dev.proofkey.internal.CodePair
import dev.proofkey.internal.DataKey
import dev.proofkey.internal.Decline
import dev.proofkey.internal.Discovered
import dev.proofkey.internal.Discovery
import dev.proofkey.internal.DpopNonces
import dev.proofkey.internal.Event
import dev.proofkey.internal.FileStore
import dev.proofkey.internal.Goal
import dev.proofkey.internal.Issue
import dev.proofkey.internal.LoopbackHost
import dev.proofkey.internal.LoopbackReceiver
import dev.proofkey.internal.PkceSession
import dev.proofkey.internal.ProofKeyException
import dev.proofkey.internal.RedirectTarget
import dev.proofkey.internal.ResourceCall
import dev.proofkey.internal.RevokeToken
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.StoreEvent
import dev.proofkey.internal.authorizationServerUrls
import dev.proofkey.internal.bodyWithIdToken
import dev.proofkey.internal.checkAccess
import dev.proofkey.internal.checkDpopProof
import dev.proofkey.internal.checkRedirectUri
import dev.proofkey.internal.checkResource
import dev.proofkey.internal.clientDocumentJson
import dev.proofkey.internal.clientOf
import dev.proofkey.internal.countKeys
import dev.proofkey.internal.defaultStoreFolder
import dev.proofkey.internal.discoveredSignIn
import dev.proofkey.internal.judgeRequest
import dev.proofkey.internal.keyringEntry
import dev.proofkey.internal.pair
import dev.proofkey.internal.parseChallenge
import dev.proofkey.internal.parseChallenges
import dev.proofkey.internal.protectedResourceIssuer
import dev.proofkey.internal.protectedResourceScopes
import dev.proofkey.internal.protectedResourceUrls
import dev.proofkey.internal.providerIsFresh
import dev.proofkey.internal.providerIssuerHost
import dev.proofkey.internal.providerReport
import dev.proofkey.internal.providerSignIn
import dev.proofkey.internal.rawSignature
import dev.proofkey.internal.readClientDocument
import dev.proofkey.internal.redirectUriMatches
import dev.proofkey.internal.storeError
import dev.proofkey.internal.verify
import dev.proofkey.internal.version
import dev.proofkey.runner.text
import java.nio.file.Files

/** A call of an export that can be made twice. */
internal typealias Call = () -> Any?

/** An export of the library: its name there, and what makes a call of it. What the call needs is made before. */
internal class Export(
    val name: String,
    val make: () -> Call,
) {
    private val type = name.substringBefore('.', "")
    private val method = name.substringAfter('.')
    private val isConstructor = type.isNotEmpty() && method in CONSTRUCTORS

    /** The end of its symbol: `SignIn.new` is `constructor_signin_new`. */
    val symbol: String =
        when {
            type.isEmpty() -> "func_$method"
            isConstructor -> "constructor_${type.lowercase()}_$method"
            else -> "method_${type.lowercase()}_$method"
        }

    /** Whether a second call is as good as the first: nothing was left half done, or there is nothing yet. */
    val livesOn: Boolean =
        type.isEmpty() || isConstructor || type in STATELESS ||
            (type == "LoopbackReceiver" && method != "wait")

    private companion object {
        val STATELESS = setOf("CodePair", "TokenSet", "DataKey", "DpopNonces", "FileStore", "FileLock")
        val CONSTRUCTORS = setOf("new", "begin", "bind", "parse", "open", "generate", "from_bytes", "from_text")
    }
}

/** All that the library exports, by the generated layer. */
internal val EXPORTS: List<Export> = functions() + discovery() + client() + access() + proofs() + receiver() + grants()

private fun functions() =
    listOf(
        Export("version") { ::version },
        Export("pair") { ::pair },
        Export("verify") { { verify(CHALLENGE, CHALLENGE) } },
        Export("parse_challenge") { { parseChallenge(CHALLENGE) } },
        Export("check_redirect_uri") { { checkRedirectUri(REDIRECT) } },
        Export("redirect_uri_matches") { { redirectUriMatches(REDIRECT, REDIRECT) } },
        Export("client_of") { { clientOf(query(CHALLENGE)) } },
        Export("judge_request") { { judgeRequest(query(CHALLENGE), client, policy) } },
        Export("parse_challenges") { { parseChallenges(listOf("Bearer")) } },
    )

private fun discovery() =
    listOf(
        Export("authorization_server_urls") { { authorizationServerUrls(ISSUER) } },
        Export("protected_resource_urls") { { protectedResourceUrls(RESOURCE) } },
        Export("read_provider") { ::provider },
        Export("provider_report") { provider().let { { providerReport(it) } } },
        Export("provider_is_fresh") { provider().let { { providerIsFresh(it, NOW, 1u) } } },
        Export("provider_issuer_host") { provider().let { { providerIssuerHost(it) } } },
        Export("provider_sign_in") { provider().let { { providerSignIn(it, "agent", PLACE) } } },
        Export("discovered_sign_in") {
            Discovered(provider(), null, emptyList()).let { { discoveredSignIn(it, "agent", PLACE) } }
        },
        Export("read_protected_resource") { ::protectedResource },
        Export("protected_resource_issuer") { protectedResource().let { { protectedResourceIssuer(it, null) } } },
        Export("protected_resource_scopes") { protectedResource().let { { protectedResourceScopes(it) } } },
        Export("Discovery.new") { { Discovery(asked) } },
        Export("Discovery.advance") { Discovery(asked).let { { it.advance(Event.Start, NOW) } } },
        Export("Discovery.outcome") { Discovery(asked).let { { it.outcome() } } },
    )

private fun client() =
    listOf(
        Export("SignIn.new") { { SignIn(config) } },
        Export("SignIn.advance") { SignIn(config).let { { it.advance(Event.Start, NOW) } } },
        Export("SignIn.outcome") { SignIn(config).let { { it.outcome() } } },
        Export("CodePair.parse") { { CodePair.parse(CHALLENGE) } },
        Export("CodePair.challenge") { pair().let { { it.challenge() } } },
        Export("CodePair.expose_verifier") { pair().let { { it.exposeVerifier() } } },
        Export("PkceSession.begin") { { PkceSession.begin(authorization) } },
        Export("PkceSession.authorization_url") { session().let { { it.authorizationUrl() } } },
        Export("PkceSession.complete") { session().let { { it.complete(REDIRECT) } } },
        Export("PkceSession.seal") { session().let { { it.seal(DATA_KEY, NOW + 60u) } } },
        Export("PkceSession.open") {
            session().seal(DATA_KEY, NOW + 60u).let { { PkceSession.open(DATA_KEY, it, ISSUER, "agent", REDIRECT, NOW) } }
        },
        Export("PkceSession.discard") { session().let { { it.discard() } } },
        Export("TokenRequest.http_request") { tokenRequest().let { { it.httpRequest() } } },
        Export("TokenRequest.tokens") { tokenRequest().let { { it.tokens(answer(), NOW) } } },
        Export("TokenSet.expose_access_token") { tokens().let { { it.exposeAccessToken() } } },
        Export("TokenSet.expose_refresh_token") { tokens().let { { it.exposeRefreshToken() } } },
        Export("TokenSet.is_fresh") { tokens().let { { it.isFresh(NOW) } } },
        Export("TokenSet.authorization") { resourceTokens().let { { it.authorization(RESOURCE, NOW) } } },
        Export("TokenSet.authorization_now") { resourceTokens().let { { it.authorizationNow(RESOURCE) } } },
        Export("TokenSet.authorize") { resourceTokens().let { { it.authorize("GET", RESOURCE, NOW, null) } } },
        Export("TokenSet.authorize_now") { resourceTokens().let { { it.authorizeNow("GET", RESOURCE, NOW, null) } } },
        Export("TokenSet.token_type") { tokens().let { { it.tokenType() } } },
        Export("TokenSet.identity") { tokens().let { { it.identity() } } },
        Export("TokenSet.requested_scopes") { tokens().let { { it.requestedScopes() } } },
        Export("TokenSet.missing_scopes") { tokens().let { { it.missingScopes() } } },
        Export("TokenSet.authorization_details") { tokens().let { { it.authorizationDetails() } } },
        Export("TokenSet.fingerprint") { tokens().let { { it.fingerprint() } } },
        Export("TokenSet.expires_at") { tokens().let { { it.expiresAt() } } },
        Export("TokenSet.scopes") { tokens().let { { it.scopes() } } },
        Export("TokenSet.issuer") { tokens().let { { it.issuer() } } },
        Export("TokenSet.client_id") { tokens().let { { it.clientId() } } },
        Export("TokenSet.resource") { tokens().let { { it.resource() } } },
    )

private fun access() =
    listOf(
        Export("Access.new") { { Access(accessConfig, Goal.TOKEN, AccessRun()) } },
        Export("Access.advance") { flow().let { { it.advance(Event.Start, NOW) } } },
        Export("Access.outcome") { flow().let { { it.outcome() } } },
        Export("check_access") { { checkAccess(accessConfig) } },
        Export("check_resource") { { checkResource(RESOURCE, RESOURCE) } },
        Export("store_error") { ::storeFull },
        Export("client_document_json") { { clientDocumentJson(document) } },
        Export("read_client_document") {
            clientDocumentJson(document).toByteArray().let { { readClientDocument(document.clientId, it) } }
        },
        Export("DataKey.generate") { { DataKey.generate() } },
        Export("DataKey.from_bytes") { { DataKey.fromBytes(ByteArray(32)) } },
        Export("DataKey.from_text") { { DataKey.fromText(CHALLENGE) } },
        Export("DataKey.expose_bytes") { { DATA_KEY.exposeBytes() } },
        Export("DataKey.expose_text") { { DATA_KEY.exposeText() } },
        Export("default_store_folder") { ::defaultStoreFolder },
        Export("keyring_entry") { ::keyringEntry },
        Export("FileStore.open") { folder().let { { FileStore.open(it) } } },
        Export("FileStore.folder") { fileStore().let { { it.folder() } } },
        Export("FileStore.load") { fileStore().let { { it.load("a") } } },
        Export("FileStore.swap") { fileStore().let { { it.swap("a", null, ByteArray(1)) } } },
        Export("FileStore.lock") { fileStore().let { { it.lock("a", 0u)?.release() } } },
        Export("FileStore.key_place") { fileStore().let { { it.keyPlace() } } },
        Export("FileStore.file_key") { fileStore().let { { it.fileKey() } } },
        Export("FileStore.decide_keyring") { fileStore().let { { it.decideKeyring() } } },
        Export("FileLock.release") { checkNotNull(fileStore().lock("a", 0u)).let { { it.release() } } },
    )

private fun proofs() =
    listOf(
        Export("DpopNonces.new") { { DpopNonces() } },
        Export("DpopNonces.heard") { DpopNonces().let { { it.heard(RESOURCE, "n-1") } } },
        Export("UnsignedProof.signed") { unsigned().let { { it.proof.signed(SIGNATURE) } } },
        Export("check_dpop_proof") { { checkDpopProof("", "GET", RESOURCE, null, null, NOW, 60u) } },
        Export("raw_signature") { { rawSignature(SIGNATURE) } },
        Export("verify_id_token") { ::identity },
        Export("count_keys") { text(SAYING.get("keys")).toByteArray().let { { countKeys(it) } } },
        Export("ResourceCall.new") { { ResourceCall(null) } },
        Export("ResourceCall.answered") {
            ResourceCall(null).let { { it.answered(200u, emptyList(), emptyList(), emptyList()) } }
        },
    )

/** It always fails; by that code it has done its work. */
private fun storeFull() =
    try {
        storeError("store_full", "")
    } catch (e: ProofKeyException.Failed) {
        if (e.code != "store_full") throw e else Unit
    }

private fun flow() = Access(accessConfig, Goal.TOKEN, AccessRun())

private fun folder() = Files.createTempDirectory("proofkey").also { it.toFile().deleteOnExit() }.toString()

private fun fileStore() = FileStore.open(folder())

private fun bound() = LoopbackReceiver.bind(LoopbackHost.V4, 0u, "/callback")

private fun receiver() =
    listOf(
        Export("LoopbackReceiver.bind") { ::bound },
        Export("LoopbackReceiver.port") { bound().let { { it.port() } } },
        Export("LoopbackReceiver.redirect_uri") { bound().let { { it.redirectUri() } } },
        Export("LoopbackReceiver.wait") { bound().let { { it.wait(0u) } } },
        Export("LoopbackReceiver.cancel") { bound().let { { it.cancel() } } },
        Export("LoopbackReceiver.release") { bound().let { { it.release() } } },
    )

private fun check() = CheckToken(null, RESOURCE, emptyList())

private fun revoke() = RevokeToken("token=t".toByteArray(), "application/x-www-form-urlencoded", null)

private fun grants() =
    listOf(
        Export("GrantRequest.details") { grantRequest().let { { it.details() } } },
        Export("GrantRequest.deny") { grantRequest().let { { it.deny(policy) } } },
        Export("GrantRequest.decline") { grantRequest().let { { it.decline(Decline.LOGIN_REQUIRED, policy) } } },
        Export("body_with_id_token") { granted().second.let { { bodyWithIdToken(it, "a.b.c") } } },
        // The request is spent by the call, also by one that fails.
        Export("Issue.new") { { Issue(grantRequest(), Approval("ada", emptyList()), policy) } },
        Export("Issue.advance") { issue().let { { it.advance(StoreEvent.Start) } } },
        Export("Issue.outcome") { issue().let { { it.outcome() } } },
        Export("Redeem.new") { { redeem("c", CHALLENGE) } },
        Export("Redeem.advance") { redeem("c", CHALLENGE).let { { it.advance(StoreEvent.Start) } } },
        Export("Redeem.outcome") { redeem("c", CHALLENGE).let { { it.outcome() } } },
        Export("RevokeToken.new") { ::revoke },
        Export("RevokeToken.advance") { revoke().let { { it.advance(StoreEvent.Start) } } },
        Export("RevokeToken.outcome") { revoke().let { { it.outcome() } } },
        Export("CheckToken.new") { ::check },
        Export("CheckToken.advance") { check().let { { it.advance(StoreEvent.Start) } } },
        Export("CheckToken.outcome") { check().let { { it.outcome() } } },
    )

internal val PLACE: RedirectTarget = RedirectTarget.Fixed(REDIRECT)
