package dev.proofkey

import dev.proofkey.internal.CodePair as NativeCodePair
import dev.proofkey.internal.pair as nativePair
import dev.proofkey.internal.verify as nativeVerify

/**
 * A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on their own.
 *
 * The verifier stays in native memory, which is wiped by [close], or else when this object is collected.
 */
public class CodePair internal constructor(
    private val native: NativeCodePair,
) : AutoCloseable {
    /** 43 characters; the method is S256, always. */
    public val challenge: String
        get() = native("CodePair") { native.challenge() }

    /** The verifier. Kotlin cannot wipe the text that is given out; do not keep it. */
    public fun exposeVerifier(): String = native("CodePair") { native.exposeVerifier() }

    /** Wipes the verifier now. May be called again, and from any thread. */
    override fun close() {
        native.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String =
        try {
            "CodePair(challenge=$challenge)"
        } catch (_: ProofKeyException) {
            "CodePair(closed)"
        }
}

/**
 * A new pair, from the operating system's generator.
 *
 * @throws ProofKeyException.Retry the generator failed. There is no fallback.
 */
public fun pair(): CodePair = CodePair(native("pair") { nativePair() })

/**
 * Whether the [challenge] is that of the [verifier]: the authorization server's check (RFC 7636 §4.6), in
 * constant time.
 *
 * @throws ProofKeyException.FixConfiguration a text is outside the grammar of RFC 7636.
 */
public fun verify(
    verifier: String,
    challenge: String,
): Boolean {
    val given = text("verifier", verifier)
    val known = text("challenge", challenge)
    return native("verify") { nativeVerify(given, known) }
}
