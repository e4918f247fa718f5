"""A build without the authorization server's half, as for phones: whatever would begin something
there says so, what is given to it is let go, and what would only be shown is shown."""

import unittest

import proofkey as pk

POLICY = pk.Policy(issuer="https://as.example", profile=pk.Profile.OAUTH21)
CLIENT = pk.ClientRecord(
    client_id="agent", name="", redirect_uris=["https://app.example/cb"], scopes=["read"]
)
RULES = pk.ProofRules(required=True, nonce_key=bytes(32))
PROOF = pk.RequestProof(
    fields=["proof"], method="POST", url="https://as.example/token", now=1, rules=RULES
)
DEMANDS = pk.CheckDemands(metadata_url="https://api.example/metadata", proof=PROOF)
ANSWER = pk.TokenAnswer(status=200, headers=[], body=b"{}", audit="issued", issued=None)

BEGINNINGS = {
    "client_of": lambda: pk.client_of("client_id=agent"),
    "judge_request": lambda: pk.judge_request("client_id=agent", CLIENT, POLICY),
    "Redeem.new": lambda: pk.Redeem(b"grant_type=authorization_code", None, None, POLICY, PROOF),
    "RevokeToken.new": lambda: pk.RevokeToken(b"token=x", "text/plain", None),
    "CheckToken.new": lambda: pk.CheckToken("Bearer x", "https://api.example", ["read"], DEMANDS),
    "body_with_id_token": lambda: pk.body_with_id_token(ANSWER, "a.b.c"),
}


class Absent(unittest.TestCase):
    def test_whatever_begins_something_says_that_there_is_no_server(self):
        for name, begin in BEGINNINGS.items():
            with self.subTest(name), self.assertRaises(pk.ProofKeyError.Failed) as caught:
                begin()
            self.assertEqual(caught.exception.code, "grants_unavailable", name)
            self.assertEqual(caught.exception.family, pk.Family.FIX_CONFIGURATION)
            self.assertIn("no authorization server", caught.exception.text)
            self.assertIn("a package for servers or desktops", caught.exception.advice)

    def test_what_is_shown_holds_no_more_than_a_name(self):
        outcome = pk.IssueOutcome(location="https://app.example/cb", grant_id="g", issued=True)
        page = pk.Judged.PAGE("invalid_request", "wrong")
        for value in (RULES, PROOF, DEMANDS, ANSWER, outcome):
            self.assertEqual(str(value), f"{type(value).__name__}(…)")
        self.assertEqual(str(page), "Judged(…)")

    def test_redirect_uris_and_proofs_are_judged_all_the_same(self):
        # They are no part of the server's half alone.
        uri = "https://app.example/cb"
        self.assertTrue(pk.redirect_uri_matches(uri, uri))
        checked = pk.check_dpop_proof("no proof", "GET", uri, None, None, 1, 60)
        self.assertEqual(checked.code, "not_a_proof")


if __name__ == "__main__":
    unittest.main()
