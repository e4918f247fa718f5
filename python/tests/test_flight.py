"""One flow for all who want a token now: a thousand tasks and threads, several event loops, those
who stop waiting, Ctrl-C, the end of the program, and a fork."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from peers import LONG, Issuer, approving, come_back, respond, tokens
from proofkey import AsyncClient, Client, FileStore, MemoryStore, SignInAgain


class Gate:
    """A token endpoint that answers when it may, each time with other tokens."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.open = threading.Event()
        self.count = 1
        self.status = "200 OK"
        self.body: bytes | None = None

    def answer(self, connection: socket.socket) -> None:
        self.count += 1
        body = self.body or tokens(self.count)
        self.arrived.set()
        assert self.open.wait(LONG)
        respond(body, self.status)(connection)


@contextmanager
def signed_in(make: Callable[..., Any], clock: Clock, **more: Any) -> Iterator[tuple[Any, Gate]]:
    """A client whose token is old, at a server that waits before it refreshes."""
    gate = Gate()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        store = MemoryStore()
        Client(**site.client(), store=store).sign_in()
        clock.ahead += 61
        site.answers["/token"] = gate.answer
        yield make(**site.client(**{"store": store} | more)), gate
        gate.open.set()


def test_a_thousand_tasks_and_one_refresh(clock: Clock) -> None:
    async def main(client: AsyncClient, gate: Gate) -> list[str]:
        # Debugging, asyncio would tell that a thousand tasks take their time.
        asyncio.get_running_loop().slow_callback_duration = LONG
        waiting = [asyncio.create_task(client.access_token()) for _ in range(1000)]
        await asyncio.to_thread(gate.arrived.wait, LONG)
        gate.open.set()
        return await asyncio.gather(*waiting)

    with signed_in(AsyncClient, clock) as (client, gate):
        assert asyncio.run(main(client, gate)) == ["canary-token-0000000002"] * 1000
    assert gate.count == 2


