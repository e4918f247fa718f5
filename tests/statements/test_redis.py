"""The Lua of docs/grants.md on Redis, or Valkey: of 64 at once one wins, each condition counts, and
what reads before it writes loses. P24, RFC 9449 §11.1, CVE-2026-47386."""

import contextlib
import secrets
import unittest

from databases import Refused, redis
from page import REMEMBER_IN_REDIS, SCRIPT
from racing import RACERS, at_once

MAX_MISMATCHES = 5


class OnRedis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.held = contextlib.ExitStack()
        connect = cls.held.enter_context(redis())
        cls.racers = [connect() for _ in range(RACERS)]
        for racer in cls.racers:
            cls.held.callback(racer.close)
        cls.db = cls.racers[0]

    @classmethod
    def tearDownClass(cls):
        cls.held.close()

    def put(self, lifetime_s: int = 60, **columns) -> tuple:
        """A grant that was put: its key and the hash of its code."""
        key, code_hash = f"{{{secrets.token_urlsafe(16)}}}:grant", secrets.token_bytes(32)
        row = {"code_hash": code_hash, "used": 0, "revoked": 0, "mismatches": 0}
        row |= {"expires_at": int(self.db("TIME")[0]) + lifetime_s} | columns
        self.db("HSET", key, *(part for pair in row.items() for part in pair))
        self.db("EXPIRE", key, 60)
        return key, code_hash

    def claim(self, db, grant: tuple, *tokens: tuple) -> int:
        """As the page says; tokens are their keys, lifetimes and rows."""
        key, code_hash = grant
        more = [part for _, lifetime_s, row in tokens for part in (lifetime_s, row)]
        keys = [key, *(token for token, _, _ in tokens)]
        return db("EVAL", SCRIPT, len(keys), *keys, code_hash, MAX_MISMATCHES, *more)

    def token(self, grant: tuple, lifetime_s: int = 3600) -> tuple:
        """A token to be written: beside its grant, by the braces."""
        beside = grant[0].removesuffix("grant")
        return f"{beside}token:{secrets.token_hex(32)}", lifetime_s, secrets.token_bytes(20)

    def test_of_64_one_claims(self):
        new = self.put()
        tokens = {db: self.token(new) for db in self.racers}
        rows = at_once(self.racers, lambda db, _: self.claim(db, new, tokens[db]))
        self.assertEqual(sorted(rows), [0] * (RACERS - 1) + [1])
        there = [self.db("EXISTS", key) for key, _, _ in tokens.values()]
        self.assertEqual(there, rows)
        self.assertEqual(self.db("HGET", new[0], "used"), b"1")

    def test_a_claim_writes_its_tokens_as_they_are(self):
        new = self.put()
        access, refresh, expired = self.token(new), self.token(new, 7200), self.token(new, 0)
        before = int(self.db("TIME")[0])
        self.assertEqual(self.claim(self.db, new, access, refresh, expired), 1)
        now = int(self.db("TIME")[0])
        for key, lifetime_s, row in (access, refresh, expired):
            expires_at, _, kept = self.db("GET", key).partition(b" ")
            self.assertEqual(kept, row)
            self.assertIn(int(expires_at), range(before + lifetime_s, now + lifetime_s + 1))
        self.assertIn(self.db("TTL", expired[0]), range(-2, 2))
        # A revocation has something to mark for as long as a token is good.
        self.assertGreaterEqual(self.db("TTL", new[0]), self.db("TTL", refresh[0]))

    def test_a_claim_needs_each_condition(self):
        for why, new in {
            "another hash": (self.put()[0], secrets.token_bytes(32)),
            "no grant": ("{none}:grant", secrets.token_bytes(32)),
            "used": self.put(used=1),
            "revoked": self.put(revoked=1),
            "worn out": self.put(mismatches=MAX_MISMATCHES),
            "expired": self.put(lifetime_s=0),
        }.items():
            with self.subTest(why):
                one, before = self.token(new), self.db("HGETALL", new[0])
                self.assertEqual(self.claim(self.db, new, one), 0)
                self.assertEqual(self.db("HGETALL", new[0]), before)
                self.assertEqual(self.db("EXISTS", one[0]), 0)
        self.assertEqual(self.claim(self.db, self.put(mismatches=MAX_MISMATCHES - 1)), 1)

    def test_a_redis_that_is_full_claims_nothing(self):
        new = self.put()
        one = self.token(new)
        self.db("CONFIG", "SET", "maxmemory", 1)
        try:
            with self.assertRaisesRegex(Refused, "OOM"):
                self.claim(self.db, new, one)
        finally:
            self.db("CONFIG", "SET", "maxmemory", 0)
        self.assertEqual(self.db("HGET", new[0], "used"), b"0")
        self.assertEqual(self.claim(self.db, new, one), 1)

    def test_hget_a_look_hset_lets_64_win(self):
        def naive(db, wait):
            unused = db("HGET", key, "used") == b"0"
            wait()
            if unused:
                db("HSET", key, "used", 1)
            return unused

        key, _ = self.put()
        self.assertEqual(at_once(self.racers, naive), [True] * RACERS)
        # One at a time it is as good as any: that is why nobody notices.
        key, _ = self.put()
        alone = [naive(db, lambda: None) for db in self.racers]
        self.assertEqual(alone, [True] + [False] * (RACERS - 1))

    def test_watch_lets_one_win_and_63_try_again(self):
        key, _ = self.put()

        def watching(db, wait):
            db("WATCH", key)
            unused = db("HGET", key, "used") == b"0"
            wait()
            db("MULTI")
            db("HSET", key, "used", 1)
            return unused and db("EXEC") is not None

        self.assertEqual(at_once(self.racers, watching).count(True), 1)

    def test_of_64_one_shows_a_proof(self):
        def remember(db, _):
            return db(*REMEMBER_IN_REDIS.replace("{name}", name).replace("lifetime", "60").split())

        name = secrets.token_urlsafe(32)
        answers = at_once(self.racers, remember)
        self.assertEqual(answers.count(b"OK"), 1)
        self.assertEqual(answers.count(None), RACERS - 1)
        # As the page says of a lifetime of 0.
        with self.assertRaisesRegex(Refused, "invalid expire time"):
            self.db(*REMEMBER_IN_REDIS.replace("lifetime", "0").split())


if __name__ == "__main__":
    unittest.main()
