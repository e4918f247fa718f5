"""The SQL of docs/grants.md on SQLite and PostgreSQL: of 64 at once one wins, each condition
counts, and what reads before it writes loses. P24, P27, RFC 9449 §11.1, CVE-2026-47386."""

import contextlib
import secrets
import sqlite3
import unittest

from databases import Refused, postgres, sqlite
from page import CLAIM, REMEMBER, ROTATE, TABLES
from racing import RACERS, at_once

MAX_MISMATCHES = 5
PUT = """INSERT INTO grants (grant_id, code_hash, client_id, subject, redirect_uri,
        redirect_uri_was_sent, scope, refreshable, expires_at, used, revoked, mismatches)
    VALUES (:grant_id, :code_hash, 'agent', 'user', 'http://127.0.0.1/callback',
        1, 'read', 1, unixepoch() + :lifetime_s, :used, :revoked, :mismatches)"""
WRITE = """INSERT INTO tokens (grant_id, token_hash, kind, expires_at, generation)
    SELECT grant_id, :token_hash, :kind, unixepoch() + :lifetime_s, generation FROM grants
     WHERE grant_id = :grant_id"""
READ = "SELECT used FROM grants WHERE grant_id = :grant_id AND expires_at > unixepoch()"
MARK = "UPDATE grants SET used = 1 WHERE grant_id = :grant_id"


class Statements:
    """What holds on every database."""

    @classmethod
    def setUpClass(cls):
        cls.held = contextlib.ExitStack()
        cls.connect = staticmethod(cls.held.enter_context(cls.database()))
        cls.racers = [cls.connect() for _ in range(RACERS)]
        for racer in cls.racers:
            cls.held.callback(racer.close)
        cls.db = cls.racers[0]
        cls.db.tables(TABLES)

    @classmethod
    def tearDownClass(cls):
        cls.held.close()

    def put(self, **columns) -> dict:
        """A grant that was put: what names it and its code."""
        named = {"grant_id": secrets.token_urlsafe(16), "code_hash": secrets.token_bytes(32)}
        rest = {"lifetime_s": 60, "used": 0, "revoked": 0, "mismatches": 0}
        self.assertEqual(self.db.changed(PUT, **named, **{**rest, **columns}), 1)
        return named

    def written(self, db, grant_id: str, kind: str = "access", lifetime_s: int = 60) -> bytes:
        """A token that was written."""
        given = {"grant_id": grant_id, "token_hash": secrets.token_bytes(32), "kind": kind}
        self.assertEqual(db.changed(WRITE, lifetime_s=lifetime_s, **given), 1)
        return given["token_hash"]

    def family(self, lifetime_s: int = 60, **columns) -> dict:
        """A grant that was claimed, and its refresh token."""
        grant_id = self.put(used=1, **columns)["grant_id"]
        token_hash = self.written(self.db, grant_id, "refresh", lifetime_s)
        return {"grant_id": grant_id, "token_hash": token_hash}

    def state(self, grant_id: str) -> tuple:
        """What a refused statement leaves alone."""
        of = "FROM grants WHERE grant_id = :grant_id"
        row = self.db.ask(f"SELECT used, revoked, mismatches, generation {of}", grant_id=grant_id)
        tokens = "SELECT count(*) FROM tokens WHERE grant_id = :grant_id"
        return tuple(row + self.db.ask(tokens, grant_id=grant_id))

    def claim(self, db, **named) -> int:
        """As the page says: the statement, and the token in the same transaction."""
        db.changed(db.begin)
        rows = db.changed(CLAIM, **named, max_mismatches=MAX_MISMATCHES)
        if rows == 1:
            self.written(db, named["grant_id"])
        db.changed("COMMIT")
        return rows

    def test_of_64_one_claims(self):
        new = self.put()
        rows = at_once(self.racers, lambda db, _: self.claim(db, **new))
        self.assertEqual(sorted(rows), [0] * (RACERS - 1) + [1])
        self.assertEqual(self.state(new["grant_id"]), ((1, 0, 0, 0), (1,)))

    def test_a_claim_needs_each_condition(self):
        other = {"code_hash": secrets.token_bytes(32)}
        for why, new in {
            "another hash": self.put() | other,
            "no grant": self.put() | {"grant_id": "none"},
            "used": self.put(used=1),
            "revoked": self.put(revoked=1),
            "worn out": self.put(mismatches=MAX_MISMATCHES),
            "expired": self.put(lifetime_s=0),
        }.items():
            with self.subTest(why):
                before = self.state(new["grant_id"])
                self.assertEqual(self.claim(self.db, **new), 0)
                self.assertEqual(self.state(new["grant_id"]), before)
        self.assertEqual(self.claim(self.db, **self.put(mismatches=MAX_MISMATCHES - 1)), 1)

    def test_a_crash_leaves_neither(self):
        new = self.put()
        lost = self.connect()
        lost.changed(lost.begin)
        rows = lost.changed(CLAIM, **new, max_mismatches=MAX_MISMATCHES)
        self.written(lost, new["grant_id"])
        lost.close()
        self.assertEqual(rows, 1)
        self.assertEqual(self.claim(self.db, **new), 1)
        self.assertEqual(self.state(new["grant_id"])[1], (1,))

    def test_a_read_before_the_write_lets_64_win(self):
        grant_id = self.put()["grant_id"]

        def naive(db, wait):
            unused = db.ask(READ, grant_id=grant_id) == [(0,)]
            wait()
            if unused:
                db.changed(MARK, grant_id=grant_id)
            return unused

        self.assertEqual(at_once(self.racers, naive), [True] * RACERS)
        # One at a time it is as good as any: that is why nobody notices.
        grant_id = self.put()["grant_id"]
        alone = [naive(db, lambda: None) for db in self.racers]
        self.assertEqual(alone, [True] + [False] * (RACERS - 1))

    def test_of_64_one_refreshes(self):
        old = self.family()
        rows = at_once(self.racers, lambda db, _: db.changed(ROTATE, **old))
        self.assertEqual(sorted(rows), [0] * (RACERS - 1) + [1])
        self.assertEqual(self.state(old["grant_id"])[0][3], 1)
        rotated = "SELECT unixepoch() - rotated_at FROM grants WHERE grant_id = :grant_id"
        self.assertIn(self.db.ask(rotated, grant_id=old["grant_id"])[0][0], range(60))

    def test_a_refresh_needs_each_condition(self):
        good, other = self.family(), self.family()
        access = self.put(used=1)["grant_id"]
        for why, old in {
            "a token of another grant": good | {"grant_id": other["grant_id"]},
            "no token": good | {"token_hash": secrets.token_bytes(32)},
            "an access token": {"grant_id": access, "token_hash": self.written(self.db, access)},
            "expired": self.family(lifetime_s=0),
            "revoked": self.family(revoked=1),
        }.items():
            with self.subTest(why):
                before = self.state(old["grant_id"])
                self.assertEqual(self.db.changed(ROTATE, **old), 0)
                self.assertEqual(self.state(old["grant_id"]), before)
        self.assertEqual(self.db.changed(ROTATE, **good), 1)
        newest = good | {"token_hash": self.written(self.db, good["grant_id"], "refresh")}
        self.assertEqual(self.db.changed(ROTATE, **good), 0)
        self.assertEqual(self.db.changed(ROTATE, **newest), 1)

    def test_of_64_one_shows_a_proof(self):
        name = secrets.token_urlsafe(32)
        rows = at_once(self.racers, lambda db, _: db.changed(REMEMBER, name=name, lifetime_s=60))
        self.assertEqual(sorted(rows), [0] * (RACERS - 1) + [1])
        other = secrets.token_urlsafe(32)
        expired = [self.db.changed(REMEMBER, name=other, lifetime_s=0) for _ in range(2)]
        self.assertEqual(expired, [1, 1])


