"""A build without the loopback receiver and the file store, as for phones: it says so, and all else
works."""

import unittest

import made
import proofkey as pk


class Absent(unittest.TestCase):
    def bind(self):
        with self.assertRaises(pk.ProofKeyError.Failed) as caught:
            pk.LoopbackReceiver.bind(pk.LoopbackHost.V4, 0, "/callback")
        return caught.exception

    def judge(self, error):
        self.assertEqual(error.code, "loopback_unavailable")
        self.assertEqual(error.family, pk.Family.FIX_CONFIGURATION)
        self.assertIn("redirect URI", error.advice)

    def test_bind_says_that_there_is_no_receiver(self):
        self.judge(self.bind())

    def test_a_sign_in_that_asks_for_it_ends_with_the_same_error(self):
        target = pk.RedirectTarget.LOOPBACK(pk.LoopbackHost.V4, 0, "/callback")
        flow = pk.SignIn(made.sign_in_config(redirect=target))
        self.assertTrue(flow.advance(pk.Event.START(), made.NOW).is_LISTEN())
        error = self.bind()
        with self.assertRaises(pk.ProofKeyError.Failed) as caught:
            flow.advance(pk.Event.FAILED(error.code, error.text), made.NOW)
        self.judge(caught.exception)
        self.assertEqual(repr(caught.exception), repr(error))

    def test_there_is_no_file_store(self):
        for call in (lambda: pk.FileStore.open("folder"), pk.default_store_folder):
            with self.assertRaises(pk.ProofKeyError.Failed) as caught:
                call()
            self.assertEqual(caught.exception.code, "store_denied")
            self.assertIn("no file store", caught.exception.text)

    def test_an_access_flow_over_a_store_of_the_platforms_works(self):
        tokens = made.access_outcome().tokens
        self.assertEqual(tokens.expose_access_token(), made.ACCESS_TOKEN)

    def test_a_sign_in_with_a_redirect_uri_of_the_platforms_works(self):
        self.assertEqual(made.tokens().expose_access_token(), made.ACCESS_TOKEN)


if __name__ == "__main__":
    unittest.main()
