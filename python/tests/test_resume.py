"""A sign-in that outlives the program: killed while the user is at the browser, and finished by the
next."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import proofkey._driver
import pytest
from peers import LONG, come_back, granted, visit
from proofkey import AsyncClient, Client, FileStore, SignInAgain

pytestmark = pytest.mark.filterwarnings("ignore::proofkey.KeyFileWarning")
both = pytest.mark.parametrize("way", ["sync", "async"])

PROGRAM = """
import json, sys, warnings
from proofkey import Client, FileStore

warnings.simplefilter("ignore")
given = json.loads(sys.argv[1])
client = Client(**given, store=FileStore(sys.argv[2]), browser=lambda url: print(url, flush=True))
client.sign_in(resumable=True)
"""


def killed(address: dict[str, Any], folder: Path) -> str:
    """Begins a sign-in in a program of its own, and kills it; the address that the user is at."""
    given = {name: address[name] for name in ("resource", "client_name")}
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(given), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        child.kill()
    return url


def resume(way: str, given: dict[str, Any], redirect: str | None = None) -> Any:
    if way == "sync":
        return Client(**given).resume(redirect)
    return asyncio.run(AsyncClient(**given).resume(redirect))


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when a redirect is waited for."""
    waits = threading.Event()
    wait = proofkey._driver.wait

    def watched(receiver: Any, milliseconds: int) -> Any:
        waits.set()
        return wait(receiver, milliseconds)

    monkeypatch.setattr(proofkey._driver, "wait", watched)
    return waits


@both
def test_the_next_program_waits_at_the_same_port(
    way: str, address: dict[str, Any], tmp_path: Path, listening: threading.Event
) -> None:
    url = killed(address, tmp_path)
    given = address | {"store": FileStore(tmp_path)}
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.append(resume(way, given)))
    waiting.start()
    assert listening.wait(LONG)
    visit(url)
    waiting.join(LONG)
    assert got[0].resource == address["resource"]
    assert Client(**given).access_token() == got[0].expose_access_token()
    with pytest.raises(SignInAgain) as caught:
        resume(way, given)
    assert caught.value.code == "nothing_pending"


@both
def test_the_redirect_starts_the_next_program(
    way: str, address: dict[str, Any], tmp_path: Path
) -> None:
    """And one that is not ours ends nothing; but it is taken up once."""
    redirect = granted(killed(address, tmp_path))
    given = address | {"store": FileStore(tmp_path)}
    assert resume(way, given, redirect).expose_access_token()
    with pytest.raises(SignInAgain) as caught:
        resume(way, given, redirect)
    assert caught.value.code == "nothing_pending"
    with pytest.raises(TypeError, match=r"^redirect must be str"):
        Client(**given).resume(7)  # type: ignore[arg-type]


def test_of_two_that_take_it_up_one_goes_on(address: dict[str, Any], tmp_path: Path) -> None:
    redirect = granted(killed(address, tmp_path))
    said: list[str] = []

    def take_up() -> None:
        client = Client(**address, store=FileStore(tmp_path))
        try:
            client.resume(redirect)
            said.append("done")
        except SignInAgain as error:
            said.append(error.code)

    threads = [threading.Thread(target=take_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(said) == ["done", *["nothing_pending"] * 3]


def test_a_sign_in_that_ends_leaves_nothing_pending(address: dict[str, Any]) -> None:
    client = Client(**address)
    client.sign_in(resumable=True)
    with pytest.raises(SignInAgain) as caught:
        client.resume()
    assert caught.value.code == "nothing_pending"


def test_a_cancel_while_it_waits_frees_the_port(
    address: dict[str, Any], tmp_path: Path, listening: threading.Event
) -> None:
    url = killed(address, tmp_path)

    async def main() -> None:
        client = AsyncClient(**address, store=FileStore(tmp_path))
        task = asyncio.create_task(client.resume())
        assert await asyncio.to_thread(listening.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    with pytest.raises(OSError):
        come_back(url)