def test_threads_and_loops_at_once(clock: Clock) -> None:
    """A client belongs to no event loop, and one kind waits for what the other began."""
    got: list[str] = []

    async def several(client: AsyncClient) -> None:
        got.extend(await asyncio.gather(*(client.access_token() for _ in range(20))))

    with signed_in(AsyncClient, clock) as (client, gate):
        threads = [
            threading.Thread(target=lambda: asyncio.run(several(client)), daemon=True)
            for _ in range(5)
        ]
        threads += [
            threading.Thread(
                target=lambda: got.append(client._tokens("never").expose_access_token()),
                daemon=True,
            )
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        assert gate.arrived.wait(LONG)
        gate.open.set()
        for thread in threads:
            thread.join(LONG)
    assert got == ["canary-token-0000000002"] * 120
    assert gate.count == 2


def test_who_is_cancelled_stops_for_itself(clock: Clock) -> None:
    async def main(client: AsyncClient, gate: Gate) -> None:
        first, second = (asyncio.create_task(client.access_token()) for _ in range(2))
        await asyncio.to_thread(gate.arrived.wait, LONG)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert not gate.open.is_set(), "it did not wait for the server"
        gate.open.set()
        assert await second == "canary-token-0000000002"

    with signed_in(AsyncClient, clock) as (client, gate):
        asyncio.run(main(client, gate))
    assert gate.count == 2


@pytest.mark.parametrize("end", ["cancel", "timeout", "loop"])
def test_what_all_have_left_is_kept_all_the_same(clock: Clock, end: str) -> None:
    """The server has rotated: the answer is written although nobody waits any more."""

    async def main(client: AsyncClient, gate: Gate) -> None:
        waiting = asyncio.create_task(client.access_token())
        await asyncio.to_thread(gate.arrived.wait, LONG)
        if end == "loop":
            return
        if end == "cancel":
            waiting.cancel()
        with pytest.raises((asyncio.CancelledError, asyncio.TimeoutError)):
            await asyncio.wait_for(waiting, 0.05)

    with signed_in(AsyncClient, clock) as (client, gate):
        asyncio.run(main(client, gate))
        gate.open.set()
        # The next one waits for what the first began, or finds what came of it.
        assert asyncio.run(client.access_token()) == "canary-token-0000000002"
    assert gate.count == 2


def test_who_may_not_ask_does_not_wait_for_who_is_asked() -> None:
    opened: list[str] = []
    open_now = threading.Event()
    got: list[str] = []

    def browser(url: str) -> None:
        opened.append(url)
        open_now.set()

    with Issuer() as site:
        site.describes()
        client = Client(**site.client(browser=browser))
        asking = threading.Thread(target=lambda: got.append(client.access_token("browser")))
        asking.start()
        assert open_now.wait(LONG)
        with pytest.raises(SignInAgain) as caught:
            client.access_token()
        assert caught.value.code == "sign_in_required"
        come_back(opened[0])
        asking.join(LONG)
    assert len(got) == len(opened) == 1


def test_one_sign_in_for_all_who_ask() -> None:
    opened: list[str] = []

    def browser(url: str) -> None:
        opened.append(url)
        approving(url)

    async def main(client: AsyncClient) -> set[str]:
        return set(await asyncio.gather(*(client.access_token("browser") for _ in range(50))))

    with Issuer() as site:
        site.describes()
        assert len(asyncio.run(main(AsyncClient(**site.client(browser=browser))))) == 1
    assert len(opened) == 1


def test_an_error_is_everybodys_own(clock: Clock) -> None:
    async def main(client: AsyncClient, gate: Gate) -> list[Any]:
        waiting = [asyncio.create_task(client.access_token()) for _ in range(10)]
        await asyncio.to_thread(gate.arrived.wait, LONG)
        gate.open.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    with signed_in(AsyncClient, clock) as (client, gate):
        gate.body, gate.status = b'{"error":"invalid_grant"}', "400 Bad Request"
        errors = asyncio.run(main(client, gate))
    assert [error.code for error in errors] == ["invalid_grant"] * 10
    assert len({id(error) for error in errors}) == 10


PROGRAM = """
import json, sys, time
from proofkey import Client, FileStore

given = json.loads(sys.argv[1])
real = time.time
time.time = lambda: real() + 61
client = Client(**given, store=FileStore(sys.argv[2]))
print("ready", flush=True)
try:
    client.access_token()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.filterwarnings("ignore:the key of the token store")
def test_ctrl_c_and_the_end_of_the_program_lose_no_token(clock: Clock, tmp_path: Path) -> None:
    """Ctrl-C comes out at once; the program ends when the server's answer is in the store."""
    gate = Gate()
    with Issuer() as site:
        site.describes()
        site.answers["/token"] = respond(tokens(1))
        given = {"issuer": site.issuer, "client_id": "agent"}
        Client(**site.client(), store=FileStore(tmp_path)).sign_in()
        site.answers["/token"] = gate.answer
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(given), str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with child:
            assert child.stdout is not None and child.stderr is not None
            assert child.stdout.readline() == "ready\n"
            assert gate.arrived.wait(LONG)
            child.send_signal(signal.SIGINT)
            assert child.stdout.readline() == "interrupted\n"
            gate.open.set()
            assert "Traceback" not in child.stderr.read()
        assert child.returncode == 0
        clock.ahead += 61
        other = Client(**site.client(), store=FileStore(tmp_path))
        assert other.access_token() == "canary-token-0000000002"
    assert gate.count == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_waits_for_nothing_of_its_parent(clock: Clock) -> None:
    """The threads stay with the parent; so do its flights, and the locks that they hold."""
    with signed_in(Client, clock, store=None) as (client, gate):
        gate.open.set()
        client.access_token("browser")
        gate.open.clear()
        gate.arrived.clear()
        clock.ahead += 61
        waiting = threading.Thread(target=client.access_token, daemon=True)
        waiting.start()
        assert gate.arrived.wait(LONG)
        child = os.fork()
        if not child:
            code = 1
            try:
                clock.ahead -= 61
                # What is at hand serves, and the lock is free.
                held = client._store.lock("any", 0)
                code = 0 if client.access_token() and held is not None else 2
                clock.ahead += 3600
                flight = client._token_flight("never")
                code = code or (0 if flight._process == os.getpid() else 3)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        gate.open.set()
        waiting.join(LONG)
    assert os.waitstatus_to_exitcode(status) == 0
