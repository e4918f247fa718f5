package dev.proofkey

import dev.proofkey.internal.Event
import dev.proofkey.internal.Step
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.CoroutineContext

/**
 * What the user is shown to sign in on another device (RFC 8628 §3.3). It is for the person in front of this device
 * alone.
 *
 * @property userCode what to enter.
 * @property verificationUri where to enter it.
 * @property verificationUriComplete the same with the code in it, for a QR code; the user compares the code all the
 *   same (RFC 8628 §3.3.1). Null where the server has none.
 * @property expiresInSeconds how long the code is good for, from now on.
 * @property advice what to tell the user against phishing, in one sentence (RFC 8628 §5.4).
 */
public class DeviceCode internal constructor(
    public val userCode: String,
    public val verificationUri: String,
    public val verificationUriComplete: String?,
    public val expiresInSeconds: Long,
    public val advice: String,
) {
    /** For logs, which the code does not belong into. */
    override fun toString(): String = "DeviceCode(verificationUri=$verificationUri)"
}

/** Shows device codes, for [Interaction.Device]. */
public fun interface CodeDisplay {
    /**
     * Shows the address, the code and the advice, all three. Called once a sign-in, on no particular thread, and waited
     * for beside: the server is asked meanwhile.
     *
     * It may come back at once, and what is shown stays; or it stays until it is cancelled, as it is when the sign-in
     * has ended, and takes away in `finally` what it has shown. The sign-in comes back after it.
     *
     * @throws CodeDismissedException the user has given up. What else is thrown comes out of `signIn` as it is.
     */
    public suspend fun show(code: DeviceCode)
}

/**
 * The user does not want to enter the code: a [CodeDisplay] throws it, and the sign-in ends in
 * [ProofKeyException.UserCancelled] with the code `user_cancelled`.
 */
public class CodeDismissedException : Exception("the user has dismissed the code")

/** Shows it where there is nothing but a terminal. */
internal class TerminalDisplay(
    private val terminal: Terminal,
) : CodeDisplay {
    override suspend fun show(code: DeviceCode) {
        val minutes = (code.expiresInSeconds + SECONDS_IN_MINUTE - 1) / SECONDS_IN_MINUTE
        terminal.say(
            "To sign in, open this address on any device within $minutes min:\n\n  ${code.verificationUri}\n\n" +
                "and enter the code:\n\n  ${code.userCode}\n\n${code.advice}\n",
        )
    }

    private companion object {
        const val SECONDS_IN_MINUTE = 60L
    }
}

/** A code that is shown while the server is asked. */
internal class ShownCode(
    display: CodeDisplay,
    code: DeviceCode,
    context: CoroutineContext,
) {
    // Not below the step that begins it: it outlives that one.
    private val showing = CoroutineScope(context.minusKey(Job) + Job()).async { display.show(code) }

    /** Waits so long, or until the display fails. */
    suspend fun wait(millis: Long): Event =
        try {
            withTimeoutOrNull(millis) {
                showing.await()
                awaitCancellation()
            }
            Event.Elapsed
        } catch (_: CodeDismissedException) {
            Event.Dismissed
        }

    suspend fun end() = showing.cancelAndJoin()
}

internal fun Step.ShowCode.shown(): DeviceCode =
    with(code) { DeviceCode(userCode, verificationUri, verificationUriComplete, expiresInS.toLong(), advice) }