class OnSqlite(Statements, unittest.TestCase):
    database = staticmethod(sqlite)

    def test_a_transaction_that_reads_first_fails(self):
        """Why it says BEGIN IMMEDIATE: what has read before another wrote cannot write any more."""
        new = self.put()
        reader = self.racers[1]
        reader.changed("BEGIN")
        self.assertEqual(reader.ask(READ, grant_id=new["grant_id"]), [(0,)])
        self.assertEqual(self.claim(self.db, **new), 1)
        with self.assertRaisesRegex(sqlite3.OperationalError, "database is locked"):
            reader.changed(CLAIM, **new, max_mismatches=MAX_MISMATCHES)
        reader.changed("ROLLBACK")


class OnPostgres(Statements, unittest.TestCase):
    database = staticmethod(postgres)

    def test_a_transaction_around_it_does_not_help(self):
        grant_id = self.put()["grant_id"]

        def naive(db, wait):
            db.changed("BEGIN")
            unused = db.ask(READ, grant_id=grant_id) == [(0,)]
            wait()
            if unused:
                db.changed(MARK, grant_id=grant_id)
            db.changed("COMMIT")
            return unused

        self.assertEqual(at_once(self.racers, naive), [True] * RACERS)

    def test_above_read_committed_the_losers_begin_anew(self):
        new = self.put()

        def strict(db, wait):
            db.changed("BEGIN ISOLATION LEVEL REPEATABLE READ")
            db.ask(READ, grant_id=new["grant_id"])
            wait()
            try:
                rows = db.changed(CLAIM, **new, max_mismatches=MAX_MISMATCHES)
            except Refused as error:
                rows = "40001" if "could not serialize access" in str(error) else str(error)
            db.changed("ROLLBACK" if isinstance(rows, str) else "COMMIT")
            if rows == 1:
                return rows
            return rows, db.changed(CLAIM, **new, max_mismatches=MAX_MISMATCHES)

        answers = at_once(self.racers, strict)
        self.assertEqual(answers.count(1), 1)
        self.assertEqual(set(answers) - {1}, {("40001", 0)})


if __name__ == "__main__":
    unittest.main()
