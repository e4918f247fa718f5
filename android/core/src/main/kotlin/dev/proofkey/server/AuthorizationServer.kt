package dev.proofkey.server

import dev.proofkey.internal.Approval
import dev.proofkey.internal.CheckToken
import dev.proofkey.internal.Issue
import dev.proofkey.internal.Judged
import dev.proofkey.internal.NamedClient
import dev.proofkey.internal.Redeem
import dev.proofkey.internal.RequestProof
import dev.proofkey.internal.RevokeToken
import dev.proofkey.internal.TokenAccess
import dev.proofkey.internal.clientOf
import dev.proofkey.internal.judgeRequest
import dev.proofkey.internalError
import dev.proofkey.invalid
import dev.proofkey.native
import dev.proofkey.text
import java.util.logging.Level
import java.util.logging.Logger

/**
 * The endpoints of an authorization server, as functions over what a request brings. It opens no socket and knows no
 * web framework; what it is asked is answered from the [store][GrantStore], which is yours.
 *
 * ```
 * val server = AuthorizationServer(Policy("https://as.example"), store, Clients { clients[it] })
 * val answer = server.token(body, contentType)
 * ```
 *
 * Any coroutine may use it, and many at once. A cancel is never kept from the caller. It ends the call where it waits
 * for the store: nothing is issued, and a code that was being claimed may be used up. What a replay would have revoked
 * stays until the next one; call [token] in `NonCancellable` where a client's going away cancels its request.
 *
 * What the store throws goes to `storeErrors`; without one that is logged to `dev.proofkey.server`.
 *
 * @param policy what the server chooses.
 * @param store the database.
 * @param clients knows the clients; what it throws is thrown.
 * @param proofs what is asked of proofs of possession (RFC 9449), for which the store must be a [ProofStore]. With one
 * that is none, no proofs are taken and no token is bound.
 * @param storeErrors is told of failures of the store.
 * @throws dev.proofkey.ProofKeyException.FixConfiguration a setting cannot be used.
 */
