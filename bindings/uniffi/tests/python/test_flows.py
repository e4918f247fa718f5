"""Whole flows through the generated layer, with made-up events."""

import base64
import json
import unittest
from urllib.parse import parse_qs

import made
import proofkey as pk


class Failing(unittest.TestCase):
    def fails(self, code, family, call, *args):
        with self.assertRaises(pk.ProofKeyError.Failed) as caught:
            call(*args)
        error = caught.exception
        self.assertEqual((error.code, error.family), (code, family))
        self.assertTrue(error.text and error.advice)
        return error


class SigningIn(Failing):
    def test_a_whole_sign_in_on_loopback(self):  # P1 to P13
        target = pk.RedirectTarget.LOOPBACK(pk.LoopbackHost.V4, 0, "/callback")
        flow = pk.SignIn(made.sign_in_config(redirect=target))
        listen = flow.advance(pk.Event.START(), made.NOW)
        self.assertTrue(listen.is_LISTEN())
        self.assertEqual(
            (listen.host, listen.port, listen.path), (pk.LoopbackHost.V4, 0, "/callback")
        )

        browse = flow.advance(pk.Event.LISTENING(4711), made.NOW)
        self.assertEqual(browse.redirect_uri, "http://127.0.0.1:4711/callback")
        self.assertEqual(browse.deadline_ms, 60_000)
        asked = made.query_of(browse.url)
        self.assertEqual(asked["code_challenge_method"], "S256")

        noise = flow.advance(
            pk.Event.REDIRECT(browse.redirect_uri + "?code=x&state=guessed"), made.NOW
        )
        self.assertTrue(noise.is_AWAIT())
        self.assertEqual(noise.code, "state_mismatch")
        self.assertNotIn("guessed", noise.text)

        ours = made.redirect_for(browse.url, browse.redirect_uri)
        send = flow.advance(pk.Event.REDIRECT(ours), made.NOW)
        self.assertTrue(send.is_SEND() and send.finish)
        self.assertEqual((send.request.method, send.request.url), ("POST", made.ISSUER + "/token"))
        form = parse_qs(send.request.body.decode())
        self.assertEqual(form["code"], [made.CODE])
        self.assertTrue(pk.verify(form["code_verifier"][0], asked["code_challenge"]))

        self.assertIsNone(flow.outcome())
        done = flow.advance(pk.Event.RESPONSE(made.token_response()), made.NOW)
        self.assertTrue(done.is_DONE())
        tokens = flow.outcome()
        self.assertEqual(tokens.expose_access_token(), made.ACCESS_TOKEN)
        self.assertEqual(tokens.expose_refresh_token(), made.REFRESH_TOKEN)
        self.assertEqual(tokens.expires_at(), made.NOW + 60)
        self.assertEqual((tokens.scopes(), tokens.resource()), (["read"], None))
        self.assertEqual((tokens.issuer(), tokens.client_id()), (made.ISSUER, "agent"))
        self.assertIsNone(flow.outcome(), "the outcome comes once")
        self.fails(
            "flow_ended", pk.Family.FIX_CONFIGURATION, flow.advance, pk.Event.START(), made.NOW
        )

    def test_every_event_that_ends_a_sign_in(self):
        lost = pk.Event.UNREACHABLE(pk.Lost.TIMED_OUT, "the platform's words")
        for event, code, family, before in [
            (pk.Event.DISMISSED(), "user_cancelled", "USER_CANCELLED", made.browsing),
            (pk.Event.CANCEL(), "cancelled", "USER_CANCELLED", made.browsing),
            (pk.Event.ELAPSED(), "redirect_timeout", "SIGN_IN_AGAIN", made.browsing),
            (
                pk.Event.FAILED("", "no program"),
                "browser_failed",
                "FIX_CONFIGURATION",
                made.browsing,
            ),
            (pk.Event.LISTENING(1), "unexpected_event", "FIX_CONFIGURATION", made.browsing),
            (lost, "unreachable", "RETRY", made.sent),
            (pk.Event.CANCEL(), "cancelled", "USER_CANCELLED", made.sent),
        ]:
            with self.subTest(code=code):
                flow, _step = before()
                self.fails(code, pk.Family[family], flow.advance, event, made.NOW)
                self.fails("flow_ended", pk.Family.FIX_CONFIGURATION, flow.advance, event, made.NOW)

    def test_the_servers_refusal(self):
        flow, _send = made.sent()
        answer = made.json_response(400, error="invalid_grant", error_description="too late")
        error = self.fails(
            "invalid_grant",
            pk.Family.SIGN_IN_AGAIN,
            flow.advance,
            pk.Event.RESPONSE(answer),
            made.NOW,
        )
        self.assertIn("too late", error.text)

    def test_a_setting_that_cannot_be_used_is_named(self):
        config = made.sign_in_config(issuer="http://as.example")
        error = self.fails("invalid_configuration", pk.Family.FIX_CONFIGURATION, pk.SignIn, config)
        self.assertIn("issuer", error.text)


