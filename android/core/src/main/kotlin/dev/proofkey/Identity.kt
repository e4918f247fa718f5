package dev.proofkey

import dev.proofkey.internal.Identity as NativeIdentity

/**
 * Who has signed in, by a verified ID token (OpenID Connect Core §2, §5.1). A person is told from others by [issuer] and
 * [subject] together; names and addresses change. Only the issuer is shown in its text.
 */
public class Identity internal constructor(
    private val native: NativeIdentity,
) {
    /** `iss`: who says so. */
    public val issuer: String
        get() = native.issuer

    /** `sub`: whom the issuer means; 1 to 255 ASCII characters. */
    public val subject: String
        get() = native.subject

    /** `aud`: the clients that it was said to. */
    public val audience: List<String>
        get() = native.audience

    /** `iat`: when it was said, in seconds since the epoch. */
    public val issuedAt: Long
        get() = seconds(native.issuedAt)

    /** `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch. */
    public val expiresAt: Long
        get() = seconds(native.expiresAt)

    /** `auth_time`: when the user authenticated, in seconds since the epoch. */
    public val authTime: Long?
        get() = native.authTime?.let(::seconds)

    /** `acr`: how strong the authentication was, in words that issuer and client have agreed upon. */
    public val acr: String?
        get() = native.acr

    /** `amr`: the ways of authentication (RFC 8176); empty where none are named. */
    public val amr: List<String>
        get() = native.amr

    /** `sid`: the session at the issuer. */
    public val sessionId: String?
        get() = native.sessionId

    /** `name`: the whole name, fit to be shown. */
    public val name: String?
        get() = native.name

    /** `preferred_username`: by which name the user wants to be called. It tells nobody from others. */
    public val preferredUsername: String?
        get() = native.preferredUsername

    /** `email`: an address. */
    public val email: String?
        get() = native.email

    /** `email_verified`: whether the issuer has seen that the address is the user's. */
    public val isEmailVerified: Boolean?
        get() = native.emailVerified

    /** All claims, these and others: a JSON object. */
    public val claims: String
        get() = native.claims

    /** By content. */
    override fun equals(other: Any?): Boolean = other is Identity && native == other.native

    /** By content. */
    override fun hashCode(): Int = native.hashCode()

    /** For people; nothing of the user stands in it. */
    override fun toString(): String = "Identity(issuer=$issuer)"
}
