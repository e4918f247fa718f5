package dev.proofkey

import com.sun.jna.NativeLibrary
import dev.proofkey.internal.AccessRun
import dev.proofkey.internal.CheckDemands
import dev.proofkey.internal.Event
import dev.proofkey.internal.FfiConverterString
import dev.proofkey.internal.ProofRules
import dev.proofkey.internal.Received
import dev.proofkey.internal.RequestProof
import dev.proofkey.internal.Step
import dev.proofkey.internal.Stored
import dev.proofkey.internal.UniffiLib
import dev.proofkey.internal.UniffiRustCallStatus
import dev.proofkey.panics.Call
import dev.proofkey.panics.DATA_KEY
import dev.proofkey.panics.EXPORTS
import dev.proofkey.panics.POINT
import dev.proofkey.panics.SIGNATURE
import dev.proofkey.panics.answer
import dev.proofkey.panics.boundOutcome
import dev.proofkey.panics.completed
import dev.proofkey.panics.granted
import dev.proofkey.panics.identity
import dev.proofkey.panics.judged
import dev.proofkey.panics.tokenRequest
import dev.proofkey.panics.unsigned
import dev.proofkey.runner.parameter
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.nio.file.Files
import dev.proofkey.internal.ProofKeyException as NativeException

/**
 * A panic in every export is `internal_error`, and the program goes on. Run with the library that is built with
 * `test-panic`.
 */
@Tag("panics")
class PanicsTest {
    private val library = NativeLibrary.getInstance("proofkey_uniffi")

    /** Lets every call of this export panic; an empty name ends it. */
    private fun panicIn(name: String) {
        val status = UniffiRustCallStatus()
        val arguments = arrayOf(FfiConverterString.lower(name), status)
        library.getFunction("uniffi_proofkey_uniffi_fn_func_test_panic_in").invokeVoid(arguments)
        check(status.isSuccess())
    }

    private fun <T> withPanic(
        name: String,
        run: () -> T,
    ): T {
        panicIn(name)
        try {
            return run()
        } finally {
            panicIn("")
        }
    }

    private fun code(call: Call): String? {
        val error = runCatching(call).exceptionOrNull()
        assertFalse("injected" in "$error")
        return if (error == null) null else (error as? NativeException.Failed ?: throw error).code
    }

    @TestFactory
    fun `a panic in an export is an internal error`(): List<DynamicTest> =
        EXPORTS.map { export ->
            dynamicTest(export.name) {
                val call = export.make()
                assertEquals("internal_error", withPanic(export.name) { code(call) })
                assertEquals(if (export.livesOn) null else "internal_error", code(call), "afterwards")
            }
        }

    /** A text cannot fail: it is the type's name. */
    @TestFactory
    fun `a panic in a text leaves the name`(): List<DynamicTest> =
        texts.map { (name, thing) ->
            dynamicTest(name) {
                assertEquals(name, withPanic("$name.show") { "$thing" })
                assertNotEquals(name, "$thing")
            }
        }

    private val texts: Map<String, Any> by lazy {
        val (issued, redeemed) = granted()
        mapOf(
            "CodePair" to dev.proofkey.internal.pair(),
            "DataKey" to DATA_KEY,
            "TokenSet" to tokenRequest().tokens(answer(), 0u),
            "HttpRequest" to tokenRequest().httpRequest(),
            "HttpResponse" to answer(),
            "Header" to answer().headers[0],
            "Completion" to completed(),
            "Event" to Event.Elapsed,
            "Step" to Step.Browse("https://as.example/", REDIRECT, 1u),
            "Received" to Received.Redirect(REDIRECT),
            "Judged" to judged(),
            "IssueOutcome" to issued,
            "TokenAnswer" to redeemed,
            "CheckDemands" to CheckDemands(),
            "ProofRules" to ProofRules(),
            "RequestProof" to RequestProof(emptyList(), "GET", ISSUER, 0u, ProofRules()),
            "AccessRun" to AccessRun(),
            "AccessOutcome" to boundOutcome(),
            "AuthorizationFields" to unsigned().proof.signed(SIGNATURE),
            "Authorized" to unsigned(),
            "Identity" to identity(),
            "Stored" to Stored(1u, ByteArray(0)),
        )
    }

    /** What the generated layer can call is in the tables above, and nothing else is. */
    @Test
    fun `no export is missing`() {
        val functions = UniffiLib::class.java.declaredMethods.map { it.name.substringAfter("_uniffi_fn_", "") }
        val called = functions.filter { it.substringBefore('_') in setOf("func", "method", "constructor") }.toSet()
        val traits =
            texts.keys.flatMap { name ->
                listOf("debug", "display").map { "method_${name.lowercase()}_uniffi_trait_$it" }
            }
        assertEquals(called.sorted(), (EXPORTS.map { it.symbol } + traits).sorted())
    }