class Sessions(Failing):
    def test_noise_leaves_the_session_and_ours_uses_it_up(self):
        session = made.session()
        url = session.authorization_url()
        noise = session.complete(made.REDIRECT_URI + "?code=x&state=guessed")
        self.assertTrue(noise.is_NOT_OURS())
        self.assertEqual(noise.code, "state_mismatch")
        self.assertEqual(session.authorization_url(), url)

        request = session.complete(made.redirect_for(url)).request
        for call in (session.authorization_url, lambda: session.complete(made.redirect_for(url))):
            self.fails("flow_ended", pk.Family.FIX_CONFIGURATION, call)

        self.assertEqual(request.http_request().method, "POST")
        tokens = request.tokens(made.token_response(), made.NOW)
        self.assertEqual(tokens.expose_access_token(), made.ACCESS_TOKEN)
        self.fails("flow_ended", pk.Family.FIX_CONFIGURATION, request.http_request)
        self.fails(
            "flow_ended",
            pk.Family.FIX_CONFIGURATION,
            request.tokens,
            made.token_response(),
            made.NOW,
        )

    def test_a_refusal_that_is_ours_ends_it(self):
        session = made.session()
        url = session.authorization_url()
        refused = made.redirect_for(url, iss="https://other.example")
        self.fails("issuer_mismatch", pk.Family.SIGN_IN_AGAIN, session.complete, refused)
        self.fails("flow_ended", pk.Family.FIX_CONFIGURATION, session.complete, refused)

    def test_discard_ends_it_and_may_be_repeated(self):
        session = made.session()
        session.discard()
        session.discard()
        self.fails("flow_ended", pk.Family.FIX_CONFIGURATION, session.authorization_url)


class Pairs(Failing):
    def test_the_pair_is_rfc_7636s(self):
        pair = pk.pair()
        expected = base64.urlsafe_b64encode(made.sha256(pair.expose_verifier())).rstrip(b"=")
        self.assertEqual(pair.challenge(), expected.decode())
        self.assertTrue(pk.verify(pair.expose_verifier(), pair.challenge()))
        parsed = pk.CodePair.parse(pair.expose_verifier())
        self.assertEqual(parsed.challenge(), pair.challenge())
        self.assertEqual(parsed.expose_verifier(), pair.expose_verifier())
        self.assertFalse(pk.verify(pk.pair().expose_verifier(), pair.challenge()))

    def test_what_is_refused_is_not_repeated(self):
        good = pk.pair()
        for code, verifier, challenge in [
            ("invalid_verifier", "canary-too-short", good.challenge()),
            ("invalid_verifier", "canary!" * 10, good.challenge()),
            ("invalid_challenge", good.expose_verifier(), "canary-no-challenge"),
        ]:
            error = self.fails(code, pk.Family.FIX_CONFIGURATION, pk.verify, verifier, challenge)
            self.assertNotIn("canary", repr(error) + str(error) + error.advice)
            if code == "invalid_verifier":
                again = self.fails(code, error.family, pk.CodePair.parse, verifier)
                self.assertEqual(again.text, error.text)

    def test_a_challenge_has_one_spelling(self):
        challenge = pk.pair().challenge()
        self.assertEqual(pk.parse_challenge(challenge), challenge)
        # The last character holds two bits that must be zero.
        for text in ("", challenge + "=", challenge[:-1], "A" * 42 + "B", "A" * 42 + "+"):
            self.fails("invalid_challenge", pk.Family.FIX_CONFIGURATION, pk.parse_challenge, text)

    def test_the_version_has_three_numbers(self):
        self.assertRegex(pk.version(), r"^\d+\.\d+\.\d+$")


