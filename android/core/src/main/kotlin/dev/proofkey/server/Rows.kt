package dev.proofkey.server

/**
 * What a grant was made under beside scope and resource. All of it may be absent; a store keeps all of it, for a grant
 * that comes back without its key is a grant for everybody.
 *
 * @property dpopJkt the thumbprint of the key that the code must be redeemed with (RFC 9449 §10): 43 characters of
 * base64url.
 * @property nonce what an ID token must say again (OpenID Connect Core §3.1.2.1).
 * @property authTime when the user signed in, in seconds since the epoch (OpenID Connect Core §2).
 * @property acr how the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
 * @property authorizationDetails what else was granted: an array, as JSON text (RFC 9396 §2).
 */
public class Terms
    @JvmOverloads
    constructor(
        public val dpopJkt: String? = null,
        public val nonce: String? = null,
        public val authTime: Long? = null,
        public val acr: String? = null,
        public val authorizationDetails: String? = null,
    ) {
        private fun columns() = listOf(dpopJkt, nonce, authTime, acr, authorizationDetails)

        /** By content. */
        override fun equals(other: Any?): Boolean = other is Terms && columns() == other.columns()

        /** By content. */
        override fun hashCode(): Int = columns().hashCode()

        /** For people; it shows no nonce. */
        override fun toString(): String = "Terms(dpopJkt=$dpopJkt, authTime=$authTime, acr=$acr, …)"
    }

/**
 * What a user granted to a client: the part of a row that never changes.
 *
 * @property grantId the first half of the code and of every token issued from it: 22 characters of base64url.
 * @property clientId who asked.
 * @property subject who allowed it, as the server names its users.
 * @property redirectUri the redirect URI that the code was sent to.
 * @property redirectUriWasSent whether the authorization request named the redirect URI.
 * @property codeChallenge the challenge (S256, RFC 7636 §4.2): 43 characters of base64url. Null only in rows that
 * another program wrote.
 * @property scope the granted scopes, separated by single spaces; may be empty.
 * @property resource the resource that the tokens are for (RFC 8707), if one was named.
 * @property refreshable whether refresh tokens are issued from it.
 * @property terms what else it was made under.
 */
public class Grant(
    public val grantId: String,
    public val clientId: String,
    public val subject: String,
    public val redirectUri: String,
    public val redirectUriWasSent: Boolean,
    public val codeChallenge: String?,
    public val scope: String,
    public val resource: String?,
    public val refreshable: Boolean,
    public val terms: Terms,
) {
    private fun columns() =
        listOf(
            grantId,
            clientId,
            subject,
            redirectUri,
            redirectUriWasSent,
            codeChallenge,
            scope,
            resource,
            refreshable,
            terms,
        )

    /** By content. */
    override fun equals(other: Any?): Boolean = other is Grant && columns() == other.columns()

    /** By content. */
    override fun hashCode(): Int = grantId.hashCode()

    /** For people. */
    override fun toString(): String = "Grant($grantId, client=$clientId, scope=$scope, resource=$resource)"
}

/**
 * A grant to be written.
 *
 * @property grant the part that never changes.
 * @property codeHash SHA-256 of the code: 32 bytes.
 * @property lifetimeSeconds how long the code may be redeemed; at most 600 (RFC 6749 §4.1.2).
 */
public class NewGrant(
    public val grant: Grant,
    public val codeHash: ByteArray,
    public val lifetimeSeconds: Long,
) {
    /** By content. */
    override fun equals(other: Any?): Boolean =
        other is NewGrant && grant == other.grant && codeHash.contentEquals(other.codeHash) &&
            lifetimeSeconds == other.lifetimeSeconds

    /** By content. */
    override fun hashCode(): Int = grant.hashCode()

    /** For people. */
    override fun toString(): String = "NewGrant($grant, lifetimeSeconds=$lifetimeSeconds)"
}

/**
 * A grant as it was found.
 *
 * @property grant the part that never changes.
 * @property expiresAt when the code expires, in seconds since the epoch by the store's clock.
 * @property isUsed whether the code was claimed.
 * @property isRevoked whether the grant was revoked.
 * @property mismatches how many wrong verifiers came for it.
 */
