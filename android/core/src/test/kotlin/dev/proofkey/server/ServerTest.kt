package dev.proofkey.server

import dev.proofkey.ProofKeyException
import dev.proofkey.pair
import dev.proofkey.runner.sha256
import dev.proofkey.running
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** An authorization server over a store of one's own. */
class ServerTest {
    private fun refused(access: Access): Access.Refused = access as Access.Refused

    @Test
    fun `a sign-in from the request to the resource`() =
        running {
            val kit = Kit()
            val asked = kit.asked(kit.query(pair().use { it.challenge }, "prompt" to "consent", "max_age" to "60"))
            assertEquals("An agent" to "127.0.0.1:49152", asked.client.name to asked.redirectHost)
            assertEquals(REDIRECT to RESOURCE, asked.redirectUri to asked.resource)
            assertEquals(listOf("read", "write") to listOf("consent"), asked.scopes to asked.prompt)
            assertEquals(60L, asked.maxAgeSeconds)

            val (sent, verifier) = kit.approved()
            val back = parameters(sent.location)
            assertEquals(303 to true, sent.status to sent.issued)
            assertEquals(Kit.STATE to ISSUER, back["state"] to back["iss"])
            val code = back.getValue("code")
            assertEquals(sent.grantId, code.substringBefore('.'))

            val answer = kit.redeem(code to verifier)
            assertEquals(200 to "issued", answer.status to answer.audit)
            assertEquals("no-store", answer.headers["Cache-Control"])
            val issued = checkNotNull(answer.issued)
            assertEquals("user" to "read write", issued.grant.subject to issued.scope)
            assertTrue(issued.isFirst)
            assertArrayEquals(sha256(answer.access), issued.accessTokenHash)

            val granted = kit.check(answer.access, "read") as Access.Granted
            assertEquals("user" to listOf("read", "write"), granted.subject to granted.scopes)
            assertEquals("agent" to TokenKind.Access, granted.token.grant.clientId to granted.token.kind)
            assertEquals(403, refused(kit.check(answer.access, "admin")).status)
            assertEquals(401, refused(kit.check("nonsense")).status)
            val elsewhere = kit.server.check("Bearer ${answer.access}", "https://other.example/")
            assertEquals(401, refused(elsewhere).status)
            assertTrue(kit.told.isEmpty())
        }

    @Test
    fun `a code is used once, and a replay ends what it brought`() =
        running {
            val kit = Kit()
            val code = kit.code()
            pair().use { wrong ->
                val answer = kit.redeem(code.first to wrong.exposeVerifier())
                assertEquals(400 to "mismatch", answer.status to answer.audit)
            }
            val token = kit.redeem(code).access
            assertTrue(kit.check(token) is Access.Granted)
            val again = kit.redeem(code)
            assertEquals(400 to "replay_revoked", again.status to again.audit)
            assertNull(again.issued)
            assertEquals(401, refused(kit.check(token)).status)
        }

    @Test
    fun `refresh tokens rotate, and one that comes back ends its family`() =
        running {
            val kit = Kit()
            val first = kit.redeem(kit.code())
            val second = kit.refresh(first.refresh)
            assertEquals(200, second.status)
            assertFalse(checkNotNull(second.issued).isFirst)
            assertTrue(kit.check(second.access) is Access.Granted)
            assertEquals(400, kit.refresh(first.refresh).status)
            assertEquals(401, refused(kit.check(second.access)).status)
            assertEquals(400, kit.refresh(second.refresh).status)
        }

    @Test
    fun `the window spares the predecessor`() =
        running {
            val kit = Kit(policy = Policy(ISSUER, reuseWindowSeconds = 30))
            val first = kit.redeem(kit.code())
            val (second, sibling) = kit.refresh(first.refresh) to kit.refresh(first.refresh)
            assertEquals(200 to 200, second.status to sibling.status)
            assertEquals(200, kit.refresh(sibling.refresh).status)
            assertEquals(400, kit.refresh(first.refresh).status)
        }

    @Test
    fun `a token that is given back ends its grant`() =
        running {
            val kit = Kit()
            val (one, other) = kit.redeem(kit.code()) to kit.redeem(kit.code())
            val answer = kit.giveBack(one.refresh)
            assertEquals(200 to 0, answer.status to answer.body.size)
            assertEquals(401, refused(kit.check(one.access)).status)
            assertTrue(kit.check(other.access) is Access.Granted)
        }

    @Test
    fun `a no and an unmet demand lead back to the client`() =
        running {
            val kit = Kit()
            for ((why, error) in mapOf(
                Decline.Denied to "access_denied",
                Decline.NobodySignedIn to "login_required",
                Decline.ConsentNeeded to "consent_required",
                Decline.AccountNeeded to "account_selection_required",
                Decline.InteractionNeeded to "interaction_required",
                Decline.AuthenticationUnmet to "unmet_authentication_requirements",
                Decline.Unavailable to "temporarily_unavailable",
                Decline.Failed to "server_error",
            )) {
                val asked = kit.asked(kit.query(pair().use { it.challenge }))
                val sent = kit.server.deny(asked, why)
                assertEquals(error to Kit.STATE, parameters(sent.location).let { it["error"] to it["state"] })
                assertEquals(303 to false, sent.status to sent.issued)
                assertThrows(ProofKeyException.FixConfiguration::class.java) { kit.server.deny(asked) }
            }
        }