class Granting(Failing):
    def test_issue_redeem_and_check(self):  # P20 to P24
        store, pair = made.Store(), pk.pair()
        issue = made.issue(pair.challenge())
        self.assertEqual(store.drive(issue), ["PUT", "DONE"])
        outcome = issue.outcome()
        self.assertTrue(outcome.issued)
        answer = made.query_of(outcome.location)
        self.assertEqual((answer["iss"], answer["state"]), (made.ISSUER, "canary-state-5d5d"))
        self.assertIsNone(issue.outcome())

        wrong = made.redeem(answer["code"], pk.pair().expose_verifier())
        self.assertEqual(store.drive(wrong), ["FIND", "COUNT", "DONE"])
        self.assertEqual(wrong.outcome().audit, "mismatch")

        redeem = made.redeem(answer["code"], pair.expose_verifier())
        self.assertEqual(store.drive(redeem), ["FIND", "CLAIM", "DONE"])
        issued = redeem.outcome()
        self.assertEqual((issued.status, issued.audit), (200, "issued"))
        self.assertIn("no-store", [header.value for header in issued.headers])
        bearer = "Bearer " + json.loads(issued.body)["access_token"]

        check = pk.CheckToken(bearer, "https://api.example", ["read"])
        self.assertEqual(store.drive(check), ["FIND_TOKEN", "DONE"])
        access = check.outcome()
        self.assertTrue(access.is_GRANTED())
        self.assertEqual(access.token.grant.subject, "ada")

        missing = pk.CheckToken(bearer, "https://api.example", ["write"])
        store.drive(missing)
        refused = missing.outcome()
        self.assertEqual(refused.status, 403)
        self.assertIn("insufficient_scope", refused.www_authenticate)

        replay = made.redeem(answer["code"], pair.expose_verifier())
        self.assertEqual(store.drive(replay), ["FIND", "REVOKE", "DONE"])
        self.assertEqual(replay.outcome().audit, "replay_revoked")
        again = pk.CheckToken(bearer, "https://api.example", ["read"])
        store.drive(again)
        self.assertEqual(again.outcome().status, 401)

    def test_refresh_and_revocation(self):  # P27
        store, pair = made.Store(), pk.pair()
        issue = made.issue(pair.challenge())
        store.drive(issue)
        code = made.query_of(issue.outcome().location)["code"]
        redeem = made.redeem(code, pair.expose_verifier())
        store.drive(redeem)
        first = json.loads(redeem.outcome().body)

        refresh = made.refresh(first["refresh_token"], scope="read")
        self.assertEqual(store.drive(refresh), ["FIND_TOKEN", "ROTATE", "DONE"])
        answer = refresh.outcome()
        self.assertEqual((answer.status, answer.audit), (200, "refreshed"))
        self.assertIsNone(refresh.outcome())
        second = json.loads(answer.body)
        bearer = "Bearer " + second["access_token"]
        check = pk.CheckToken(bearer, "https://api.example", ["read"])
        store.drive(check)
        access = check.outcome()
        self.assertTrue(access.is_GRANTED())
        self.assertEqual(access.token.scope, "read")

        old = made.refresh(first["refresh_token"])
        self.assertEqual(store.drive(old), ["FIND_TOKEN", "REVOKE", "DONE"])
        self.assertEqual(old.outcome().audit, "reuse_revoked")
        gone = made.give_back(second["refresh_token"])
        self.assertEqual(store.drive(gone), ["FIND_TOKEN", "DONE"])
        answer = gone.outcome()
        self.assertEqual((answer.status, answer.body, answer.audit), (200, b"", "revoked"))

    def test_a_request_is_judged(self):
        challenge = pk.pair().challenge()
        named = pk.client_of(made.grant_query(challenge))
        self.assertEqual(named.client_id, "agent")
        self.assertTrue(pk.client_of("state=canary").is_PAGE())

        plain = made.grant_query(challenge, code_challenge_method="plain")
        judged = pk.judge_request(plain, made.client(), made.policy())
        self.assertTrue(judged.is_REDIRECT())
        self.assertEqual(made.query_of(judged.location)["error"], "invalid_request")

        elsewhere = made.grant_query(challenge, redirect_uri="https://evil.example/")
        self.assertTrue(pk.judge_request(elsewhere, made.client(), made.policy()).is_PAGE())

        details = made.grant_request(challenge).details()
        self.assertEqual((details.scopes, details.code_challenge), (["read"], challenge))

    def test_redirect_uris_are_judged_and_compared(self):  # P26
        pk.check_redirect_uri("com.example.app:/callback")
        for uri in ("http://app.example/", "app:/callback", "https://app.example", "", "\0"):
            error = self.fails(
                "invalid_configuration",
                pk.Family.FIX_CONFIGURATION,
                pk.check_redirect_uri,
                uri,
            )
            self.assertTrue(error.text.startswith("redirect_uri "), error.text)
        loopback = "http://127.0.0.1{}/callback"
        self.assertTrue(pk.redirect_uri_matches(loopback.format(""), loopback.format(":4711")))
        self.assertFalse(pk.redirect_uri_matches(made.REDIRECT_URI, made.REDIRECT_URI + "/"))
        self.assertFalse(pk.redirect_uri_matches("app:/callback", "app:/callback"))

    def test_a_request_is_used_once(self):
        request = made.grant_request()
        location = request.deny(made.policy())
        self.assertEqual(made.query_of(location)["error"], "access_denied")
        approval = pk.Approval(subject="ada", scopes=["read"])
        self.fails(
            "flow_ended", pk.Family.FIX_CONFIGURATION, pk.Issue, request, approval, made.policy()
        )

    def test_more_than_was_asked_for_cannot_be_approved(self):
        approval = pk.Approval(subject="ada", scopes=["read", "write"])
        self.fails(
            "invalid_configuration",
            pk.Family.FIX_CONFIGURATION,
            pk.Issue,
            made.grant_request(),
            approval,
            made.policy(),
        )

    def test_a_row_with_a_broken_challenge_issues_nothing(self):  # P29
        store, pair = made.Store(), pk.pair()
        issue = made.issue(pair.challenge())
        store.drive(issue)
        code = made.query_of(issue.outcome().location)["code"]
        store.grants[made.sha256(code)].grant.code_challenge = "broken"
        redeem = made.redeem(code, pair.expose_verifier())
        self.fails("invalid_challenge", pk.Family.FIX_CONFIGURATION, store.drive, redeem)
        self.assertTrue(redeem.advance(pk.StoreEvent.FAILED()).is_DONE())
        self.assertEqual(redeem.outcome().audit, "store_failed")


