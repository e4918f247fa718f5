package dev.proofkey.server

/** Which text rules where OAuth 2.1 and RFC 6749 differ. */
public sealed class Profile {
    /** A redirect URI that was sent with the authorization request must come with the token request (RFC 6749 §4.1.3). */
    public object OAuth20 : Profile()

    /** It may be absent there; where it comes it must be equal. */
    public object OAuth21 : Profile()

    /** Its name. */
    override fun toString(): String = javaClass.simpleName
}

/**
 * What an authorization server chooses where the specifications leave a choice.
 *
 * @property issuer the server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
 * @property profile which text rules.
 * @property codeLifetimeSeconds how long a code lives. More than 600 counts as 600.
 * @property accessTokenLifetimeSeconds how long an access token lives.
 * @property refreshTokenLifetimeSeconds how long a refresh token lives unused. 0: none is issued and none is taken.
 * @property reuseWindowSeconds how long the immediate predecessor of a refresh token may still be exchanged while its
 * successor is unused; more than 30 counts as 30. 0: never.
 * @property maxMismatches after so many wrong verifiers a grant is burnt.
 * @property openScopes scopes that every client may ask for, beside those of its own record.
 * @property detailsTypes the types of authorization details that are granted (RFC 9396 §2); none here: every type.
 */
public class Policy
    @JvmOverloads
    constructor(
        public val issuer: String,
        public val profile: Profile = Profile.OAuth21,
        public val codeLifetimeSeconds: Long = 60,
        public val accessTokenLifetimeSeconds: Long = 3600,
        public val refreshTokenLifetimeSeconds: Long = 1_209_600,
        public val reuseWindowSeconds: Long = 0,
        public val maxMismatches: Int = 5,
        public val openScopes: List<String> = emptyList(),
        public val detailsTypes: List<String> = emptyList(),
    ) {
        private fun parts() =
            listOf(issuer, profile, codeLifetimeSeconds, accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds) +
                listOf(reuseWindowSeconds, maxMismatches, openScopes, detailsTypes)

        /** By content. */
        override fun equals(other: Any?): Boolean = other is Policy && parts() == other.parts()

        /** By content. */
        override fun hashCode(): Int = parts().hashCode()

        /** For people. */
        override fun toString(): String = "Policy(issuer=$issuer, profile=$profile)"
    }

/**
 * What a server knows of a public client. There is no secret in it: none could be kept.
 *
 * @property clientId its identifier.
 * @property name its name, for the consent page.
 * @property redirectUris the redirect URIs that it registered. They match exactly; of loopback addresses the port may
 * differ (RFC 8252 §7.3).
 * @property scopes the scopes that it may ask for.
 * @property mayRefresh whether it may have refresh tokens (RFC 7591 §2).
 */
public class ClientRecord
    @JvmOverloads
    constructor(
        public val clientId: String,
        public val name: String,
        public val redirectUris: List<String>,
        public val scopes: List<String> = emptyList(),
        public val mayRefresh: Boolean = false,
    ) {
        private fun parts() = listOf(clientId, name, redirectUris, scopes, mayRefresh)

        /** By content. */
        override fun equals(other: Any?): Boolean = other is ClientRecord && parts() == other.parts()

        /** By content. */
        override fun hashCode(): Int = clientId.hashCode()

        /** For people. */
        override fun toString(): String = "ClientRecord(clientId=$clientId, name=$name)"
    }

/** Knows the clients. */
public fun interface Clients {
    /** The client of this identifier, which is whatever the request said; null for one that nobody knows. */
    public suspend fun find(clientId: String): ClientRecord?
}

/**
 * What a resource asks of a request beside a token for it.
 *
 * @property acrValues the authentication context classes of which one will do, the preferred one first (RFC 9470 §3);
 * none here: any will.
 * @property maxAgeSeconds how long ago the user may have signed in; null: any time.
 * @property metadataUrl where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status
 * 401 also which scopes are needed (RFC 6750 §3): a client without a token learns what to ask for, and where.
 */
public class Demands
    @JvmOverloads
    constructor(
        public val acrValues: List<String> = emptyList(),
        public val maxAgeSeconds: Long? = null,
        public val metadataUrl: String? = null,
    ) {
        private fun parts() = listOf(acrValues, maxAgeSeconds, metadataUrl)

        /** By content. */
        override fun equals(other: Any?): Boolean = other is Demands && parts() == other.parts()

        /** By content. */
        override fun hashCode(): Int = parts().hashCode()

        /** For people. */
        override fun toString(): String =
            "Demands(acrValues=$acrValues, maxAgeSeconds=$maxAgeSeconds, metadataUrl=$metadataUrl)"
    }
