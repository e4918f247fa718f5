package dev.proofkey

import dev.proofkey.internal.Authorized
import dev.proofkey.internal.Reaction
import dev.proofkey.internal.StepUp
import kotlinx.coroutines.CancellationException
import dev.proofkey.internal.ResourceCall as NativeCall

/**
 * One request of the program to the client's resource, with all of its tries:
 *
 * ```
 * val call = client.call()
 * do {
 *     val answer = send(call.headers("GET", url))
 * } while (call.answered(url, answer.status, answer.headers))
 * ```
 *
 * It is for one coroutine at a time. A resource can demand more than the token has, as often as it likes; how often
 * the user is asked, and for what, is bounded.
 */
public class ResourceCall internal constructor(
    private val client: ProofKeyClient,
    private val interaction: Interaction,
    scopeCeiling: List<String>?,
) {
    private val native = native("ResourceCall") { NativeCall(scopeCeiling) }

    /** What the last try was sent with. */
    private var sent: TokenSet? = null

    /** What the next one is sent with, where the answer before has changed it. */
    private var next: TokenSet? = null

    /**
     * The header fields for the next try, in place of any of the same names: `Authorization`, and where the token is bound
     * to a key `DPoP`, which is good for one request (RFC 9449 §7.1). Do not keep them, and follow no redirect with them: a
     * request that is redirected gets fields of its own.
     *
     * @param method the request's, as it is sent.
     * @param url where it goes.
     * @throws ProofKeyException.FixConfiguration the address does not lie in the client's resource (`wrong_resource`).
     * @throws ProofKeyException.SignInAgain the token's key cannot be used (`signing_failed`).
     * @throws ProofKeyException as [ProofKeyClient.tokens].
     */
    public suspend fun headers(
        method: String,
        url: String,
    ): List<HttpHeader> {
        val asked = client.checked(url)
        val verb = text("method", method)
        // What a flow has just given is the best that there is, fresh or not.
        val given = next
        next = null
        if (given == null) {
            val held = client.held()
            held?.let { client.fields(it, verb, asked, anyway = false) }?.let { return it.also { sent = held } }
        }
        val tokens = given ?: client.fresh(interaction)
        sent = tokens
        return client.fields(tokens, verb, asked, anyway = true) ?: throw internalError()
    }

    /**
     * Judges an answer, and does what it asks for: refreshes the token, signs in again with what is demanded (RFC 9470,
     * RFC 6750 §3.1), or keeps in mind what the next proof must hold (RFC 9449 §9). The user is asked only where the
     * call's interaction allows it.
     *
     * @param url where the request went.
     * @param status the answer's.
     * @param headers the answer's fields, by name in any letter case.
     * @return whether to send the request once more, with new [headers]. Else the answer is the program's.
     * @throws ProofKeyException.SignInAgain the resource demands a sign-in, which the interaction does not allow
     *   (`sign_in_required`).
     * @throws ProofKeyException.FixConfiguration what the resource demands lies above [ClientOptions.scopeCeiling]
     *   (`scope_ceiling`), or it refuses what it has demanded (`step_up_refused`).
     * @throws ProofKeyException as [ProofKeyClient.tokens].
     */
    public suspend fun answered(
        url: String,
        status: Int,
        headers: Map<out String?, List<String>>,
    ): Boolean {
        val tokens = sent ?: throw invalid("there was no try yet", "Send the request with headers() first.")
        hear(url, headers)
        val fields = headers.named("WWW-Authenticate").map(::clean)
        if (status !in 0..LAST_STATUS) throw invalid("status is not between 0 and $LAST_STATUS")
        val (requested, granted) = tokens.requestedScopes to tokens.scopes
        val reaction = native("ResourceCall") { native.answered(status.toUShort(), fields, requested, granted) }
        when (reaction) {
            is Reaction.Accept -> {
                return false
            }

            // With the same tokens: they are not what is wrong.
            is Reaction.Retry -> {
                next = tokens
            }

            is Reaction.Refresh -> {
                next = client.fresh(interaction, tokens.fingerprint(), fields)
            }

            is Reaction.SignIn -> {
                // Another request of the program may have been told the same.
                next = client.metMeanwhile(reaction.stepUp, tokens) ?: steppedUp(reaction.stepUp)
            }
        }
        return true
    }

    private suspend fun steppedUp(stepUp: StepUp): TokenSet {
        if (interaction == Interaction.Never) throw demanded()
        return client.steppedUp(interaction, stepUp)
    }

    /** Keeps in mind what an answer says of the next proofs, also one that is no last answer. */
    internal fun hear(
        url: String,
        headers: Map<out String?, List<String>>,
    ) {
        val value = headers.named("DPoP-Nonce").singleOrNull() ?: return
        native("ResourceCall") { client.nonces.heard(text("url", url), clean(value)) }
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "ResourceCall($client)"
}

private const val LAST_STATUS = 999

private fun Map<out String?, List<String>>.named(name: String): List<String> =
    entries.filter { it.key.equals(name, ignoreCase = true) }.flatMap { it.value }

private fun demanded() =
    ProofKeyException.SignInAgain(
        "sign_in_required",
        "there is no usable token: the resource demands a sign-in for more",
        "Sign in with the user, then ask again.",
    )

/** As header fields; null where there are none yet. */
internal suspend fun Authorized.fields(signer: Signer?): List<HttpHeader>? =
    when (this) {
        is Authorized.Stale -> {
            null
        }

        is Authorized.Ready -> {
            fields(fields.authorization, fields.dpop)
        }

        is Authorized.Sign -> {
            val signed =
                proof.use {
                    val signature =
                        try {
                            (signer ?: throw SignerException("this client has no signer")).sign(keyId, input.toByteArray())
                        } catch (e: CancellationException) {
                            throw e
                        } catch (e: Exception) {
                            throw signingFailed(unsigned(e)) { native("ResourceCall") { it.signed(ByteArray(0)) } }
                        }
                    native("ResourceCall") { it.signed(signature) }
                }
            fields(signed.authorization, signed.dpop)
        }
    }

private fun fields(
    authorization: String,
    dpop: String?,
): List<HttpHeader> = listOfNotNull(HttpHeader("Authorization", authorization), dpop?.let { HttpHeader("DPoP", it) })

/** The error of [attempt], which is what no signature comes to, with the signer's own words. */
private inline fun signingFailed(
    detail: String,
    attempt: () -> Unit,
): ProofKeyException =
    try {
        attempt()
        internalError()
    } catch (e: ProofKeyException.SignInAgain) {
        ProofKeyException.SignInAgain(e.code, "${e.what.substringBefore(": ")}: $detail", e.advice)
    }
