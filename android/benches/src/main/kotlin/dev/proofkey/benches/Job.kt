package dev.proofkey.benches

/** What a side does. */
public interface Job {
    /** The authorization URL of a new sign-in, as far as a browser needs it. */
    public fun firstUrl(): String

    /** A whole sign-in without network; its access token. */
    public fun signIn(): String
}
