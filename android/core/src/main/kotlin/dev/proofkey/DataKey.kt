package dev.proofkey

import dev.proofkey.internal.DataKey as NativeDataKey

/**
 * The key that a store's values are sealed under: 32 bytes that the platform keeps, in a keyring or wrapped by a key
 * of the system's. It stays in native memory, which is wiped by [close], or else when this object is collected.
 */
public class DataKey internal constructor(
    internal val native: NativeDataKey,
) : AutoCloseable {
    /** The 32 bytes. Whoever asks wipes them. */
    public fun exposeBytes(): ByteArray = native("DataKey") { native.exposeBytes() }

    /** The key as base64url without padding, as a keyring keeps it. Kotlin cannot wipe the text; do not keep it. */
    public fun exposeText(): String = native("DataKey") { native.exposeText() }

    /** Wipes the key now. May be called again, and from any thread. */
    override fun close() {
        native.close()
    }

    /** For people; it holds no secret. */
    override fun toString(): String = "DataKey(…)"

    /** Makes keys. */
    public companion object {
        /**
         * A new key from the operating system's generator.
         *
         * @throws ProofKeyException.Retry the generator failed.
         */
        @JvmStatic
        public fun generate(): DataKey = DataKey(native("DataKey") { NativeDataKey.generate() })

        /**
         * The key of these 32 bytes.
         *
         * @throws ProofKeyException.FixConfiguration there are more or fewer.
         */
        @JvmStatic
        public fun of(bytes: ByteArray): DataKey = DataKey(native("DataKey") { NativeDataKey.fromBytes(bytes) })

        /**
         * The key of what [exposeText] gave.
         *
         * @throws ProofKeyException.FixConfiguration it is none.
         */
        @JvmStatic
        public fun of(text: String): DataKey {
            val given = text("data_key", text)
            return DataKey(native("DataKey") { NativeDataKey.fromText(given) })
        }
    }
}