    @Test
    fun `a request that is wrong is a page or leads back`() =
        running {
            val kit = Kit()
            val good = kit.query(pair().use { it.challenge })
            val (elsewhere, stranger) = good.replace("callback", "elsewhere") to good.replace("agent", "x")
            for (query in listOf("", "client_id=nobody", elsewhere, stranger)) {
                val page = kit.server.authorizationRequest(query) as AuthorizationRequest.Page
                assertEquals(400, page.status)
                assertTrue(page.description.isNotEmpty())
            }
            val unknown = kit.server.authorizationRequest(stranger) as AuthorizationRequest.Page
            assertEquals("the client is not known here", unknown.description)
            val plain = kit.server.authorizationRequest(good.replace("S256", "plain")) as AuthorizationRequest.Redirect
            assertEquals(303 to "invalid_request", plain.status to plain.error)
            assertEquals("invalid_request" to Kit.STATE, parameters(plain.location).let { it["error"] to it["state"] })
        }

    @Test
    fun `the user may allow less, and never more`(): Unit =
        running {
            val kit = Kit()
            pair().use { made ->
                val sent = kit.server.approve(kit.asked(kit.query(made.challenge)), "user", listOf("read"))
                val answer = kit.redeem(parameters(sent.location).getValue("code") to made.exposeVerifier())
                assertEquals("read", checkNotNull(answer.issued).scope)
                assertEquals(403, refused(kit.check(answer.access, "write")).status)
                val asked = kit.asked(kit.query(made.challenge))
                assertThrows(ProofKeyException.FixConfiguration::class.java) {
                    running { kit.server.approve(asked, "user", listOf("admin")) }
                }
            }
        }

    @Test
    fun `a resource may demand a newer sign-in and says where its metadata are`() =
        running {
            val kit = Kit()
            val token = kit.redeem(kit.code()).access
            val demands = Demands(listOf("strong"), 60, "$ISSUER/metadata")
            val refused = refused(kit.server.check("Bearer $token", RESOURCE, listOf("read"), demands = demands))
            val challenge = refused.headers.getValue("WWW-Authenticate")
            for (said in listOf("insufficient_user_authentication", "strong", "60", "$ISSUER/metadata")) {
                assertTrue(said in challenge, challenge)
            }
            pair().use { made ->
                val asked = kit.asked(kit.query(made.challenge))
                val now = System.currentTimeMillis() / 1000
                val sent = kit.server.approve(asked, "user", authTime = now, acr = "strong")
                val newer = kit.redeem(parameters(sent.location).getValue("code") to made.exposeVerifier()).access
                assertTrue(kit.server.check("Bearer $newer", RESOURCE, demands = demands) is Access.Granted)
            }
        }

    @Test
    fun `an ID token goes beside the tokens, and never beside a refusal`() =
        running {
            val kit = Kit()
            val code = kit.code("nonce" to "n-1")
            val answer = kit.redeem(code)
            assertEquals("n-1", checkNotNull(answer.issued).grant.terms.nonce)
            val with = answer.withIdToken("e30.e30.c2ln")
            assertEquals("e30.e30.c2ln" to answer.access, json(with).getString("id_token") to with.access)
            val refusal = kit.redeem(code)
            assertArrayEquals(refusal.body, refusal.withIdToken("e30.e30.c2ln").body)
        }

    /** Threat "Secrets in logs". */
    @Test
    fun `nothing that is shown holds a secret`() =
        running {
            val kit = Kit()
            val (sent, verifier) = kit.approved("nonce" to "canary-nonce")
            val code = parameters(sent.location).getValue("code")
            val answer = kit.redeem(code to verifier)
            val granted = kit.check(answer.access) as Access.Granted
            val denied = kit.server.deny(kit.asked(kit.query(pair().use { it.challenge })))
            val wrong = kit.server.authorizationRequest(kit.query("short"))
            val key = ProofRules(nonceKey = ByteArray(32) { 7 })
            val shown =
                listOf(sent, answer, answer.issued, granted, granted.token.grant.terms, denied, wrong, kit.server, key)
                    .joinToString()
            assertTrue(checkNotNull(sent.grantId) in shown, "the control: this is looked at")
            for (secret in listOf(code.substringAfter('.'), verifier, Kit.STATE, "canary-nonce", answer.access, "7, 7")) {
                assertFalse(secret in shown, shown)
            }
        }

    @Test
    fun `settings that are none are found when the server starts`() {
        fun fails(
            policy: Policy,
            rules: ProofRules? = null,
        ) = assertThrows(ProofKeyException.FixConfiguration::class.java) { Kit(policy = policy, proofs = rules) }
        fails(Policy("no issuer"))
        fails(Policy(ISSUER, codeLifetimeSeconds = -1))
        fails(Policy(ISSUER, openScopes = listOf("\uD800")))
        fails(Policy(ISSUER), ProofRules(nonceKey = ByteArray(5)))
        fails(Policy(ISSUER), ProofRules(windowSeconds = -1))
        fails(Policy(ISSUER), ProofRules(nonceKey = ByteArray(32), nonceLifetimeSeconds = 0))
    }
}