public class AuthorizationServer
    @JvmOverloads
    constructor(
        policy: Policy,
        store: GrantStore,
        private val clients: Clients,
        proofs: ProofRules? = null,
        storeErrors: StoreErrors = StoreErrors(::log),
    ) {
        private val policy = crossed(policy)
        private val loop = StoreLoop(store, storeErrors)

        // Without a memory a proof could be used twice (RFC 9449 §11.1): then none is taken.
        private val rules = if (store is ProofStore) crossed(proofs ?: ProofRules()) else null

        init {
            if (proofs != null && rules == null) throw invalid("proofs need a store that is a ProofStore")
            // The core looks at the settings here, so that a wrong one is found when the server starts.
            native(OWNER) { Redeem(ByteArray(0), null, null, this.policy, presented(null)) }.close()
        }

        /**
         * Judges the query of an authorization request (RFC 6749 §4.1.1) as it came, without its `?`. A request that is
         * good is to be shown to the user, with the host of its redirect; the answer of the user's form is judged by
         * this once more.
         */
        public suspend fun authorizationRequest(query: String): AuthorizationRequest {
            val asked = text("query", query)
            val named =
                when (val named = native(OWNER) { clientOf(asked) }) {
                    is NamedClient.Page -> return AuthorizationRequest.Page(named.error, named.description)
                    is NamedClient.Named -> named.clientId
                }
            val known = clients.find(named)
            // Who is unknown has no redirect URI, so that it is a page whatever the request says.
            val record = known ?: ClientRecord(named, "", emptyList())
            return when (val judged = native(OWNER) { judgeRequest(asked, crossed(record), policy) }) {
                is Judged.Page -> {
                    val why = if (known == null) "the client is not known here" else judged.description
                    AuthorizationRequest.Page(judged.error, why)
                }

                is Judged.Redirect -> {
                    AuthorizationRequest.Redirect(judged.location, judged.error)
                }

                is Judged.Accepted -> {
                    AuthorizationRequest.Accepted(judged.request, known ?: throw internalError())
                }
            }
        }

        /**
         * The user allows it, or some of its scopes: puts the grant and gives the location with the code. Where the
         * store fails, there is an error in it and no code. The request is used up.
         *
         * @param subject who allowed it, as the server names its users.
         * @param scopes what was allowed: some or all of the scopes that were asked for.
         * @param authTime when the user signed in, in seconds since the epoch, where the server can say: a resource may
         * demand it (RFC 9470).
         * @param acr how the user signed in. It counts with [authTime].
         * @throws dev.proofkey.ProofKeyException.FixConfiguration more was allowed than was asked for, or the request
         * was used before.
         */
        @JvmOverloads
        public suspend fun approve(
            request: AuthorizationRequest.Accepted,
            subject: String,
            scopes: List<String> = request.scopes,
            authTime: Long? = null,
            acr: String? = null,
        ): AuthorizationResponse {
            val approval =
                Approval(
                    text("subject", subject),
                    texts("scopes", scopes),
                    authTime?.let { count("authTime", it) },
                    acr?.let { text("acr", it) },
                )
            val sent =
                native(OWNER) { Issue(request.request, approval, policy) }.use { flow ->
                    loop.run(flow::advance)
                    native(OWNER) { flow.outcome() } ?: throw internalError()
                }
            return AuthorizationResponse(sent.location, sent.grantId, sent.issued)
        }

        /**
         * It comes to nothing, because the user said no, or for another reason: where to send the browser. The request
         * is used up.
         *
         * @throws dev.proofkey.ProofKeyException.FixConfiguration the request was used before.
         */
        @JvmOverloads
        public fun deny(
            request: AuthorizationRequest.Accepted,
            why: Decline = Decline.Denied,
        ): AuthorizationResponse {
            val location = native(OWNER) { request.request.decline(crossed(why), policy) }
            return AuthorizationResponse(location, null, issued = false)
        }

        /**
         * Answers a POST to the token endpoint (RFC 6749 §3.2).
         *
         * @param body its body, whole.
         * @param contentType its `Content-Type` as it came.
         * @param authorization its `Authorization` as it came.
         * @param proof its proofs of possession, if the server takes any.
         */
        @JvmOverloads
        public suspend fun token(
            body: ByteArray,
            contentType: String?,
            authorization: String? = null,
            proof: Proof? = null,
        ): TokenAnswer {
            val (type, header) = fields(contentType, authorization)
            val shown = presented(proof)
            return native(OWNER) { Redeem(body, type, header, policy, shown) }.use { flow ->
                loop.run(flow::advance)
                TokenAnswer(native(OWNER) { flow.outcome() } ?: throw internalError())
            }
        }

        /**
         * Answers a POST to the revocation endpoint (RFC 7009): a token that is given back ends its grant, with all its
         * tokens. The parameters are those of [token].
         */
        @JvmOverloads
        public suspend fun revoke(
            body: ByteArray,
            contentType: String?,
            authorization: String? = null,
        ): TokenAnswer {
            val (type, header) = fields(contentType, authorization)
            return native(OWNER) { RevokeToken(body, type, header) }.use { flow ->
                loop.run(flow::advance)
                TokenAnswer(native(OWNER) { flow.outcome() } ?: throw internalError())
            }
        }

        /**
         * Whether a request may pass at a resource (RFC 6750).
         *
         * @param authorization its `Authorization` as it came.
         * @param audience the resource's own URI. A token that was asked for without a resource (RFC 8707) is for every
         * resource of its server.
         * @param requiredScopes the scopes that it needs.
         * @param proof its proofs of possession, if the server takes any.
         * @param demands what the resource asks beside.
         */
        @JvmOverloads
        public suspend fun check(
            authorization: String?,
            audience: String,
            requiredScopes: List<String> = emptyList(),
            proof: Proof? = null,
            demands: Demands = Demands(),
        ): Access {
            val header = authorization?.let { text("authorization", it) }
            val asked = crossed(demands, presented(proof))
            val (own, scopes) = text("audience", audience) to texts("requiredScopes", requiredScopes)
            val access =
                native(OWNER) { CheckToken(header, own, scopes, asked) }.use { flow ->
                    loop.run(flow::advance)
                    native(OWNER) { flow.outcome() } ?: throw internalError()
                }
            return when (access) {
                is TokenAccess.Granted -> Access.Granted(tokenRow(access.token), fields(access.headers))
                is TokenAccess.Refused -> Access.Refused(access.status.toInt(), fields(access.headers))
            }
        }

        /** Null where the server takes no proofs. Who is told of no request proves nothing. */
        private fun presented(proof: Proof?): RequestProof? = rules?.let { crossed(proof ?: NOTHING, it) }

        private fun fields(
            contentType: String?,
            authorization: String?,
        ) = contentType?.let { text("contentType", it) } to authorization?.let { text("authorization", it) }

        /** For people. */
        override fun toString(): String = "AuthorizationServer(issuer=${policy.issuer})"
    }

private val NOTHING = Proof(emptyList(), "", "")

private fun log(
    call: String,
    error: Exception,
) {
    Logger.getLogger("dev.proofkey.server").log(Level.SEVERE, "the grant store failed in $call: nothing was issued", error)
}