    private fun session() = PkceSession.begin(ISSUER, "$ISSUER/authorize", "$ISSUER/token", "agent", REDIRECT)

    private fun request(session: PkceSession = session()): TokenRequest {
        val state = parameter(session.authorizationUrl(), "state")
        return (session.complete("$REDIRECT?code=c-1&state=$state") as Completion.Accepted).request
    }

    private val fields = listOf(HttpHeader("Content-Type", "application/json"))

    private fun tokens(request: TokenRequest = request()) = request.tokens(200, fields, TOKENS.toByteArray())

    private fun app(kept: TokenStore? = null) =
        ProofKeyClient(ISSUER, "$ISSUER/authorize", "http://127.0.0.1:1/token", "agent", AppAuthenticator()) {
            redirectUri = REDIRECT
            resource = ISSUER
            store = kept
        }

    private fun loopback() =
        ProofKeyClient(ISSUER, "$ISSUER/authorize", "http://127.0.0.1:1/token", "agent", LoopbackAuthenticator(approving))

    private fun alone(kept: TokenStore? = null) =
        Issuer().let { site ->
            ProofKeyClient(site.url, "agent", AppAuthenticator()) {
                redirectUri = REDIRECT
                store = kept
            }
        }

    /** It asks for tokens, and for nothing else. */
    private fun given(kept: TokenStore? = null): ProofKeyClient {
        val site = Issuer().url
        return ProofKeyClient(site, "$site/authorize", "$site/token", "agent", AppAuthenticator()) {
            redirectUri = REDIRECT
            resource = ISSUER
            store = kept
        }
    }

    private fun signedIn(kept: TokenStore? = null) = given(kept).also { runBlocking { it.signIn() } }

    private fun signsOut(client: ProofKeyClient): Call = { runBlocking { client.signOut() } }

    private fun refused(): Call {
        val client = signedIn()
        val header = runBlocking { client.authorization(ISSUER) }
        return { runBlocking { client.authorizationAfter(ISSUER, header) } }
    }

    /** A request that has had its first try. */
    private fun tried(): ResourceCall = signedIn().call().also { runBlocking { it.headers("GET", ISSUER) } }

    private fun ResourceCall.wants(error: String): Boolean {
        val fields = mapOf("WWW-Authenticate" to listOf("DPoP error=\"$error\""), "DPoP-Nonce" to listOf("n-1"))
        return runBlocking { answered(ISSUER, 401, fields) }
    }

    private object Pen : Signer {
        override suspend fun publicKey(keyId: String) = POINT

        override suspend fun sign(
            keyId: String,
            input: ByteArray,
        ) = SIGNATURE
    }

    private fun fileStore(keyring: Keyring? = null) =
        FileTokenStore(keyring, Files.createTempDirectory("proofkey").toString()) {}

    private fun document() = ClientDocument("https://app.example/client", "The agent", listOf(REDIRECT))

    /** Keeps nothing, and says why by the code that it is given. */
    private class Unwilling : TokenStore by MemoryTokenStore() {
        override suspend fun dataKey(): DataKey =
            throw TokenStoreException("it is locked", TokenStoreException.Failure.KeyringUnavailable)
    }

    private class Ring : Keyring {
        private var text: String? = null

        override fun lookUp(
            service: String,
            account: String,
        ) = text

        override fun keep(
            service: String,
            account: String,
            text: String,
        ) {
            this.text = text
        }
    }

    private fun signsIn(client: ProofKeyClient): Call = { runBlocking { client.signIn() } }

