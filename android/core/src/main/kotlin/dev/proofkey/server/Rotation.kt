package dev.proofkey.server

/**
 * Where a refresh token stands in the row of those that its grant has had.
 *
 * They come in generations: a claim writes the first one, a rotation of the newest one writes the next. A grant's row
 * holds the number of its newest generation and when that began, a token's row the number of its own; [of] tells the
 * rest.
 */
public sealed class Rotation {
    /** Of the newest generation; an access token always is. */
    public object Newest : Rotation() {
        /** Its name. */
        override fun toString(): String = "Newest"
    }

    /**
     * Of the generation before it.
     *
     * @property rotatedAt when the newest generation began, in seconds since the epoch by the store's clock.
     */
    public class Predecessor(
        public val rotatedAt: Long,
    ) : Rotation() {
        /** By content. */
        override fun equals(other: Any?): Boolean = other is Predecessor && rotatedAt == other.rotatedAt

        /** By content. */
        override fun hashCode(): Int = rotatedAt.hashCode()

        /** For people. */
        override fun toString(): String = "Predecessor(rotatedAt=$rotatedAt)"
    }

    /** Older than that. */
    public object Older : Rotation() {
        /** Its name. */
        override fun toString(): String = "Older"
    }

    /** Tells them. */
    public companion object {
        /**
         * Where a token of this [generation] stands in a grant whose newest generation is [newest] and began at
         * [rotatedAt].
         */
        @JvmStatic
        public fun of(
            kind: TokenKind,
            generation: Long,
            newest: Long,
            rotatedAt: Long,
        ): Rotation =
            when {
                kind == TokenKind.Access || generation == newest -> Newest
                generation == newest - 1 -> Predecessor(rotatedAt)
                else -> Older
            }
    }
}
