"""Connections to the databases that the statements are run on, with nothing but the standard
library and the programs that come with the databases."""

import contextlib
import json
import os
import re
import select
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from page import BEGIN_IN_SQLITE, LIB, spelt
from racing import DEADLINE


class Refused(Exception):
    """The database refuses a statement."""


class Sqlite:
    """One connection."""

    begin = BEGIN_IN_SQLITE

    def __init__(self, path: Path):
        # The connection is made by one thread and used by another.
        self._db = sqlite3.connect(
            path, isolation_level=None, timeout=DEADLINE, check_same_thread=False
        )
        # Nothing here outlives the test, so nothing is flushed.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA foreign_keys = ON")

    def changed(self, sql: str, **values) -> int:
        """How many rows a statement of the page has changed."""
        return self._db.execute(sql, values).rowcount

    def ask(self, sql: str, **values) -> list:
        """The rows of a question."""
        return self._db.execute(sql, values).fetchall()

    def tables(self, sql: str):
        """Makes the tables of the page."""
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(sql)

    def close(self):
        """What is not committed is undone."""
        self._db.close()


@contextlib.contextmanager
def sqlite():
    """A database of its own: gives a function that connects to it."""
    with tempfile.TemporaryDirectory(prefix="proofkey-") as folder:
        yield lambda: Sqlite(Path(folder) / "grants.db")


class Postgres:
    """One session, held by psql: what it is told and what it says goes through pipes."""

    begin = "BEGIN"

    def __init__(self, url: str):
        quiet = ["--no-psqlrc", "--no-align", "--tuples-only", "--field-separator=\t"]
        command, pipe = ["psql", *quiet, url], subprocess.PIPE
        self._psql = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)
        self._count = 0

    def _run(self, sql: str, values: dict) -> list:
        """What psql says to a statement, line by line: rows, and then a word and a count."""
        self._count += 1
        end = f"end of {self._count}"
        whole = f"{_filled(spelt(sql, 'PostgreSQL'), values).rstrip().rstrip(';')};\n\\echo {end}\n"
        self._psql.stdin.write(whole.encode())
        self._psql.stdin.flush()
        said, until = b"", time.monotonic() + DEADLINE
        while not said.endswith(f"{end}\n".encode()):
            ready, _, _ = select.select([self._psql.stdout], [], [], until - time.monotonic())
            part = os.read(self._psql.stdout.fileno(), 65536) if ready else b""
            if not part:
                raise AssertionError(f"psql says nothing more after: {said.decode()}")
            said += part
        lines = said.decode().splitlines()[:-1]
        if any("ERROR:" in line for line in lines):
            raise Refused("\n".join(lines))
        return lines

    def changed(self, sql: str, **values) -> int:
        """How many rows a statement of the page has changed."""
        last = self._run(sql, values)[-1].split()
        return int(last[-1]) if last[-1].isdigit() else 0

    def ask(self, sql: str, **values) -> list:
        """The rows of a question; numbers are numbers."""
        rows = (line.split("\t") for line in self._run(sql, values))
        return [tuple(int(cell) if cell.isdigit() else cell for cell in row) for row in rows]

    def tables(self, sql: str):
        """Makes the tables of the page."""
        self._run(sql, {})

    def close(self):
        """What is not committed is undone: the session ends in its midst."""
        self._psql.kill()
        self._psql.wait(DEADLINE)
        self._psql.stdin.close()
        self._psql.stdout.close()


def _filled(sql: str, values: dict) -> str:
    """A statement with its values in it: two colons are PostgreSQL's, one is a value's."""

    def literal(found):
        value = values[found[1]]
        if isinstance(value, bytes):
            return rf"'\x{value.hex()}'::bytea"
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

    return re.sub(r"(?<!:):([a-z_]+)", literal, sql)


@contextlib.contextmanager
def private(kind: str):
    """A server of the test's own: what it says of itself."""
    command = [sys.executable, LIB / "private_database.py", kind]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        try:
            # It says nothing where it cannot begin, and ends.
            yield json.loads(server.stdout.readline())
        finally:
            server.stdin.close()
            server.wait(DEADLINE)


@contextlib.contextmanager
def postgres():
    """A server of its own: gives a function that connects to it."""
    with private("postgres") as said:
        yield lambda: Postgres(said["url"])


class Redis:
    """One connection, in the protocol's second version (RESP2)."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self._answers = self._socket.makefile("rb")

    def __call__(self, *words):
        """The answer to a command: bytes, a number, a list or None."""
        words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        sent = b"*%d\r\n" % len(words)
        sent += b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self._socket.sendall(sent)
        return self._answer()

    def _answer(self):
        line = self._answers.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._answers.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self._answer() for _ in range(int(rest))]
        raise Refused(line.decode())

    def close(self):
        """Ends it."""
        self._answers.close()
        self._socket.close()


@contextlib.contextmanager
def redis():
    """A server of its own: gives a function that connects to it."""
    with private("redis") as said:
        yield lambda: Redis(said["port"])
