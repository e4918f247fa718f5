package dev.proofkey.server

import dev.proofkey.ProofKeyException
import dev.proofkey.runner.sha256
import dev.proofkey.running
import org.json.JSONObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.Base64
import java.util.UUID

private const val TOKEN = "$ISSUER/token"

private fun base64url(bytes: ByteArray) = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

/** A client's key, and proofs that are made with it (RFC 9449 §4.2). */
internal class ClientKey {
    private val pair =
        KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
    private val jwk: String

    init {
        val point = (pair.public as ECPublicKey).w
        val (x, y) = listOf(point.affineX, point.affineY).map { base64url(fixed(it.toByteArray())) }
        // In the order of RFC 7638 §3.
        jwk = """{"crv":"P-256","kty":"EC","x":"$x","y":"$y"}"""
    }

    val thumbprint = base64url(sha256(jwk))

    private fun fixed(number: ByteArray) = ByteArray(maxOf(0, 32 - number.size)) + number.takeLast(32)

    fun field(
        method: String,
        url: String,
        token: String? = null,
        more: Map<String, Any> = emptyMap(),
    ): String {
        val claims = JSONObject(mapOf("jti" to UUID.randomUUID().toString(), "htm" to method, "htu" to url))
        claims.put("iat", System.currentTimeMillis() / 1000)
        if (token != null) claims.put("ath", base64url(sha256(token)))
        more.forEach { (name, value) -> claims.put(name, value) }
        val header = """{"typ":"dpop+jwt","alg":"ES256","jwk":$jwk}"""
        val signed = listOf(header, claims.toString()).joinToString(".") { base64url(it.toByteArray()) }
        return "$signed.${base64url(sign(signed))}"
    }

    private fun sign(text: String): ByteArray =
        Signature.getInstance("SHA256withECDSAinP1363Format").run {
            initSign(pair.private)
            update(text.toByteArray())
            sign()
        }

    fun atToken(vararg more: Pair<String, Any>) = Proof(listOf(field("POST", TOKEN, null, more.toMap())), "POST", TOKEN)

    fun atResource(
        token: String,
        vararg more: Pair<String, Any>,
    ) = Proof(listOf(field("GET", RESOURCE, token, more.toMap())), "GET", RESOURCE)
}

/** Proofs of possession (RFC 9449) at a server of one's own. */
class ProofsTest {
    private suspend fun Kit.passes(
        token: String,
        proof: Proof?,
        scheme: String = "DPoP",
    ) = server.check("$scheme $token", RESOURCE, listOf("read"), proof)

    /** P28: with a new proof of the key, for this request and this token. */
    @Test
    fun `a bound token passes with its key alone`() =
        running {
            val (kit, key) = Kit() to ClientKey()
            val answer = kit.redeem(kit.code(), key.atToken())
            assertEquals(200 to "DPoP", answer.status to json(answer).getString("token_type"))
            val token = answer.access
            val proof = key.atResource(token)
            val granted = kit.passes(token, proof) as Access.Granted
            assertEquals(key.thumbprint, granted.token.dpopJkt)
            val wrong =
                listOf(
                    kit.passes(token, proof) to "used before",
                    kit.passes(token, null) to "no proof",
                    kit.passes(token, key.atResource(token), "Bearer") to "no bearer token",
                    kit.passes(token, ClientKey().atResource(token)) to "another key",
                    kit.passes(token, key.atResource("another")) to "ath",
                    kit.passes(token, key.atResource(token, "htm" to "POST")) to "htm",
                    kit.passes(token, key.atResource(token, "htu" to TOKEN)) to "htu",
                    kit.passes(token, key.atResource(token, "iat" to 1)) to "iat",
                    kit.passes(token, Proof(proof.fields + proof.fields, "GET", RESOURCE)) to "more than one",
                    kit.passes(token, Proof(listOf("nonsense"), "GET", RESOURCE)) to "not_a_proof",
                )
            for ((access, why) in wrong) {
                val refused = access as Access.Refused
                assertEquals(401, refused.status, why)
                assertTrue(why in refused.headers.getValue("WWW-Authenticate"), "$why: $refused")
            }
            assertEquals("wrong_key", kit.refresh(answer.refresh, ClientKey().atToken()).audit)
            assertEquals("proof_missing", kit.refresh(answer.refresh).audit)
            assertEquals(200, kit.refresh(answer.refresh, key.atToken()).status)
        }

