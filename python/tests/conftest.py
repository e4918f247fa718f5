"""A development server, browsers without a window, and servers that misbehave."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import memory
import pytest
from peers import LONG, NO_PROXY, visit

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("PROOFKEY_TARGET", ROOT / "target"))
PROGRAM = os.environ.get("PROOFKEY_PROGRAM", str(TARGET / "debug" / "proofkey"))
"""The program `proofkey`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name == memory.TEST)


@pytest.fixture(scope="session", autouse=True)
def flat(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str] | None]:
    """The process of `memory`, if the test that looks at it was chosen."""
    if not any(item.name == memory.TEST for item in request.session.items):
        yield None
        return
    with memory.begin() as child:
        yield child
        child.kill()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a browser nor a proxy of the machine takes part."""
    for name in ("BROWSER", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def server() -> Iterator[dict[str, Any]]:
    """`proofkey serve --auto-approve`: what its ready line says."""
    with serving() as ready:
        yield ready


@pytest.fixture(scope="session")
def strict_server() -> Iterator[dict[str, Any]]:
    """One that takes pushed requests and bound tokens alone, with its own nonces."""
    with serving(
        "--require-par", "--require-dpop", "--dpop-nonce", "--device-interval", "0"
    ) as ready:
        yield ready


@contextmanager
def serving(*options: str) -> Iterator[dict[str, Any]]:
    """A development server with these options."""
    process = subprocess.Popen(
        [PROGRAM, "serve", "--auto-approve", "--json", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        if process.stdout is None:
            raise AssertionError("no pipe")
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture
def address(server: dict[str, Any]) -> dict[str, Any]:
    """What a program knows that is told an address alone."""
    return {
        "resource": server["resource"],
        "client_name": "The tests",
        "timeout": 60,
        "browser": browser,
    }


class Clock:
    """The clock that the package looks at; the server has its own."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._time = time.time

    def now(self) -> float:
        return self._time() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves the clock instead of waiting."""
    made = Clock()
    monkeypatch.setattr(time, "time", made.now)
    return made


class Counters:
    """What has arrived at the development server since this was made."""

    def __init__(self, server: dict[str, Any]) -> None:
        self._url = server["counters"]
        self._before = self._read()

    def of(self, kind: str) -> int:
        """How many token requests of this kind."""
        return self._read().get(kind, 0) - self._before.get(kind, 0)

    def _read(self) -> dict[str, int]:
        with NO_PROXY.open(self._url, timeout=LONG) as answer:
            found: dict[str, int] = json.load(answer).get("token", {}).get("arrived", {})
        return found


@pytest.fixture
def counters(server: dict[str, Any]) -> Counters:
    """Token requests, from here on."""
    return Counters(server)


@pytest.fixture
def settings(server: dict[str, Any]) -> dict[str, Any]:
    """What a client needs to sign in at the development server."""
    return {
        "issuer": server["issuer"],
        "authorization_endpoint": server["authorization_endpoint"],
        "token_endpoint": server["token_endpoint"],
        "client_id": server["client_id"],
        "resource": server["resource"],
        "iss_promised": True,
        "timeout": 60,
        "browser": browser,
    }


def browser(url: str) -> None:
    """A browser that follows the server's redirect to the program, beside it."""
    threading.Thread(target=visit, args=(url,), daemon=True).start()
