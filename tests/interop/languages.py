#!/usr/bin/env python3
"""Whole sign-ins from every language but Rust against npm oidc-provider, which others wrote.

usage: languages.py LANGUAGE=COMMAND...  COMMAND runs the language's example, built, which takes the
                                         same arguments and says the same as
                                         bindings/c/examples/sign_in.c; this Python has the
                                         package proofkey

The last line is "N passed, N failed". The same from Rust: rust/tests/interop_oidc_provider.rs. What
comes after a sign-in is in access.py.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from browser import Browser, InProcess
from harness import DEADLINE, Server, browser_program, examples, run, same, served
from proofkey import AsyncClient, Client, ProofKeyError, TokenSet, UserCancelled

CLIENT = "proofkey-agent"
OTHER = "https://other.example"


class Tests:
    """Each method ``test_…`` is one test, each ``example_…`` one for every language's example."""

    def __init__(self, server: Server, examples: dict[str, list[str]], folder: Path) -> None:
        self.server, self.issuer, self.resource = server, server.issuer, server.resource
        self.examples, self.folder = examples, folder

    def _settings(self, **more: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.server.authorization_endpoint,
            "token_endpoint": self.server.token_endpoint,
            "client_id": CLIENT,
            "iss_promised": True,
            "timeout": DEADLINE,
            **more,
        }

    def _sync(self, *, denies: bool = False, **more: Any) -> TokenSet:
        browser = InProcess(denies=denies)
        with Client(**self._settings(browser=browser, **more)) as client:
            tokens = client.sign_in()
        browser.done()
        return tokens

    def _async(self, *, denies: bool = False, **more: Any) -> TokenSet:
        browser = InProcess(denies=denies)

        async def run() -> TokenSet:
            async with AsyncClient(**self._settings(browser=browser, **more)) as client:
                return await asyncio.wait_for(client.sign_in(), 2 * DEADLINE)

        tokens = asyncio.run(run())
        browser.done()
        return tokens

    def _opens_userinfo(self, tokens: TokenSet) -> None:
        same(list(tokens.scopes), ["openid"])
        same(tokens.issuer, self.issuer)
        token = tokens.expose_access_token()
        answer = Browser().get(f"{self.issuer}/me", token=token)
        same((answer.status, json.loads(answer.body)["sub"]), (200, "alice"))
        # The server checks the token, and the resource for whom it is.
        same(Browser().get(f"{self.issuer}/me", token=token[:-1]).status, 401)
        same(Browser().get(self.resource, token=token).status, 401)

    def _opens_the_resource(self, tokens: TokenSet) -> None:
        same((list(tokens.scopes), tokens.resource), (["notes.read"], self.resource))
        answer = Browser().get(self.resource, token=tokens.expose_access_token())
        same((answer.status, json.loads(answer.body)), (200, self._notes()))

    def _notes(self) -> dict[str, str]:
        return {
            "subject": "alice",
            "client": CLIENT,
            "scope": "notes.read",
            "grant": "authorization_code",
        }

    def _refused(self, sign_in: Callable[..., TokenSet], **more: Any) -> ProofKeyError:
        try:
            sign_in(scopes=["openid"], **more)
        except ProofKeyError as error:
            return error
        raise AssertionError("the sign-in was not refused")

    def test_python_sync_signs_in_and_the_token_opens_userinfo(self) -> None:
        # P3, P4, P6, P8, P10, P13
        self._opens_userinfo(self._sync(scopes=["openid"]))

    def test_python_async_signs_in_and_the_token_opens_userinfo(self) -> None:
        # P3, P4, P6, P8, P10, P13
        self._opens_userinfo(self._async(scopes=["openid"]))

    def test_python_sync_gets_a_token_for_a_resource(self) -> None:
        # P15
        self._opens_the_resource(self._sync(scopes=["notes.read"], resource=self.resource))

    def test_python_async_gets_a_token_for_a_resource(self) -> None:
        # P15
        self._opens_the_resource(self._async(scopes=["notes.read"], resource=self.resource))

    def test_python_a_no_of_the_user_is_user_cancelled(self) -> None:
        # P6: the state is checked on errors too; P8: so is iss
        for sign_in in (self._sync, self._async):
            error = self._refused(sign_in, denies=True)
            same((type(error), error.code), (UserCancelled, "access_denied"))

    def test_python_another_issuer_than_the_pinned_one_is_a_mix_up(self) -> None:
        # P8; not even a slash: issuers are never normalized
        for sign_in in (self._sync, self._async):
            for issuer in (OTHER, f"{self.issuer}/"):
                same(self._refused(sign_in, issuer=issuer).code, "issuer_mismatch")

    def _example(
        self, language: str, *, issuer: str | None = None, denies: bool = False
    ) -> tuple[int, str, str]:
        """Runs an example: its exit status, standard output and standard error."""
        browser = browser_program(self.folder, denies=denies)
        endpoints = (self.server.authorization_endpoint, self.server.token_endpoint)
        said = subprocess.run(
            [
                *self.examples[language],
                *(issuer or self.issuer, *endpoints, CLIENT, self.resource, "notes.read"),
            ],
            env={**os.environ, "BROWSER": browser},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        return said.returncode, said.stdout, said.stderr

    def example_signs_in_and_the_token_opens_the_resource(self, language: str) -> None:
        # P3, P4, P6, P8, P10, P13, P15
        status, out, err = self._example(language)
        same((status, err), (0, ""))
        code, _, body = out.partition(" ")
        same((code, json.loads(body)), ("200", self._notes()))

    def _refused_as_in_python(self, language: str, **more: Any) -> None:
        error = self._refused(self._sync, **more)
        message = str(error).removesuffix(f". {error.advice}")
        same(self._example(language, **more), (1, "", f"{message}\n{error.advice}\n"))

    def example_a_no_of_the_user_is_the_error_that_it_is_in_python(self, language: str) -> None:
        # P6, P8
        self._refused_as_in_python(language, denies=True)

    def example_another_issuer_is_the_error_that_it_is_in_python(self, language: str) -> None:
        # P8
        self._refused_as_in_python(language, issuer=OTHER)

    def all(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test with its name."""
        for name in vars(Tests):
            if name.startswith("test_"):
                yield name.removeprefix("test_"), getattr(self, name)
        for language in self.examples:
            for name in vars(Tests):
                if name.startswith("example_"):
                    what = f"{language} {name.removeprefix('example_')}"
                    yield what, functools.partial(getattr(self, name), language)


def main() -> int:
    commands = examples(sys.argv[1:])
    if not commands:
        raise SystemExit("the examples are missing; tests/run interop builds them")
    with served("oidc_provider") as server, tempfile.TemporaryDirectory() as folder:
        return run(Tests(server, commands, Path(folder)).all())


sys.exit(main())
