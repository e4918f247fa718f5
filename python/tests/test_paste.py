"""A machine without a browser: an address is shown, and where the browser ended is pasted."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest
from peers import LONG, granted
from proofkey import Client, FixConfiguration, SignInAgain, UserCancelled, _browser, _paste

PROGRAM = """
import asyncio, json, sys
from proofkey import AsyncClient, Client, ProofKeyError

given, way = json.loads(sys.argv[1]), sys.argv[2]
what = sys.argv[3] if len(sys.argv) > 3 else "paste"
try:
    if way == "sync":
        tokens = Client(**given).sign_in(interaction=what)
    else:
        tokens = asyncio.run(AsyncClient(**given).sign_in(interaction=what))
    print("signed in", len(tokens.expose_access_token()), flush=True)
except ProofKeyError as error:
    print(error.code, flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


class Terminal:
    """A program at a terminal, or at two pipes."""

    def __init__(self, given: dict[str, Any], *options: str, pty: bool = True) -> None:
        program = [sys.executable, "-c", PROGRAM, json.dumps(given), *options]
        self.shown = ""
        environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
        if pty:
            self._ours, theirs = os.openpty()
        else:
            theirs, self._into = os.pipe()
            self._ours, out = os.pipe()
        self.child = subprocess.Popen(
            program,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs if pty else out,
            text=True,
            env=environment,
        )
        self.pty = pty
        if pty:
            self._theirs = theirs
            self._into = self._ours
        else:
            os.close(theirs)
            os.close(out)

    def until(self, wanted: str) -> str:
        """What is shown, up to this and with it."""
        while wanted not in self.shown:
            more = os.read(self._ours, 4096).decode()
            assert more, self.shown
            self.shown += more
        seen, _, self.shown = self.shown.partition(wanted)
        return seen + wanted

    def paste(self, text: str) -> None:
        os.write(self._into, text.encode())

    def hang_up(self) -> None:
        os.close(self._into)
        self._into = -1

    def echoes(self) -> bool:
        import termios

        return bool(termios.tcgetattr(self._theirs)[3] & termios.ECHO)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child.poll() is None and _[0] is not None:
            self.child.kill()
        self.child.wait(LONG)
        if self.child.stdout:
            self.child.stdout.close()
        for descriptor in {self._ours, self._into, getattr(self, "_theirs", -1)} - {-1}:
            os.close(descriptor)

    def said(self) -> str:
        assert self.child.stdout is not None
        return self.child.stdout.readline().strip()


@pytest.fixture
def given(address: dict[str, Any]) -> dict[str, Any]:
    return {name: address[name] for name in ("resource", "client_name")}


posix = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
both = pytest.mark.parametrize("way", ["sync", "async"])


def address_in(shown: str) -> str:
    found = re.search(r"\shttps?://\S+", shown)
    assert found, shown
    return found[0].strip()


@posix
@both
def test_at_a_terminal(way: str, given: dict[str, Any]) -> None:
    """Threat "phishing by pasted redirect": the prompt says what must never be sent to anyone. What
    is no redirect of this sign-in is asked for again; what is pasted is not shown."""
    with Terminal(given, way) as terminal:
        shown = terminal.until(_paste.QUESTION)
        assert "never send it to anyone who asks for it" in shown
        redirect = granted(address_in(shown))
        terminal.paste("https://somewhere.example/?code=stolen&state=guessed\r")
        again = terminal.until(_paste.QUESTION)
        assert "Try again" in again and "stolen" not in again
        terminal.paste("\n")
        terminal.until(_paste.QUESTION)
        # Longer than a line that a terminal would put together, and mended while it is typed.
        terminal.paste("x" * 5000 + "\x15" + redirect + "y\x7f\n")
        assert terminal.said() == "signed in 66"
        assert terminal.echoes(), "the terminal was left as it was not found"
        assert "code=" not in again + terminal.shown


@posix
@pytest.mark.parametrize(("way", "key"), [("sync", "\x03"), ("async", "\x03"), ("sync", "\x04")])
def test_the_user_gives_up(way: str, key: str, given: dict[str, Any]) -> None:
    with Terminal(given, way) as terminal:
        terminal.until(_paste.QUESTION)
        if key == "\x03":
            terminal.child.send_signal(signal.SIGINT)
            assert terminal.said() == "interrupted"
        else:
            terminal.paste(key)
            assert terminal.said() == "user_cancelled"
        assert terminal.echoes()


@posix
def test_nobody_pastes(given: dict[str, Any]) -> None:
    with Terminal(given | {"timeout": 1}, "sync") as terminal:
        terminal.until(_paste.QUESTION)
        assert terminal.said() == "redirect_timeout"
        assert terminal.echoes()


@posix
@both
def test_at_a_pipe(way: str, given: dict[str, Any]) -> None:
    with Terminal(given, way, pty=False) as terminal:
        redirect = granted(address_in(terminal.until(_paste.QUESTION)))
        # Both lines at once: the second is kept for the second question.
        terminal.paste(f"nonsense\n{redirect}\n")
        assert "Try again" in terminal.until(_paste.QUESTION)
        assert terminal.said() == "signed in 66"


@posix
def test_a_pipe_that_ends(given: dict[str, Any]) -> None:
    with Terminal(given, "sync", pty=False) as terminal:
        terminal.until(_paste.QUESTION)
        terminal.hang_up()
        assert terminal.said() == "user_cancelled"


@posix
@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a browser")
@pytest.mark.parametrize("pty", [True, False])
def test_auto_asks_at_the_terminal_where_no_browser_is(pty: bool, given: dict[str, Any]) -> None:
    """And where neither is it says so, and what would do."""
    with Terminal(given, "sync", "auto", pty=pty) as terminal:
        if pty:
            redirect = granted(address_in(terminal.until(_paste.QUESTION)))
            terminal.paste(redirect + "\n")
            assert terminal.said() == "signed in 66"
        else:
            assert terminal.said() == "browser_failed"


def test_a_program_without_input(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(FixConfiguration) as caught:
        Client(**given).sign_in(interaction="paste")
    assert caught.value.code == "browser_failed"
    assert "no standard input" in str(caught.value)
    assert address_in(capsys.readouterr().err)


def test_input_that_cannot_be_waited_for(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on Windows: a line at a time."""

    class Lines:
        lines = ("nonsense\n", "")

        def fileno(self) -> int:
            return 0

        def readline(self, most: int) -> str:
            line, *rest = self.lines
            self.lines = tuple(rest)
            return line

    monkeypatch.setattr(sys, "stdin", Lines())
    monkeypatch.setattr(_paste, "_is_posix", lambda: False)
    with pytest.raises(UserCancelled):
        Client(**given).sign_in(interaction="paste")
    assert "Try again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "there"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"BROWSER": "firefox"}, True),
    ],
)
def test_whether_there_is_a_browser(
    environment: dict[str, str], there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _browser.is_there(None) is there
    assert _browser.is_there("firefox") and _browser.is_there(print)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert _browser.is_there(None)


def test_a_resumed_sign_in_can_be_pasted(
    address: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It asks for the end of an address that an earlier run has shown."""
    monkeypatch.setattr(sys, "stdin", None)
    client = Client(**address)
    with pytest.raises(SignInAgain) as caught:
        client.resume(interaction="paste")
    assert caught.value.code == "nothing_pending"
    assert capsys.readouterr().err == ""
