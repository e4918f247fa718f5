package dev.proofkey.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import dev.proofkey.DataKey
import dev.proofkey.TokenStoreException
import dev.proofkey.TokenStoreException.Failure
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.InvalidKeyException
import java.security.Key
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.spec.GCMParameterSpec

/** A key of the Android Keystore, around the data key: AES-256 in GCM, whose nonce the Keystore draws. */
internal object Wrapping {
    private const val KEYSTORE = "AndroidKeyStore"
    private const val ALIAS = "dev.proofkey.data-key"
    private const val CIPHER = "AES/GCM/NoPadding"
    private const val KEY_BITS = 256
    private const val TAG_BITS = 128
    private const val NONCE_BYTES = 12

    fun wrap(key: DataKey): ByteArray =
        asked {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.ENCRYPT_MODE, wrapper() ?: generate())
            val bytes = key.exposeBytes()
            try {
                check(cipher.iv.size == NONCE_BYTES)
                cipher.iv + cipher.doFinal(bytes)
            } finally {
                bytes.fill(0)
            }
        }

    /** Null where the Keystore has lost its key, or has another by now: what it wrapped is lost. */
    fun unwrap(wrapped: ByteArray): DataKey? =
        asked {
            val wrapper = wrapper()
            if (wrapper == null || wrapped.size <= NONCE_BYTES) return null
            val cipher = Cipher.getInstance(CIPHER)
            val bytes =
                try {
                    cipher.init(Cipher.DECRYPT_MODE, wrapper, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES))
                    cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
                } catch (_: AEADBadTagException) {
                    return null
                } catch (_: InvalidKeyException) {
                    // Invalidated for good, as by a lock screen that was taken away.
                    return null
                }
            try {
                DataKey.of(bytes)
            } finally {
                bytes.fill(0)
            }
        }

    private fun wrapper(): Key? = KeyStore.getInstance(KEYSTORE).apply { load(null) }.getKey(ALIAS, null)

    private fun generate(): Key {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec =
            KeyGenParameterSpec
                .Builder(ALIAS, purposes)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE).apply { init(spec) }.generateKey()
    }

    private inline fun <T> asked(call: () -> T): T =
        try {
            call()
        } catch (e: GeneralSecurityException) {
            throw unavailable(e)
        } catch (e: ProviderException) {
            throw unavailable(e)
        } catch (e: IOException) {
            throw unavailable(e)
        }

    private fun unavailable(e: Exception) =
        TokenStoreException("the Android Keystore: ${e.javaClass.simpleName}", Failure.KeyringUnavailable)
}
