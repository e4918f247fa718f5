"""No text of anything that crosses holds a secret: repr, str, format, and those of its holders."""

import inspect
import traceback
import unittest

import made
import proofkey as pk


def texts(thing):
    """Every text that Python makes of a thing by itself."""
    return [
        repr(thing),
        str(thing),
        f"{thing}",
        f"{thing!r}",
        "%s %r" % (thing, thing),  # noqa: UP031 - as logging does it
        repr([thing]),
    ]


def holders():
    """One of everything that holds a secret, and what it holds."""
    flow, browse = made.browsing()
    state = made.query_of(browse.url)["state"]
    redirect = made.redirect_for(browse.url)
    send = flow.advance(pk.Event.REDIRECT(redirect), made.NOW)
    verifier = made.query_of("?" + send.request.body.decode())["code_verifier"]
    response = made.token_response()
    pair = pk.pair()
    store = made.Store()
    issue = made.issue(pair.challenge())
    store.drive(issue)
    outcome = issue.outcome()
    code = made.query_of(outcome.location)["code"]
    redeem = made.redeem(code, pair.expose_verifier())
    store.drive(redeem)
    answer = redeem.outcome()
    session = made.session()
    completion = session.complete(made.redirect_for(session.authorization_url()))
    plain = made.grant_query(pair.challenge(), code_challenge_method="plain")
    server = [made.ACCESS_TOKEN, made.REFRESH_TOKEN, made.HEADER_VALUE]
    yield browse, [state]
    yield send, [made.CODE, verifier]
    yield send.request, [made.CODE, verifier]
    yield pk.Event.REDIRECT(redirect), [made.CODE, state]
    yield pk.Event.RESPONSE(response), server
    yield response, server
    yield response.headers[1], [made.HEADER_VALUE]
    yield pk.Received.REDIRECT(redirect), [made.CODE, state]
    yield made.tokens(), server
    yield pair, [pair.expose_verifier()]
    yield session, [made.CODE]
    yield completion, [made.CODE]
    yield completion.request, [made.CODE]
    yield flow, [made.CODE, verifier]
    yield issue, [code]
    yield outcome, [code, "canary-state"]
    yield redeem, [code]
    yield answer, [answer.body.decode(), answer.body.decode().split('"')[3]]
    yield pk.judge_request(plain, made.client(), made.policy()), ["canary-state"]
    yield made.grant_request(), ["canary-state"]
    rules = pk.ProofRules(nonce_key=b"canary-nonce-key-of-a-server-32b")
    proof = pk.RequestProof(fields=["canary-proof-7e7e"], method="POST", url="", now=0, rules=rules)
    yield rules, ["canary-nonce-key"]
    yield proof, ["canary-proof-7e7e", "canary-nonce-key"]
    yield pk.CheckDemands(proof=proof), ["canary-proof-7e7e", "canary-nonce-key"]
    key = pk.DataKey.generate()
    yield key, [key.expose_text()]
    unsealed = made.signing_in()[1]
    yield unsealed, server
    yield pk.Event.LOADED(1, unsealed.value), server
    yield pk.Stored(revision=1, value=unsealed.value), server
    yield pk.AccessRun(key=key, redirect_uri=redirect), [made.CODE, key.expose_text()]
    yield made.access_outcome(), server
    hint = "canary-hint-0d0d"
    ends = {"tokens": None, "source": None, "stored": True, "revoked": True, "warning": None}
    session_url = made.ISSUER + "/logout?id_token_hint=" + hint
    yield pk.AccessOutcome(**ends, end_session_url=session_url, discovered=None), [hint]
    unsigned = made.authorized()
    yield unsigned, server
    yield unsigned.proof, server
    signed = unsigned.proof.signed(made.SIGNATURE)
    yield signed, [made.ACCESS_TOKEN, signed.dpop]
    yield pk.Authorized.READY(signed), [made.ACCESS_TOKEN, signed.dpop]
    identity = pk.verify_id_token(*made.id_token_arguments())
    yield identity, [identity.subject, identity.claims]


class Shown(unittest.TestCase):
    def test_no_text_holds_a_secret(self):
        for holder, secrets in holders():
            for text in texts(holder):
                for secret in secrets:
                    with self.subTest(type=type(holder).__name__):
                        self.assertGreater(len(secret), 8)
                        self.assertNotIn(secret, text)

    def test_what_is_kept_is_sealed(self):
        key = pk.DataKey.generate()
        self.assertIn(made.ACCESS_TOKEN.encode(), made.signing_in()[1].value)  # the control
        self.assertNotIn(made.ACCESS_TOKEN.encode(), made.signing_in(key)[1].value)

    def test_the_search_finds_what_is_there(self):  # the control
        body = made.sent()[1].request.body
        self.assertIn(made.CODE, texts(body)[0])

    def test_every_type_that_shows_itself_is_among_them(self):
        hiding = {
            name for name, cls in vars(pk).items() if inspect.isclass(cls) and shows_itself(cls)
        }
        seen = {type(holder).__name__.split(".")[0] for holder, _secrets in holders()}
        self.assertTrue(hiding)
        self.assertEqual(hiding - seen, set())

    def test_an_error_and_its_traceback_hold_no_secret(self):
        flow, send = made.sent()
        verifier = made.query_of("?" + send.request.body.decode())["code_verifier"]
        words = f"bad {made.CODE} and {verifier}"
        answer = made.json_response(400, error="invalid_grant", error_description=words)
        with self.assertRaises(pk.ProofKeyError) as caught:
            flow.advance(pk.Event.RESPONSE(answer), made.NOW)
        shown = "".join(traceback.format_exception(caught.exception))
        shown += "".join(texts(caught.exception)) + repr(vars(caught.exception))
        for secret in (made.CODE, verifier):
            self.assertNotIn(secret, shown)


def names_in(function):
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_names if code else ()


def shows_itself(cls):
    """Whether the text of a class, or of its variants, is made in Rust."""
    variants = [part for part in vars(cls).values() if inspect.isclass(part)]
    return any(
        "uniffi_trait_debug" in name
        for part in [cls, *variants]
        for name in names_in(part.__repr__)
    )


if __name__ == "__main__":
    unittest.main()
