package dev.proofkey

/**
 * Something went wrong. There are four families, which say what can be done about it, and there will not be
 * more: a `when` over them needs no `else`.
 *
 * The [message] says what was wrong and what to do; it never holds a secret. The caller's own cancel is none
 * of these: it stays the `CancellationException` that it was.
 *
 * @property code stable: it never changes its meaning. `docs/errors.md` lists them all.
 * @property advice what to do, in one sentence for the person who runs the program.
 */
public sealed class ProofKeyException(
    public val code: String,
    internal val what: String,
    public val advice: String,
) : Exception("$what. $advice") {
    /** Nothing is wrong with the request: try again later. */
    public class Retry internal constructor(
        code: String,
        what: String,
        advice: String,
    ) : ProofKeyException(code, what, advice)

    /** This sign-in cannot be completed: start a new one, with the user. */
    public class SignInAgain internal constructor(
        code: String,
        what: String,
        advice: String,
    ) : ProofKeyException(code, what, advice)

    /** A setting of the program or of the server is wrong: trying again will not help. */
    public class FixConfiguration internal constructor(
        code: String,
        what: String,
        advice: String,
    ) : ProofKeyException(code, what, advice)

    /** The user said no, or closed the browser. */
    public class UserCancelled internal constructor(
        code: String,
        what: String,
        advice: String,
    ) : ProofKeyException(code, what, advice)
}
