package dev.proofkey.android

import android.os.Build
import dev.proofkey.SignerException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import java.security.KeyPairGenerator
import java.security.Security
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/** Keys of the Keystore that tokens are bound to. P15. */
@RunWith(RobolectricTestRunner::class)
class SignerTest {
    private fun signer() = KeystoreSigner(RuntimeEnvironment.getApplication())

    private fun <T> running(test: suspend () -> T): T = runBlocking { withTimeout(SECONDS * 1000) { test() } }

    private fun fails(test: suspend () -> Unit): String =
        assertThrows(SignerException::class.java) { running(test) }.message.orEmpty()

    @Before
    fun register() {
        Security.addProvider(FakeProvider())
    }

    @After
    fun clear() {
        Security.removeProvider("AndroidKeyStore")
        FakeKeyStore.forget()
    }

    @Test
    fun itSignsWithTheKeyThatItHasShown() =
        running {
            val point = signer().publicKey("a")
            val key = FakeKeyStore.certificates.getValue("dev.proofkey.signer.a").publicKey as ECPublicKey
            assertEquals(listOf(65, 4), listOf(point.size, point[0].toInt()))
            assertEquals(key.w.affineX, java.math.BigInteger(1, point.copyOfRange(1, 33)))
            assertEquals(key.w.affineY, java.math.BigInteger(1, point.copyOfRange(33, 65)))
            val verifies = Signature.getInstance("SHA256withECDSA").apply { initVerify(key) }
            verifies.update("input".toByteArray())
            assertTrue(verifies.verify(signer().sign("a", "input".toByteArray())))
        }

    /** One in 256 numbers has a byte less. */
    @Test
    fun aPointHasItsZeros() =
        running {
            val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
            val short =
                generateSequence { generator.generateKeyPair().public as ECPublicKey }
                    .first { it.w.affineX.bitLength() <= 248 }
            FakeKeyStore.certificates["dev.proofkey.signer.a"] = FakeCertificate(short)
            val point = signer().publicKey("a")
            assertEquals(listOf(65, 0), listOf(point.size, point[1].toInt()))
            assertEquals(short.w.affineY, java.math.BigInteger(1, point.copyOfRange(33, 65)))
        }

    @Test
    fun aKeyIsMadeOnce() =
        running {
            val points = coroutineScope { List(20) { async { signer().publicKey("a") } }.awaitAll() }
            assertEquals(1, points.map { it.toList() }.toSet().size)
            assertEquals(1, FakeKeyStore.generated.size)
            assertFalse(points[0].contentEquals(signer().publicKey("b")))
        }

    @Test
    fun aStrongBoxIsUsedWhereThereIsOne() =
        running {
            signer().publicKey("without")
            FakeKeyStore.hasStrongBox = true
            signer().publicKey("with")
            assertEquals(listOf(false, Build.VERSION.SDK_INT >= 28), FakeKeyStore.generated)
        }

    @Test
    fun aKeyThatIsGoneIsSaidToBe() {
        val before = running { signer().publicKey("a") }
        FakeKeyStore.forget()
        assertEquals("the key is gone from the Android Keystore", fails { signer().sign("a", ByteArray(1)) })
        // A sign-in makes a new one.
        val after = running { signer().publicKey("a") }
        assertFalse(before.contentEquals(after))
        assertArrayEquals(after, running { signer().publicKey("a") })
    }

    @Test
    fun aKeystoreThatDoesNotAnswerIsSaidTo() {
        Security.removeProvider("AndroidKeyStore")
        assertTrue("KeyStoreException" in fails { signer().publicKey("a") })
        assertTrue("KeyStoreException" in fails { signer().sign("a", ByteArray(1)) })
    }

    @Test
    fun aKeyOfAnotherKindIsNone() {
        val rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().public
        FakeKeyStore.certificates["dev.proofkey.signer.a"] = FakeCertificate(rsa)
        assertTrue("another kind" in fails { signer().publicKey("a") })
    }
}
