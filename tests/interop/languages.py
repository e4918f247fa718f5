#!/usr/bin/env python3
"""Whole sign-ins from every language but Rust against npm oidc-provider, which others wrote.

usage: languages.py LANGUAGE=COMMAND...  COMMAND runs the language's example, built, which takes the
                                         same arguments and says the same as
                                         bindings/c/examples/sign_in.c; this Python has the
                                         package proofkey
       languages.py --browser URL        a browser whose user says yes; with --deny: says no

The last line is "N passed, N failed". The same from Rust: rust/tests/interop_oidc_provider.rs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import http.cookiejar
import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # The browser runs without it.
    from proofkey import ProofKeyError, TokenSet

# In seconds. Each is what a hang would end in; a browser gives up before the one who waits for it.
BROWSER_DEADLINE = 30
DEADLINE = 60

CLIENT = "proofkey-agent"
OTHER = "https://other.example"


@dataclass
class Answer:
    status: int
    location: str
    body: str


class Stay(urllib.request.HTTPRedirectHandler):
    """Every redirect is looked at before it is followed."""

    def redirect_request(self, *_: object) -> None:
        return None


class Page(HTMLParser):
    """The form of a page, and what it asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = self.prompt = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form" and not self.action:
            self.action = named.get("action") or ""
        if tag == "input" and named.get("name") == "prompt":
            self.prompt = named.get("value") or ""


class Browser:
    """A browser with a cookie jar and a user, who answers the two forms of oidc-provider."""

    def __init__(self, *, denies: bool = False) -> None:
        self._denies = denies
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            Stay,
        )

    def get(self, url: str, *, token: str | None = None) -> Answer:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._send(urllib.request.Request(url, headers=headers))

    def _post(self, url: str, **form: str) -> Answer:
        return self._send(urllib.request.Request(url, urllib.parse.urlencode(form).encode()))

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            answer = self._opener.open(request, timeout=BROWSER_DEADLINE)
        except urllib.error.HTTPError as error:
            answer = error  # Every status but 2xx.
        with answer:
            body = answer.read().decode()
            return Answer(answer.status, answer.headers.get("Location", ""), body)

    def sign_in(self, url: str) -> str:
        """From the authorization URL to the redirect that goes back to the program."""
        redirect_uri = parameter(url, "redirect_uri")
        parts = urllib.parse.urlsplit(url)
        issuer = f"{parts.scheme}://{parts.netloc}"
        answer = self.get(url)
        for _ in range(20):
            if 300 <= answer.status < 400:
                url = urllib.parse.urljoin(url, answer.location)
                if url.startswith(redirect_uri):
                    # RFC 9207: this server promises it, on success and on errors.
                    same(parameter(url, "iss"), issuer)
                    return url
                if not url.startswith(f"{issuer}/"):
                    raise AssertionError(f"the browser was sent to {url}")
                answer = self.get(url)
                continue
            page = Page(answer.body)
            if page.prompt == "login":
                answer = self._post(page.action, prompt="login", login="alice", password="x")
            elif page.prompt == "consent" and self._denies:
                answer = self.get(f"{page.action}/abort")
            elif page.prompt == "consent":
                answer = self._post(page.action, prompt="consent")
            else:
                raise AssertionError(f"neither form nor redirect: {answer}")
        raise AssertionError("the sign-in goes round in circles")

    def finish(self, location: str) -> None:
        """Brings the redirect to the program."""
        same(self.get(location).status, 200)


class InProcess(Browser):
    """A browser as a function of the program that signs in. What goes wrong at the server is an
    exception of `sign_in` at once; the program only listens when the function has returned."""

    def __call__(self, url: str) -> None:
        location = self.sign_in(url)
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._finish, args=(location,), daemon=True)
        self._thread.start()

    def _finish(self, location: str) -> None:
        try:
            self.finish(location)
        except BaseException as problem:
            self.problem = problem

    def done(self) -> None:
        """The user saw the program's page."""
        self._thread.join(BROWSER_DEADLINE)
        same(self._thread.is_alive(), False)
        if self.problem is not None:
            raise self.problem


