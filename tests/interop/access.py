#!/usr/bin/env python3
"""What comes after a sign-in, at three authorization servers that others wrote: the token that is
refreshed when it has expired, and the sign-out. By the program, by Python, and by other languages.

usage: access.py PROGRAM [LANGUAGE.sign_in=COMMAND LANGUAGE.token=COMMAND...]

PROGRAM is the program `proofkey`. A COMMAND runs a language's example, built, which keeps its
tokens in the store that PROOFKEY_STORE names: it signs in by the browser that BROWSER names, or it
prints the access token. Its words RESOURCE and CLIENT are replaced. This Python has the package
proofkey. The last line is "N passed, N failed".
"""

from __future__ import annotations

import functools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from browser import Browser
from harness import DEADLINE, Kept, Server, kept, run, same, served
from signers import BRIEF, CLIENT, AsyncPython, Example, Program, Python, Signer

SERVERS = ("oidc_provider", "authlib", "mcp")


def read(server: Server, token: str) -> dict[str, str] | None:
    """What the resource says to this token, or None where it refuses it."""
    answer = Browser().get(server.notes, token=token)
    if answer.status == 401:
        return None
    same(answer.status, 200)
    return json.loads(answer.body)


def refreshed(signer: Signer, server: Server, store: Path) -> str:
    """The token that came by a refresh. What this client got for its code ends within the second
    that it takes to get here."""
    last = ""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        token = signer.token(server, store)
        if token == last:
            continue
        last = token
        about = read(server, token)
        # None: the server's clock was first.
        if about is not None and about["grant"] == "refresh_token":
            same((about["subject"], about["scope"]), ("alice", "notes.read"))
            return token
    raise AssertionError("the token was not refreshed")


class Tests:
    """Each method ``test_…`` is one test at each server; each ``signer_…`` is one for each way to
    sign in as well."""

    def __init__(self, program: str, languages: dict[str, Kept], folder: Path) -> None:
        self.folder = folder
        self.program = Program([program])
        self.signers: dict[str, Signer] = {
            "the program": self.program,
            "python sync": Python(),
            "python async": AsyncPython(),
            **{name: Example(commands, self.program) for name, commands in languages.items()},
        }

    def store(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    def signer_signs_in_refreshes_and_signs_out(self, server: Server, name: str) -> None:
        # P14, P15; M1, M2, M6, M7: no address but the resource's is given
        signer, store = self.signers[name], self.store()
        signer.sign_in(server, store)
        token = refreshed(signer, server, store)
        # All languages share the store, so the program has the same.
        same(self.program.token(server, store), token)
        same(signer.token(server, store), token)
        # RFC 7009: what the server has revoked opens nothing any more.
        same(signer.sign_out(server, store), server.revokes)
        same(read(server, token) is None, server.revokes)
        same(self.program.refusal(server, store), "sign_in_required")

    def test_the_program_registers_itself_and_keeps_its_registration(self, server: Server) -> None:
        # M4: two of these servers compare the port of the redirect URI as well
        store = self.store()
        tokens, clients = set(), set()
        for _ in range(2):
            self.program.sign_in(server, store, "--client-name", BRIEF)
            token = refreshed(self.program, server, store)
            about = read(server, token)
            assert about is not None
            tokens.add(token)
            clients.add(about["client"])
        same((len(tokens), len(clients), clients & {BRIEF, CLIENT}), (2, 1, set()))

    def test_a_no_of_the_user_is_access_denied_in_the_program(self, server: Server) -> None:
        # P6, P8
        store = self.store()
        said = self.program.run(server, store, "login", "--client-id", CLIENT, denies=True)
        same((said.returncode, said.stdout), (1, ""))
        same(said.stderr.strip().splitlines()[-1].split(": ")[:2], ["proofkey", "access_denied"])
        same(self.program.refusal(server, store), "sign_in_required")

    def all(self, server: Server) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test at this server with its name."""
        for name in vars(Tests):
            kind, _, what = name.partition("_")
            if kind == "test":
                yield f"{server.name}: {what}", functools.partial(getattr(self, name), server)
            if kind == "signer":
                for signer in self.signers:
                    test = functools.partial(getattr(self, name), server, signer)
                    yield f"{server.name}: {signer} {what}", test


def main() -> int:
    program, *commands = sys.argv[1:]
    languages = kept(commands)

    def all_servers() -> Iterator[tuple[str, Callable[[], None]]]:
        with tempfile.TemporaryDirectory() as folder:
            tests = Tests(program, languages, Path(folder))
            for name in SERVERS:
                with served(name) as server:
                    yield from tests.all(server)

    return run(all_servers())


sys.exit(main())
