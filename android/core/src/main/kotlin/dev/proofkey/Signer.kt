package dev.proofkey

import dev.proofkey.internal.Event
import kotlinx.coroutines.CancellationException

/**
 * A place that keeps keys so that nobody can copy them, such as the Android Keystore. A client that is given one binds
 * its tokens to a key there (RFC 9449), by the name that [ClientOptions.dpopKey] says; without one the key is made in
 * native memory, and kept with the tokens.
 *
 * Both members may be called from any coroutine, and many at once; neither may hold the caller's thread while it waits.
 * What they throw ends the sign-in or the request with `signing_failed`: [SignerException] says why in the place's own
 * words, of anything else only its kind is told.
 */
public interface Signer {
    /**
     * Makes the P-256 key of this name if there is none, and gives its public half.
     *
     * @param keyId 1 to 256 bytes, as the program chose it.
     * @return the point (SEC 1 §2.3.3), compressed or not.
     */
    public suspend fun publicKey(keyId: String): ByteArray

    /**
     * Signs with that key by ES256 (RFC 7518 §3.4).
     *
     * @param keyId as given to [publicKey].
     * @param input what is signed, whole and not hashed. It holds no secret.
     * @return the 64 bytes of that section, or DER (RFC 3279 §2.2.3).
     */
    public suspend fun sign(
        keyId: String,
        input: ByteArray,
    ): ByteArray
}

/**
 * Why a [Signer] could not do what it was asked.
 *
 * @param reason in the signer's words. No secret may stand in it: it is shown.
 */
public class SignerException(
    reason: String,
) : Exception(reason)

/** The signer's answer as an event, or why there is none. */
internal suspend fun Signer?.answer(ask: suspend (Signer) -> Event): Event =
    try {
        // Another program of the user may have put such tokens into their store.
        ask(this ?: throw SignerException("this client has no signer"))
    } catch (e: CancellationException) {
        throw e
    } catch (e: Exception) {
        Event.Failed("", unsigned(e))
    }

/** Why there is no signature. */
internal fun unsigned(e: Exception): String =
    when (e) {
        is SignerException -> {
            clean(e.message.orEmpty())
        }

        is ProofKeyException -> {
            if (e.code == INTERNAL_ERROR) throw e
            e.what
        }

        // Its text may quote anything.
        else -> {
            e.javaClass.simpleName
        }
    }