class Discovering(Failing):
    def test_from_a_resource_to_a_sign_in(self):  # P12, M1, M7
        found = made.discovered()
        self.assertEqual(
            (found.provider.issuer, found.resource.resource), (made.ISSUER, made.RESOURCE)
        )
        self.assertEqual((found.scopes, found.provider.scopes), (["read"], ["read", "write"]))
        self.assertEqual(found.provider.fetched_at, made.NOW)
        target = pk.RedirectTarget.FIXED(made.REDIRECT_URI)
        plain = made.sign_in_config(browse_timeout_ms=300_000, scopes=[])
        self.assertEqual(pk.provider_sign_in(found.provider, "agent", target), plain)
        config = pk.discovered_sign_in(found, "agent", target)
        self.assertEqual((config.scopes, config.resource), (["read"], made.RESOURCE))
        self.assertTrue(pk.SignIn(config).advance(pk.Event.START(), made.NOW).is_BROWSE())
        local = pk.RedirectTarget.LOOPBACK(pk.LoopbackHost.V6, 7, "/cb")
        self.assertEqual(pk.discovered_sign_in(found, "agent", local).redirect, local)

    def test_the_outcome_comes_once_and_errors_are_final(self):
        flow = pk.Discovery(made.discovery_config())
        send = flow.advance(pk.Event.START(), made.NOW)
        self.assertTrue(send.is_SEND() and not send.finish)
        self.assertEqual((send.request.method, send.request.body), ("GET", None))
        self.assertIsNone(flow.outcome())
        answer = pk.Event.RESPONSE(made.json_response(**made.METADATA))
        self.assertTrue(flow.advance(answer, made.NOW).is_DONE())
        fix = pk.Family.FIX_CONFIGURATION
        self.fails("flow_ended", fix, flow.advance, answer, made.NOW)
        self.assertIsNone(flow.outcome().resource)
        self.assertIsNone(flow.outcome())
        flow = pk.Discovery(made.discovery_config())
        flow.advance(pk.Event.START(), made.NOW)
        foreign = made.json_response(**made.METADATA | {"issuer": "https://evil.example"})
        foreign = pk.Event.RESPONSE(foreign)
        self.fails("metadata_issuer_mismatch", fix, flow.advance, foreign, made.NOW)
        self.fails("flow_ended", fix, flow.advance, foreign, made.NOW)
        self.fails("invalid_configuration", fix, pk.Discovery, made.discovery_config(issuer=None))

    def test_the_documents_alone(self):
        provider, resource = made.provider(), made.protected_resource()
        report = {line.name: line for line in pk.provider_report(provider)}
        self.assertEqual(len(report), len(pk.Feature))
        self.assertEqual(report["iss"].support, pk.Support.REQUIRED)
        self.assertEqual(report["client_documents"].feature, pk.Feature.CLIENT_DOCUMENTS)
        self.assertEqual(pk.provider_issuer_host(provider), "as.example")
        for age, fresh in [(59, True), (60, False), (-1, False)]:
            self.assertEqual(pk.provider_is_fresh(provider, made.NOW + age, 60), fresh)
        self.assertEqual(pk.protected_resource_issuer(resource, None), made.ISSUER)
        self.assertEqual(pk.protected_resource_scopes(resource), ["read"])
        fix = pk.Family.FIX_CONFIGURATION
        other = "https://other.example"
        self.fails("issuer_not_listed", fix, pk.protected_resource_issuer, resource, other)
        self.assertEqual(len(pk.authorization_server_urls(made.ISSUER + "/a")), 3)
        self.assertEqual(len(pk.protected_resource_urls(made.RESOURCE)), 2)
        self.fails("invalid_configuration", fix, pk.authorization_server_urls, "http://as.example")
        demand = pk.parse_challenges(['Bearer error="invalid_token", scope="a b"', "x="]).demand
        self.assertEqual((demand.scopes, demand.error), (["a", "b"], "invalid_token"))


if __name__ == "__main__":
    unittest.main()