public class GrantRow(
    public val grant: Grant,
    public val expiresAt: Long,
    public val isUsed: Boolean,
    public val isRevoked: Boolean,
    public val mismatches: Int,
) {
    private fun columns() = listOf(grant, expiresAt, isUsed, isRevoked, mismatches)

    /** By content. */
    override fun equals(other: Any?): Boolean = other is GrantRow && columns() == other.columns()

    /** By content. */
    override fun hashCode(): Int = grant.hashCode()

    /** For people. */
    override fun toString(): String =
        "GrantRow($grant, expiresAt=$expiresAt, isUsed=$isUsed, isRevoked=$isRevoked, mismatches=$mismatches)"
}

/**
 * What a token is for.
 *
 * @property name how it is written in a row: `access` or `refresh`.
 */
public sealed class TokenKind(
    public val name: String,
) {
    /** It is shown to a resource (RFC 6749 §1.4). */
    public object Access : TokenKind("access")

    /** It is exchanged for new tokens (RFC 6749 §1.5). */
    public object Refresh : TokenKind("refresh")

    /** Its name. */
    override fun toString(): String = name

    /** Reads them. */
    public companion object {
        /** The kind of this name; an `IllegalArgumentException` where there is none. */
        @JvmStatic
        public fun of(name: String): TokenKind =
            when (name) {
                "access" -> Access
                "refresh" -> Refresh
                else -> throw IllegalArgumentException("no kind of token has this name")
            }
    }
}

/**
 * A token to be written.
 *
 * @property kind what it is for.
 * @property tokenHash SHA-256 of the token: 32 bytes.
 * @property lifetimeSeconds how long it is valid.
 * @property scope its scope, where it is narrower than the grant's (RFC 6749 §6); null: the grant's.
 * @property dpopJkt the thumbprint of the key that it is bound to (RFC 9449 §6); null: a bearer token.
 */
public class NewToken(
    public val kind: TokenKind,
    public val tokenHash: ByteArray,
    public val lifetimeSeconds: Long,
    public val scope: String?,
    public val dpopJkt: String?,
) {
    private fun columns() = listOf(kind, tokenHash.asList(), lifetimeSeconds, scope, dpopJkt)

    /** By content. */
    override fun equals(other: Any?): Boolean = other is NewToken && columns() == other.columns()

    /** By content. */
    override fun hashCode(): Int = tokenHash.contentHashCode()

    /** For people. */
    override fun toString(): String = "NewToken($kind, lifetimeSeconds=$lifetimeSeconds, scope=$scope, dpopJkt=$dpopJkt)"
}

/**
 * A token as it was found, with its grant.
 *
 * @property kind what it is for.
 * @property expiresAt when it expires, in seconds since the epoch by the store's clock.
 * @property isRevoked whether its grant was revoked.
 * @property grant the grant that it was issued from.
 * @property rotation of a refresh token: where it stands; [Rotation.Newest] for every other.
 * @property scope its scope, where it is narrower than the grant's; null: the grant's.
 * @property dpopJkt the thumbprint of the key that it is bound to (RFC 9449 §6); null: a bearer token. A store that
 * forgets it makes a bearer token of it.
 */
public class TokenRow(
    public val kind: TokenKind,
    public val expiresAt: Long,
    public val isRevoked: Boolean,
    public val grant: Grant,
    public val rotation: Rotation,
    public val scope: String?,
    public val dpopJkt: String?,
) {
    /** What it may be used for: its own scope, or the grant's. */
    public val scopes: List<String>
        get() = (scope ?: grant.scope).split(' ').filter { it.isNotEmpty() }

    private fun columns() = listOf(kind, expiresAt, isRevoked, grant, rotation, scope, dpopJkt)

    /** By content. */
    override fun equals(other: Any?): Boolean = other is TokenRow && columns() == other.columns()

    /** By content. */
    override fun hashCode(): Int = columns().hashCode()

    /** For people. */
    override fun toString(): String =
        "TokenRow($kind, expiresAt=$expiresAt, isRevoked=$isRevoked, $grant, $rotation, scope=$scope, dpopJkt=$dpopJkt)"
}