    /** RFC 9449 §10: the store keeps the terms of a grant. */
    @Test
    fun `a code is pinned to a key`() =
        running {
            val (kit, key) = Kit() to ClientKey()
            val code = kit.code("dpop_jkt" to key.thumbprint)
            assertEquals("proof_missing", kit.redeem(code).audit)
            assertEquals("wrong_key", kit.redeem(code, ClientKey().atToken()).audit)
            assertEquals(200, kit.redeem(code, key.atToken()).status)
        }

    @Test
    fun `proofs may be required`() =
        running {
            val (kit, key) = Kit(proofs = ProofRules(required = true)) to ClientKey()
            val code = kit.code()
            assertEquals("proof_missing", kit.redeem(code).audit)
            val token = kit.redeem(code, key.atToken()).access
            val plain = Kit(kit.store).let { it.redeem(it.code()).access }
            val refused = kit.passes(plain, null, "Bearer") as Access.Refused
            assertEquals(401, refused.status)
            assertTrue(refused.headers.getValue("WWW-Authenticate").startsWith("DPoP "))
            assertTrue(kit.passes(token, key.atResource(token)) is Access.Granted)
        }

    /** RFC 9449 §8: every node of the server knows those of the others, by the key. */
    @Test
    fun `nonces may be demanded`() =
        running {
            val rules = ProofRules(nonceKey = ByteArray(32) { it.toByte() })
            val (kit, key) = Kit(proofs = rules) to ClientKey()
            val node = Kit(kit.store, proofs = rules)
            val code = kit.code()
            val refused = kit.redeem(code, key.atToken())
            assertEquals(400 to "nonce_demanded", refused.status to refused.audit)
            val nonce = refused.headers.getValue("DPoP-Nonce")
            val token = node.redeem(code, key.atToken("nonce" to nonce)).access
            assertTrue(node.passes(token, key.atResource(token, "nonce" to nonce)) is Access.Granted)
            val other = Kit(kit.store, proofs = ProofRules(nonceKey = ByteArray(32) { 9 }))
            assertEquals(401, (other.passes(token, key.atResource(token, "nonce" to nonce)) as Access.Refused).status)
        }

    /** P29 */
    @Test
    fun `a memory that fails lets nothing through`() =
        running {
            for (after in listOf(false, true)) {
                val inner = MemoryGrantStore()
                val (good, key) = Kit(inner) to ClientKey()
                val bad = Kit(Failing(inner, "remember", after))
                val code = good.code()
                val answer = bad.redeem(code, key.atToken())
                assertEquals(500 to "store_failed", answer.status to answer.audit)
                val token = good.redeem(code, key.atToken()).access
                assertEquals(503, (bad.passes(token, key.atResource(token)) as Access.Refused).status)
                assertEquals(listOf("remember", "remember"), bad.told.map { it.first })
            }
        }

    @Test
    fun `without a memory no proof is taken`(): Unit =
        running {
            val inner = MemoryGrantStore()
            val plain = object : GrantStore by inner {}
            val (kit, key) = Kit(plain) to ClientKey()
            assertEquals("Bearer", json(kit.redeem(kit.code(), key.atToken())).getString("token_type"))
            val bound = Kit(inner).let { it.redeem(it.code(), key.atToken()).access }
            assertEquals(401, (kit.passes(bound, key.atResource(bound)) as Access.Refused).status)
            assertThrows(ProofKeyException.FixConfiguration::class.java) { Kit(plain, proofs = ProofRules()) }
        }

    @Test
    fun `a memory is bounded and forgets nothing too early`() =
        running {
            var now = 1_000_000L
            val store = MemoryGrantStore(maxProofs = 2) { now }
            assertTrue(store.remember("a", 10) && store.remember("b", 20))
            assertThrows(IllegalStateException::class.java) { running { store.remember("c", 10) } }
            assertFalse(store.remember("a", 10))
            now += 10
            assertTrue(store.remember("c", 10), "that of `a` is over")
            assertFalse(store.remember("b", 10))
        }

    @Test
    fun `a proof is not shown`() {
        val proof = ClientKey().atToken()
        assertTrue(proof.fields.single().startsWith("eyJ"), "the control")
        assertFalse("eyJ" in "$proof")
    }
}
