package dev.proofkey

import dev.proofkey.internal.Discovered
import dev.proofkey.internal.Discovery
import dev.proofkey.internal.Event
import dev.proofkey.internal.SignIn
import dev.proofkey.internal.Step
import dev.proofkey.internal.TokenSet

/** A flow of the core, as the loop sees it, and what it ends with. */
internal interface Flow<out T : Any> : AutoCloseable {
    /** Takes what has happened and says what to do next; [now] is in seconds since the epoch. */
    fun advance(
        event: Event,
        now: ULong,
    ): Step

    /** What came of it, once, when it is done. */
    fun outcome(): T?
}

/** Signs a user in. */
internal class SignInFlow(
    private val flow: SignIn,
) : Flow<TokenSet>,
    AutoCloseable by flow {
    override fun advance(
        event: Event,
        now: ULong,
    ): Step = flow.advance(event, now)

    override fun outcome(): TokenSet? = flow.outcome()
}

/** Asks an issuer what it says of itself (RFC 8414). */
internal class DiscoveryFlow(
    private val flow: Discovery,
) : Flow<Discovered>,
    AutoCloseable by flow {
    override fun advance(
        event: Event,
        now: ULong,
    ): Step = flow.advance(event, now)

    override fun outcome(): Discovered? = flow.outcome()
}
