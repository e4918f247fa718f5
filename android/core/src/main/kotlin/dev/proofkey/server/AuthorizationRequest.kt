package dev.proofkey.server

import dev.proofkey.native
import dev.proofkey.internal.GrantRequest as NativeRequest

/** The judgment of an authorization request (RFC 6749 §4.1.1). */
public sealed class AuthorizationRequest {
    /**
     * It may be shown to the user. Whoever wrote the address chose what it says: escape what is shown.
     *
     * It serves one answer: [AuthorizationServer.approve] or [AuthorizationServer.deny] uses it up. What comes back
     * from a form is a new request, and is judged anew.
     *
     * @property client the client that asks.
     */
    public class Accepted internal constructor(
        internal val request: NativeRequest,
        public val client: ClientRecord,
    ) : AuthorizationRequest() {
        private val details = native(OWNER) { request.details() }

        /** Where the answer goes. */
        public val redirectUri: String
            get() = details.redirectUri

        /** The host of that, with its port, or its scheme where it has none: show it on the consent page. */
        public val redirectHost: String
            get() {
                val rest = redirectUri.substringAfter("://", "").takeWhile { it !in "/?#" }
                return rest.ifEmpty { redirectUri.substringBefore(':') }
            }

        /** The scopes that are asked for. */
        public val scopes: List<String>
            get() = details.scopes

        /** The resource that is asked for (RFC 8707). */
        public val resource: String?
            get() = details.resource

        /** What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page. */
        public val authorizationDetails: String?
            get() = details.authorizationDetails

        /** How the user should sign in: authentication context classes, the preferred one first (RFC 9470 §4). */
        public val acrValues: List<String>
            get() = details.acrValues

        /**
         * How long ago the user may have signed in at most, in seconds (OpenID Connect Core §3.1.2.1). After a longer
         * time the user has to sign in anew.
         */
        public val maxAgeSeconds: Long? = details.maxAge?.let { dev.proofkey.seconds(it) }

        /**
         * What the user is to be asked (OpenID Connect Core §3.1.2.1): `none` alone, or any of `login`, `consent`,
         * `select_account` and what a server adds. Empty: the server's choice.
         */
        public val prompt: List<String>
            get() = details.prompt

        /** Who the client thinks will sign in. Believe nothing of it. */
        public val loginHint: String?
            get() = details.loginHint

        /** The languages that the user prefers, as BCP 47 tags. */
        public val uiLocales: List<String>
            get() = details.uiLocales

        /** For people. */
        override fun toString(): String =
            "Accepted(clientId=${client.clientId}, redirectUri=$redirectUri, scopes=$scopes, resource=$resource)"
    }

    /**
     * An error to be shown to the user on a page. Never a redirect: nobody knows whose the address is.
     *
     * @property error the error code of OAuth.
     * @property description what was wrong, for the page. Nothing of the request stands in it.
     */
    public class Page internal constructor(
        public val error: String,
        public val description: String,
    ) : AuthorizationRequest() {
        /** The HTTP status: 400. */
        public val status: Int = 400

        /** For people. */
        override fun toString(): String = "Page(error=$error, description=$description)"
    }

    /**
     * It is refused, and the client is told so.
     *
     * @property location the value of `Location`. It holds the client's state, and is not shown.
     * @property error the error code of OAuth.
     */
    public class Redirect internal constructor(
        public val location: String,
        public val error: String,
    ) : AuthorizationRequest() {
        /** The HTTP status: 303. Never 307, which would send a form along (RFC 9700 §4.12). */
        public val status: Int = SEE_OTHER

        /** For people; it shows no state. */
        override fun toString(): String = "Redirect(error=$error, …)"
    }
}

/** Why a request comes to nothing: what the server found, or what the user said. */
public sealed class Decline {
    /** The user, or the server, does not allow it (RFC 6749 §4.1.2.1). */
    public object Denied : Decline()

    /** Nobody is signed in, and nobody may be asked to (OpenID Connect Core §3.1.2.6). */
    public object NobodySignedIn : Decline()

    /** Somebody would have to consent, and nobody may be asked to (OpenID Connect Core §3.1.2.6). */
    public object ConsentNeeded : Decline()

    /** Somebody would have to choose an account, and nobody may be asked to (OpenID Connect Core §3.1.2.6). */
    public object AccountNeeded : Decline()

    /** Something else would have to be asked, and nothing may be (OpenID Connect Core §3.1.2.6). */
    public object InteractionNeeded : Decline()

    /** The user cannot sign in as the request demands (RFC 9470 §5). */
    public object AuthenticationUnmet : Decline()

    /** The server cannot serve it now; later it may (RFC 6749 §4.1.2.1). */
    public object Unavailable : Decline()

    /** The server has failed (RFC 6749 §4.1.2.1). */
    public object Failed : Decline()

    /** Its name. */
    override fun toString(): String = javaClass.simpleName
}

/**
 * Where to send the browser after the user has answered (RFC 6749 §4.1.2).
 *
 * @property location the value of `Location`. It may hold the code and holds the client's state, and is not shown.
 * @property grantId the grant's id, for an audit log, where the user has approved.
 * @property issued whether there is a code in it.
 */
public class AuthorizationResponse internal constructor(
    public val location: String,
    public val grantId: String?,
    public val issued: Boolean,
) {
    /** The HTTP status: 303. Never 307, which would send a form along (RFC 9700 §4.12). */
    public val status: Int = SEE_OTHER

    /** For people; it shows no code and no state. */
    override fun toString(): String = "AuthorizationResponse(grantId=$grantId, issued=$issued, …)"
}

private const val SEE_OTHER = 303
