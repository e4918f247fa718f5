package dev.proofkey.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.PublicKey
import java.security.SecureRandom
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Stands in for the Android Keystore, which Robolectric does not have. Its keys are the JVM's. */
class FakeProvider : Provider("AndroidKeyStore", 1.0, "for tests") {
    init {
        // Made here: another class loader would not find them by name.
        putService(
            object : Service(this, "KeyStore", "AndroidKeyStore", FakeKeyStore::class.java.name, null, null) {
                override fun newInstance(parameter: Any?): Any = FakeKeyStore()
            },
        )
        putService(
            object : Service(this, "KeyGenerator", "AES", FakeAes::class.java.name, null, null) {
                override fun newInstance(parameter: Any?): Any = FakeAes()
            },
        )
        putService(
            object : Service(this, "KeyPairGenerator", "EC", FakeEc::class.java.name, null, null) {
                override fun newInstance(parameter: Any?): Any = FakeEc()
            },
        )
    }
}

class FakeAes : KeyGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()

    override fun engineInit(
        size: Int,
        random: SecureRandom?,
    ) = throw UnsupportedOperationException()

    override fun engineInit(
        spec: AlgorithmParameterSpec,
        random: SecureRandom?,
    ) {
        this.spec = spec as KeyGenParameterSpec
        check(spec.blockModes.toList() == listOf("GCM") && spec.isRandomizedEncryptionRequired)
    }

    override fun engineGenerateKey(): SecretKey {
        val key = KeyGenerator.getInstance("AES").apply { init(spec.keySize) }.generateKey()
        FakeKeyStore.keys[spec.keystoreAlias] = key
        return key
    }
}

class FakeEc : KeyPairGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun initialize(
        size: Int,
        random: SecureRandom?,
    ) = throw UnsupportedOperationException()

    override fun initialize(
        spec: AlgorithmParameterSpec,
        random: SecureRandom?,
    ) {
        this.spec = spec as KeyGenParameterSpec
        check(spec.purposes == KeyProperties.PURPOSE_SIGN && spec.digests.toList() == listOf("SHA-256"))
    }

    override fun generateKeyPair(): KeyPair {
        val boxed = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && spec.isStrongBoxBacked
        if (boxed && !FakeKeyStore.hasStrongBox) throw StrongBoxUnavailableException()
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(spec.algorithmParameterSpec) }.generateKeyPair()
        FakeKeyStore.keys[spec.keystoreAlias] = pair.private
        FakeKeyStore.certificates[spec.keystoreAlias] = FakeCertificate(pair.public)
        FakeKeyStore.generated += boxed
        return pair
    }
}

/** Has a public key, and nothing else. */
class FakeCertificate(
    private val key: PublicKey,
) : Certificate("X.509") {
    override fun getEncoded(): ByteArray = throw UnsupportedOperationException()

    override fun verify(key: PublicKey) = throw UnsupportedOperationException()

    override fun verify(
        key: PublicKey,
        provider: String,
    ) = throw UnsupportedOperationException()

    override fun toString() = "FakeCertificate"

    override fun getPublicKey() = key
}

class FakeKeyStore : KeyStoreSpi() {
    companion object {
        val keys = HashMap<String, Key>()
        val certificates = HashMap<String, Certificate>()

        /** Whether each pair that was made is in a StrongBox. */
        val generated = mutableListOf<Boolean>()
        var hasStrongBox = false

        fun forget() {
            keys.clear()
            certificates.clear()
            generated.clear()
            hasStrongBox = false
        }
    }

    override fun engineGetKey(
        alias: String,
        password: CharArray?,
    ): Key? = keys[alias]

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificate(alias: String): Certificate? = certificates[alias]

    override fun engineGetCreationDate(alias: String) = Date(0)

    override fun engineSetKeyEntry(
        alias: String,
        key: Key,
        password: CharArray?,
        chain: Array<Certificate>?,
    ) = throw UnsupportedOperationException()

    override fun engineSetKeyEntry(
        alias: String,
        key: ByteArray,
        chain: Array<Certificate>?,
    ) = throw UnsupportedOperationException()

    override fun engineSetCertificateEntry(
        alias: String,
        certificate: Certificate,
    ) = throw UnsupportedOperationException()

    override fun engineDeleteEntry(alias: String) {
        keys.remove(alias)
    }

    override fun engineAliases() = Collections.enumeration(keys.keys)

    override fun engineContainsAlias(alias: String) = alias in keys

    override fun engineSize() = keys.size

    override fun engineIsKeyEntry(alias: String) = alias in keys

    override fun engineIsCertificateEntry(alias: String) = false

    override fun engineGetCertificateAlias(certificate: Certificate): String? = null

    override fun engineStore(
        stream: OutputStream?,
        password: CharArray?,
    ) {}

    override fun engineLoad(
        stream: InputStream?,
        password: CharArray?,
    ) {}
}