def parameter(url: str, name: str) -> str:
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)[name][0]


def same(got: object, expected: object) -> None:
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


@contextlib.contextmanager
def served() -> Iterator[dict[str, str]]:
    """The running server: what it says of itself. It ends when its standard input does."""
    start = Path(__file__).with_name("serve")
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    child = subprocess.Popen([start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None and child.stdout is not None
    stdout = child.stdout

    def read() -> None:
        # To the end: a pipe without a reader would end the server.
        for line in stdout:
            lines.put(line)
        lines.put("")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while not (line := lines.get(timeout=DEADLINE)).startswith("{"):
            if not line:
                raise RuntimeError("the server ended; its message is above")
        yield json.loads(line)
    finally:
        child.stdin.close()
        try:
            child.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        reader.join(DEADLINE)
        stdout.close()


class Tests:
    """Each method ``test_…`` is one test, each ``example_…`` one for every language's example."""

    def __init__(
        self, server: dict[str, str], examples: dict[str, list[str]], folder: Path
    ) -> None:
        self.issuer, self.resource = server["issuer"], server["resource"]
        self.examples, self.folder = examples, folder

    def _settings(self, **more: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "client_id": CLIENT,
            "iss_promised": True,
            "timeout": DEADLINE,
            **more,
        }

    def _sync(self, *, denies: bool = False, **more: Any) -> TokenSet:
        from proofkey import Client

        browser = InProcess(denies=denies)
        with Client(**self._settings(browser=browser, **more)) as client:
            tokens = client.sign_in()
        browser.done()
        return tokens

    def _async(self, *, denies: bool = False, **more: Any) -> TokenSet:
        from proofkey import AsyncClient

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
        return {"subject": "alice", "client": CLIENT, "scope": "notes.read"}

    def _refused(self, sign_in: Callable[..., TokenSet], **more: Any) -> ProofKeyError:
        from proofkey import ProofKeyError

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
        from proofkey import UserCancelled

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
        me = [sys.executable, str(Path(__file__).resolve()), *(["--deny"] if denies else [])]
        browser = self.folder / "browser"
        browser.write_text(f'#!/bin/sh\nexec {shlex.join(me)} --browser "$1"\n')
        browser.chmod(0o700)
        endpoints = (f"{self.issuer}/auth", f"{self.issuer}/token")
        said = subprocess.run(
            [
                *self.examples[language],
                *(issuer or self.issuer, *endpoints, CLIENT, self.resource, "notes.read"),
            ],
            env={**os.environ, "BROWSER": str(browser)},
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


def run(examples: dict[str, list[str]]) -> int:
    passed = failed = 0
    with served() as server, tempfile.TemporaryDirectory() as folder:
        for name, test in Tests(server, examples, Path(folder)).all():
            what = name.replace("_", " ")
            try:
                test()
            except Exception as problem:
                failed += 1
                print(f"FAILED  {what}", flush=True)
                traceback.print_exc()
                # What a program said before it had to be ended.
                said = getattr(problem, "stderr", None)
                print(said or "", end="", file=sys.stderr)
            else:
                passed += 1
                print(f"ok      {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Sign-ins from many languages at oidc-provider.")
    parser.add_argument("--browser", metavar="URL", help="be the browser: sign in there")
    parser.add_argument("--deny", action="store_true", help="the browser's user says no")
    parser.add_argument("example", nargs="*", metavar="LANGUAGE=COMMAND", help="an example, built")
    arguments = parser.parse_args()
    if arguments.browser is not None:
        signal.alarm(BROWSER_DEADLINE)
        browser = Browser(denies=arguments.deny)
        browser.finish(browser.sign_in(arguments.browser))
        return 0
    examples = {}
    for example in arguments.example:
        language, _, command = example.partition("=")
        examples[language] = shlex.split(command)
        if not examples[language]:
            parser.error(f"{example!r} is not LANGUAGE=COMMAND; tests/run interop builds them")
    if not examples:
        parser.error("the examples are missing; tests/run interop builds them")
    return run(examples)


sys.exit(main())
