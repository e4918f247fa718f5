package dev.proofkey

import dev.proofkey.internal.Family
import dev.proofkey.internal.InternalException
import dev.proofkey.internal.ProofKeyException as NativeException

/**
 * Makes a call of the generated layer. All that it throws becomes a [ProofKeyException] here, and nowhere
 * else. [owner] is what the call belongs to, for the message when that is closed.
 */
internal inline fun <T> native(
    owner: String,
    call: () -> T,
): T =
    try {
        call()
    } catch (e: NativeException) {
        throw e.inItsFamily()
    } catch (_: InternalException) {
        // A panic in a call that cannot fail by itself.
        throw internalError()
    } catch (_: IllegalStateException) {
        // What the generated layer says of an object that has been freed.
        throw closed(owner)
    } catch (e: LinkageError) {
        throw libraryMissing(e)
    }

internal fun NativeException.inItsFamily(): ProofKeyException =
    when (this) {
        is NativeException.Failed -> exception(family, code, text, advice)
    }

internal fun exception(
    family: Family,
    code: String,
    text: String,
    advice: String,
): ProofKeyException =
    when (family) {
        Family.RETRY -> ProofKeyException.Retry(code, text, advice)
        Family.SIGN_IN_AGAIN -> ProofKeyException.SignInAgain(code, text, advice)
        Family.FIX_CONFIGURATION -> ProofKeyException.FixConfiguration(code, text, advice)
        Family.USER_CANCELLED -> ProofKeyException.UserCancelled(code, text, advice)
    }

/** Something was used after it was closed. */
internal fun closed(owner: String): ProofKeyException =
    ProofKeyException.FixConfiguration("closed", "this $owner is closed", "Make a new $owner.")

internal fun invalid(
    what: String,
    advice: String = "Correct this setting and start again.",
): ProofKeyException = ProofKeyException.FixConfiguration("invalid_configuration", what, advice)

/** A mistake inside ProofKey. */
internal const val INTERNAL_ERROR: String = "internal_error"

internal fun internalError(): ProofKeyException =
    ProofKeyException.FixConfiguration(
        INTERNAL_ERROR,
        "something went wrong inside ProofKey; the object it happened in can no longer be used",
        "Start anew with a new object, and report it.",
    )

private fun libraryMissing(e: LinkageError): ProofKeyException {
    val machine = "${System.getProperty("os.name")} on ${System.getProperty("os.arch")}"
    val missing =
        ProofKeyException.FixConfiguration(
            "library_missing",
            "ProofKey's native library cannot be loaded for $machine",
            "Depend on dev.proofkey:proofkey, or on dev.proofkey:proofkey-android in an app, of one version.",
        )
    // The loader's own words; it has seen no secret.
    missing.initCause(e)
    return missing
}

/** A text that can cross: a lone surrogate is no Unicode text, and its place is named, not its content. */
internal fun text(
    name: String,
    value: String,
): String {
    if (!isText(value)) {
        throw invalid(
            "$name has a character that is half of a pair (a lone surrogate) and no Unicode text",
            "Decode the text as UTF-8 where it comes from.",
        )
    }
    return value
}

/** Text of the system as text that can cross: without halves of pairs. */
internal fun clean(value: String): String =
    if (isText(value)) value else value.toByteArray(Charsets.UTF_8).toString(Charsets.UTF_8)

private fun isText(value: String): Boolean {
    var at = 0
    while (at < value.length) {
        val char = value[at++]
        if (!char.isSurrogate()) continue
        val paired = char.isHighSurrogate() && at < value.length && value[at].isLowSurrogate()
        if (!paired) return false
        at++
    }
    return true
}

/** Seconds that crossed, for people who count in `Long`. */
internal fun seconds(value: ULong): Long = minOf(value, Long.MAX_VALUE.toULong()).toLong()

/** Seconds since the epoch; for expiry only, never for a wait. */
internal fun now(): ULong = (System.currentTimeMillis() / 1000).coerceAtLeast(0).toULong()
