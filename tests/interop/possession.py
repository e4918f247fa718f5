#!/usr/bin/env python3
"""Pushed requests, bound tokens, device codes and who has signed in, by the program `proofkey` at
npm oidc-provider, which others wrote.

usage: possession.py PROGRAM

The last line is "N passed, N failed". More of the same from Rust: rust/tests/interop_possession.rs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from browser import Browser
from harness import DEADLINE, Server, run, same, served
from signers import BRIEF, CLIENT, Program, output

# It gets bound tokens alone.
BOUND = "proofkey-bound"
# Its ID tokens are signed by ES256.
ES256 = "proofkey-es256"


class Tests:
    """Each method ``test_…`` is one test."""

    def __init__(self, server: Server, strict: Server, program: str, folder: Path) -> None:
        self.folder, self.command = folder, [program]
        self.program = Program(self.command)
        # The sign-in to the issuer itself; what must be pushed; and the resource for bound tokens.
        self.issuer = replace(server, resource=server.issuer)
        self.strict = strict
        self.bound = replace(strict, resource=strict.bound_resource or "")

    def store(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    def _status(self, server: Server, store: Path) -> dict[str, Any]:
        (entry,) = json.loads(output(self.program.run(server, store, "status", "--json")))[
            "signed_in"
        ]
        return entry

    def _fetched(self, store: Path, *options: str) -> dict[str, str]:
        return json.loads(output(self.program.run(self.bound, store, "fetch", *options)))

    def test_a_request_that_must_be_pushed_is(self) -> None:
        # P15 (RFC 9126 §4): this server refuses any other
        store = self.store()
        self.program.sign_in(self.strict, store, "--client-id", CLIENT)
        token = self.program.token(self.strict, store)
        same(Browser().get(self.strict.resource, token=token).status, 200)
        same(self._status(self.strict, store)["token_type"], "Bearer")

    def test_a_bound_token_reads_with_proofs_of_its_key_alone(self) -> None:
        # P15 (RFC 9449): the server and the resource each want nonces of their own
        store = self.store()
        self.program.sign_in(self.bound, store, "--dpop", "--client-id", BOUND)
        read = self._fetched(store, "--client-id", BOUND)
        same((read["subject"], read["client"]), ("alice", BOUND))
        same(self._status(self.bound, store)["token_type"], "DPoP")
        # What it prints is worth nothing without the key, and it says so.
        said = self.program.run(self.bound, store, "token", "--client-id", BOUND)
        same(("bound to a key" in said.stderr, said.returncode), (True, 0))
        same(Browser().get(self.bound.resource, token=said.stdout.strip()).status, 401)

    def test_a_bound_token_is_refreshed_and_revoked(self) -> None:
        # P14, P15 (RFC 9449 §5), RFC 7009: the code's token lives for a second
        store = self.store()
        self.program.sign_in(self.bound, store, "--dpop", "--client-id", BRIEF)
        end = time.monotonic() + DEADLINE
        while self._fetched(store)["grant"] != "refresh_token":
            same(time.monotonic() < end, True)
        same(self._status(self.bound, store)["token_type"], "DPoP")
        same(self.program.sign_out(self.bound, store), True)
        said = self.program.run(self.bound, store, "fetch")
        same((said.returncode, "sign_in_required" in said.stderr), (1, True))

    def _by_device(self, store: Path, user: Browser) -> tuple[int, list[dict[str, Any]], str]:
        """Exit status, the lines of JSON, and what stood on stderr."""
        options = [
            "--device",
            "--dpop",
            "--json",
            "--scope",
            "openid",
            "--client-id",
            ES256,
        ]
        with subprocess.Popen(
            [*self.command, "login", *options, "--issuer", self.issuer.issuer],
            env={**os.environ, "PROOFKEY_STORE": str(store)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            try:
                first = child.stdout.readline()
                shown = json.loads(first)["device"]
                user.enter_code(shown["verification_uri_complete"])
                out, err = child.communicate(timeout=DEADLINE)
            except BaseException:
                child.kill()
                raise
        same(shown["user_code"] in err and shown["verification_uri"] in err, True)
        return child.returncode, [json.loads(line) for line in out.splitlines()], err

    def test_a_device_code_signs_its_user_in_and_it_is_known_who(self) -> None:
        # P15 (RFC 8628), P16
        store = self.store()
        status, lines, _ = self._by_device(store, Browser())
        same((status, len(lines)), (0, 1))
        entry = self._status(self.issuer, store)
        same((entry["token_type"], entry["identity"]["subject"]), ("DPoP", "alice"))
        said = output(
            self.program.run(self.issuer, store, "logout", "--json", "--client-id", ES256)
        )
        out = json.loads(said)
        same((out["signed_out"], out["revoked"]), (True, True))
        same(out["end_session_endpoint"], f"{self.issuer.issuer}/session/end")

    def test_a_no_at_the_device_page_is_access_denied(self) -> None:
        # P15 (RFC 8628 §3.5)
        status, lines, err = self._by_device(self.store(), Browser(denies=True))
        same(status, 1)
        same("access_denied" in err or "access_denied" in str(lines), True)

    def all(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test with its name."""
        for name in vars(Tests):
            if name.startswith("test_"):
                yield name.removeprefix("test_"), getattr(self, name)


def main() -> int:
    (program,) = sys.argv[1:]
    with (
        served("oidc_provider") as server,
        served("oidc_provider", "strict") as strict,
        tempfile.TemporaryDirectory() as folder,
    ):
        return run(Tests(server, strict, program, Path(folder)).all())


sys.exit(main())