    /** The export, and what makes the call of the public API that reaches it. */
    private val calls: Map<String, () -> Call> =
        mapOf(
            "pair" to { { pair() } },
            "verify" to { { verify("v".repeat(43), "A".repeat(43)) } },
            "CodePair.challenge" to { pair().let { { it.challenge } } },
            "CodePair.expose_verifier" to { pair().let { { it.exposeVerifier() } } },
            "PkceSession.begin" to { { session() } },
            "PkceSession.authorization_url" to { session().let { { it.authorizationUrl() } } },
            "PkceSession.complete" to { session().let { { it.complete(REDIRECT) } } },
            "TokenRequest.http_request" to { request().let { { it.httpRequest() } } },
            "TokenRequest.tokens" to { request().let { { tokens(it) } } },
            "TokenSet.expose_access_token" to { tokens().let { { it.exposeAccessToken() } } },
            "TokenSet.expose_refresh_token" to { tokens().let { { it.exposeRefreshToken() } } },
            "TokenSet.expires_at" to { tokens().let { { it.expiresAt } } },
            "TokenSet.scopes" to { tokens().let { { it.scopes } } },
            "TokenSet.issuer" to { tokens().let { { it.issuer } } },
            "TokenSet.client_id" to { tokens().let { { it.clientId } } },
            "TokenSet.resource" to { tokens().let { { it.resource } } },
            "TokenSet.is_fresh" to { tokens().let { { it.isFresh() } } },
            "TokenSet.authorization" to { tokens().let { { it.authorization(ISSUER) } } },
            "TokenSet.authorization_now" to { tokens().let { { it.authorizationNow(ISSUER) } } },
            "TokenSet.fingerprint" to { refused() },
            "TokenSet.token_type" to { tokens().let { { it.tokenType } } },
            "TokenSet.identity" to { tokens().let { { it.identity } } },
            "TokenSet.requested_scopes" to { tokens().let { { it.requestedScopes } } },
            "TokenSet.missing_scopes" to { tokens().let { { it.missingScopes } } },
            "TokenSet.authorization_details" to { tokens().let { { it.authorizationDetails } } },
            "TokenSet.missing_authorization_details" to { tokens().let { { it.missingAuthorizationDetails } } },
            "TokenSet.authorize" to { signedIn().call().let { { runBlocking { it.headers("GET", ISSUER) } } } },
            "TokenSet.authorize_now" to
                {
                    val call = tried().also { check(it.wants("use_dpop_nonce")) }
                    call.let { { runBlocking { it.headers("GET", ISSUER) } } }
                },
            "UnsignedProof.signed" to { unsigned().let { { runBlocking { it.fields(Pen) } } } },
            "DpopNonces.new" to { { app() } },
            "DpopNonces.heard" to { tried().let { { it.wants("use_dpop_nonce") } } },
            "ResourceCall.new" to { app().let { { it.call() } } },
            "ResourceCall.answered" to { tried().let { { it.wants("use_dpop_nonce") } } },
            "PkceSession.seal" to { session().let { { it.seal(DataKey.generate(), 1) } } },
            "PkceSession.open" to
                {
                    val key = DataKey.generate()
                    session().seal(key, 2).let { { PkceSession.open(key, it, ISSUER, "agent", REDIRECT, 1) } }
                },
            "DataKey.generate" to { { DataKey.generate() } },
            "DataKey.from_bytes" to { { DataKey.of(ByteArray(32)) } },
            "DataKey.from_text" to { { DataKey.of("A".repeat(43)) } },
            "DataKey.expose_bytes" to { DataKey.generate().let { { it.exposeBytes() } } },
            "DataKey.expose_text" to { DataKey.generate().let { { it.exposeText() } } },
            "client_document_json" to { { document().toJson() } },
            "read_client_document" to
                { document().toJson().toByteArray().let { { ClientDocument.read(document().url, it) } } },
            "check_access" to { { app() } },
            "check_resource" to { app().let { { runBlocking { it.authorization(ISSUER) } } } },
            "Access.new" to { signsIn(app()) },
            "Access.advance" to { signsIn(app()) },
            "Access.outcome" to { signsIn(alone()) },
            "store_error" to { signsIn(app(Unwilling())) },
            "default_store_folder" to { { FileTokenStore(null, null) {} } },
            "keyring_entry" to { { fileStore() } },
            "FileStore.open" to { { fileStore() } },
            "FileStore.folder" to { fileStore().let { { it.folder } } },
            "FileStore.load" to { given(fileStore()).let { { runBlocking { it.accessToken() } } } },
            "FileStore.swap" to { signsIn(given(fileStore())) },
            "FileStore.lock" to { signsOut(signedIn(fileStore())) },
            "FileStore.key_place" to { signsIn(given(fileStore())) },
            "FileStore.file_key" to { signsIn(given(fileStore())) },
            "FileStore.decide_keyring" to { signsIn(given(fileStore(Ring()))) },
            "FileLock.release" to { signsOut(signedIn(fileStore())) },
            "LoopbackReceiver.bind" to { signsIn(loopback()) },
            "LoopbackReceiver.port" to { signsIn(loopback()) },
            "LoopbackReceiver.wait" to { signsIn(loopback()) },
        )

    @TestFactory
    fun `a panic comes out of the public API as an internal error`(): List<DynamicTest> =
        calls.map { (name, make) ->
            dynamicTest(name) {
                val call = make()
                val error = withPanic(name) { runCatching { call() }.exceptionOrNull() }
                assertFalse("injected" in "$error")
                val code = (error as? ProofKeyException)?.code
                assertEquals("internal_error", code) { "$error" }
                assertEquals(ProofKeyException.FixConfiguration::class.java, error?.javaClass)
            }
        }
}
