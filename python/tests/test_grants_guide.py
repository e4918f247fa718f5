"""The SQL of docs/grants.md is what it says: a store made of it passes the public suite."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import ROOT
from proofkey.server import Grant, GrantRow, NewGrant, NewToken, Rotation, Terms, TokenRow, testing

BLOCKS = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "grants.md").read_text("utf-8"), re.S)
CLAIM, TABLES, ROTATE, REMEMBER = BLOCKS
COLUMNS = [field.name for field in dataclasses.fields(Grant) if field.name != "terms"]
TERMS = [field.name for field in dataclasses.fields(Terms)]
FLAGS = ("redirect_uri_was_sent", "refreshable")


class GuideStore:
    """The guide's statements, over SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        cursor = self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def put(self, grant: NewGrant) -> bool:
        row = {**dataclasses.asdict(grant.grant), "code_hash": grant.code_hash}
        row |= row.pop("terms")
        names = ", ".join(row)
        places = ", ".join(f":{name}" for name in row)
        statement = (
            f"INSERT INTO grants ({names}, expires_at) VALUES ({places}, unixepoch() + :lifetime)"
            " ON CONFLICT DO NOTHING"
        )
        with self._writing() as cursor:
            cursor.execute(statement, {**row, "lifetime": grant.lifetime_s})
            return cursor.rowcount == 1

    def find(self, grant_id: str, code_hash: bytes) -> tuple[GrantRow | None, int]:
        found = self._connection.execute(
            "SELECT *, unixepoch() AS now FROM grants WHERE grant_id = ? AND code_hash = ?",
            (grant_id, code_hash),
        ).fetchone()
        if found is None:
            return None, 0
        row = GrantRow(
            grant=grant_of(found),
            expires_at=found["expires_at"],
            used=bool(found["used"]),
            revoked=bool(found["revoked"]),
            mismatches=found["mismatches"],
        )
        return row, found["now"]

    def claim(
        self, grant_id: str, code_hash: bytes, max_mismatches: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        given = {"grant_id": grant_id, "code_hash": code_hash, "max_mismatches": max_mismatches}
        with self._writing() as cursor:
            claimed = cursor.execute(CLAIM, given).rowcount == 1
            if claimed:
                write(cursor, grant_id, tokens)
        return claimed

    def rotate(
        self, grant_id: str, token_hash: bytes, reuse_window_s: int, tokens: tuple[NewToken, ...]
    ) -> bool:
        given = {"grant_id": grant_id, "token_hash": token_hash, "window": reuse_window_s}
        with self._writing() as cursor:
            begun = cursor.execute(ROTATE, given).rowcount == 1
            spared = cursor.execute(
                "SELECT 1 FROM grants g JOIN tokens t USING (grant_id) WHERE grant_id = :grant_id"
                " AND t.token_hash = :token_hash AND t.kind = 'refresh' AND g.revoked = 0"
                " AND t.expires_at > unixepoch() AND g.generation = t.generation + 1"
                " AND g.rotated_at <= unixepoch() AND unixepoch() - g.rotated_at < :window",
                given,
            ).fetchone()
            if begun or spared:
                write(cursor, grant_id, tokens)
        return begun or spared is not None

    def count(self, grant_id: str) -> None:
        with self._writing() as cursor:
            cursor.execute(
                "UPDATE grants SET mismatches = mismatches + 1 WHERE grant_id = ?", (grant_id,)
            )

    def revoke(self, grant_id: str) -> None:
        with self._writing() as cursor:
            cursor.execute("UPDATE grants SET revoked = 1 WHERE grant_id = ?", (grant_id,))

    def find_token(self, grant_id: str, token_hash: bytes) -> tuple[TokenRow | None, int]:
        found = self._connection.execute(
            "SELECT g.*, t.kind, t.expires_at AS ends, t.scope AS narrow, t.generation AS own,"
            " t.dpop_jkt AS bound, unixepoch() AS now FROM tokens t JOIN grants g USING (grant_id)"
            " WHERE grant_id = ? AND token_hash = ?",
            (grant_id, token_hash),
        ).fetchone()
        if found is None:
            return None, 0
        place = (found["kind"], found["own"], found["generation"], found["rotated_at"])
        row = TokenRow(
            kind=found["kind"],
            expires_at=found["ends"],
            revoked=bool(found["revoked"]),
            grant=grant_of(found),
            rotation=Rotation.of(*place),
            scope=found["narrow"],
            dpop_jkt=found["bound"],
        )
        return row, found["now"]

    def remember(self, name: str, lifetime_s: int) -> bool:
        with self._writing() as cursor:
            cursor.execute(REMEMBER, {"name": name, "lifetime_s": lifetime_s})
            return cursor.rowcount == 1


def write(cursor: sqlite3.Cursor, grant_id: str, tokens: tuple[NewToken, ...]) -> None:
    cursor.executemany(
        "INSERT INTO tokens (token_hash, kind, expires_at, scope, dpop_jkt, grant_id, generation)"
        " SELECT ?, ?, unixepoch() + ?, ?, ?, grant_id, generation FROM grants WHERE grant_id = ?",
        [
            (one.token_hash, one.kind, one.lifetime_s, one.scope, one.dpop_jkt, grant_id)
            for one in tokens
        ],
    )


def grant_of(row: sqlite3.Row) -> Grant:
    values: dict[str, Any] = {name: row[name] for name in COLUMNS}
    flags = {name: bool(values[name]) for name in FLAGS}
    return Grant(**{**values, **flags}, terms=Terms(**{name: row[name] for name in TERMS}))


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=OFF")
        yield connection
    finally:
        connection.close()


def test_the_statements_of_the_guide_keep_their_promises(tmp_path: Path) -> None:
    """P24, P27"""
    path = tmp_path / "grants.sqlite3"

    @contextmanager
    def store() -> Iterator[GuideStore]:
        with opened(path) as connection:
            yield GuideStore(connection)

    with opened(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(TABLES)
    testing.check_store(store)


def test_the_guide_has_what_the_example_does() -> None:
    """The columns of the guide are those of `proofkey.server.Grant`, and more."""
    named = set(re.findall(r"^    (\w+) ", TABLES, re.M))
    assert {*COLUMNS, *TERMS, "code_hash", "used", "revoked", "mismatches", "token_hash"} <= named
