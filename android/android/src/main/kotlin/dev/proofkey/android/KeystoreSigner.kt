package dev.proofkey.android

import android.annotation.TargetApi
import android.content.Context
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import dev.proofkey.Signer
import dev.proofkey.SignerException
import dev.proofkey.TokenStoreException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.PublicKey
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/**
 * Keeps the keys that tokens are bound to (RFC 9449) in the Android Keystore, which they never leave: in a StrongBox where
 * the phone has one, else as the Keystore keeps its keys. Who copies the app's files has tokens then that nobody takes.
 *
 * ```
 * dpop = Dpop.Preferred
 * signer = KeystoreSigner(context)
 * dpopKey = "tokens"
 * ```
 *
 * A key stays until the app is uninstalled. If the Keystore has lost it, as after a restore, what is bound to it is
 * `signing_failed`, and the next sign-in makes a new one. Several processes of an app may use it.
 *
 * @param context any; the application's is what is kept.
 */
public class KeystoreSigner(
    context: Context,
) : Signer {
    private val records = Records(File((context.applicationContext ?: context).noBackupFilesDir, "proofkey"))

    /**
     * See [Signer.publicKey].
     *
     * @throws SignerException the Keystore does not answer, or cannot make such a key.
     */
    override suspend fun publicKey(keyId: String): ByteArray {
        var found: PublicKey? = null
        try {
            // One process of the app makes it: that of a second one would take its place.
            records.withLock(MAKING, PATIENCE_MS) {
                found = withContext(Dispatchers.IO) { asked { find(keyId) ?: make(keyId) } }
            }
        } catch (e: TokenStoreException) {
            throw SignerException("the folder of the app: ${e.message}")
        }
        val key = found ?: throw SignerException("another process of the app makes a key")
        return point(key as? ECPublicKey ?: throw SignerException("the key in the Android Keystore is of another kind"))
    }

    /**
     * See [Signer.sign]. What is given is DER, as the Keystore has it.
     *
     * @throws SignerException the key is gone, or the Keystore does not answer.
     */
    override suspend fun sign(
        keyId: String,
        input: ByteArray,
    ): ByteArray =
        withContext(Dispatchers.IO) {
            asked {
                val key = keystore().getKey(alias(keyId), null) as? PrivateKey ?: throw SignerException(GONE)
                Signature.getInstance(ALGORITHM).run {
                    initSign(key)
                    update(input)
                    sign()
                }
            }
        }

    private fun find(keyId: String): PublicKey? = keystore().getCertificate(alias(keyId))?.publicKey

    private fun make(keyId: String): PublicKey {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) strongBoxed(keyId)?.let { return it }
        return generate(specification(keyId).build())
    }

    /** Null where there is no StrongBox, or it does not answer. */
    @TargetApi(Build.VERSION_CODES.P)
    private fun strongBoxed(keyId: String): PublicKey? =
        try {
            generate(specification(keyId).setIsStrongBoxBacked(true).build())
        } catch (_: ProviderException) {
            null
        }

    private fun specification(keyId: String) =
        KeyGenParameterSpec
            .Builder(alias(keyId), KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)

    private fun generate(specification: KeyGenParameterSpec): PublicKey =
        KeyPairGenerator
            .getInstance(KeyProperties.KEY_ALGORITHM_EC, KEYSTORE)
            .apply { initialize(specification) }
            .generateKeyPair()
            .public

    private fun keystore(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

    private fun alias(keyId: String) = "dev.proofkey.signer.$keyId"

    /** Uncompressed (SEC 1 §2.3.3). */
    private fun point(key: ECPublicKey): ByteArray =
        with(key.w) { byteArrayOf(UNCOMPRESSED) + coordinate(affineX) + coordinate(affineY) }

    /** 32 bytes: without the sign's, and with the zeros that a number has not. */
    private fun coordinate(value: BigInteger): ByteArray {
        val bytes = value.toByteArray().dropWhile { it == 0.toByte() }
        if (bytes.size > COORDINATE) throw SignerException("the key in the Android Keystore is of another curve")
        return ByteArray(COORDINATE - bytes.size) + bytes
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

    private fun unavailable(e: Exception) = SignerException("the Android Keystore: ${e.javaClass.simpleName}")

    /** For people. */
    override fun toString(): String = "KeystoreSigner"
}

private const val KEYSTORE = "AndroidKeyStore"
private const val ALGORITHM = "SHA256withECDSA"
private const val GONE = "the key is gone from the Android Keystore"
private const val UNCOMPRESSED: Byte = 4
private const val COORDINATE = 32

/** No key of a store's is one. */
private const val MAKING = "-signer"
private const val PATIENCE_MS = 10_000L
