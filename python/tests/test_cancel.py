"""The caller cancels, in each state: asyncio's cancel comes out as it went in, and nothing
stays."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import proofkey._driver
import proofkey._http_sync
import pytest
from peers import LONG, TOKENS, TokenEndpoint, approving, parameter, respond
from proofkey import AsyncClient


def port_of(url: str) -> int:
    return int(parameter(url, "redirect_uri").split(":")[2].split("/")[0])


def is_free(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def flights_end() -> bool:
    """Whether the threads of all sign-ins end: what one has told comes out before that."""
    flights = [each for each in threading.enumerate() if each.name == "proofkey-flight"]
    for flight in flights:
        flight.join(LONG)
    return not any(flight.is_alive() for flight in flights)


async def cancelled(client: AsyncClient, when: Callable[[], Any]) -> asyncio.CancelledError:
    """Starts a sign-in, cancels it when `when` is over, and gives the exception that came out."""
    task = asyncio.create_task(client.sign_in())
    await when()
    task.cancel("the caller's own words")
    with pytest.raises(asyncio.CancelledError) as caught:
        await asyncio.wait_for(asyncio.shield(task), LONG)
    assert task.cancelled()
    return caught.value


def test_before_the_first_step() -> None:
    opened: list[str] = []

    async def main() -> None:
        client = AsyncClient(**settings(opened.append))
        task = asyncio.create_task(client.sign_in())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert opened == []


def settings(browser: Any) -> dict[str, Any]:
    return {
        "issuer": "https://as.example",
        "authorization_endpoint": "https://as.example/authorize",
        "token_endpoint": "http://127.0.0.1:1/token",
        "client_id": "agent",
        "browser": browser,
        "timeout": 60,
    }


def test_while_the_browser_opens() -> None:
    release = threading.Event()
    opened: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        opening = asyncio.Event()

        def slow(url: str) -> None:
            opened.append(url)
            loop.call_soon_threadsafe(opening.set)
            release.wait(LONG)

        error = await cancelled(AsyncClient(**settings(slow)), opening.wait)
        assert error.args in ((), ("the caller's own words",))
        assert is_free(port_of(opened[0]))
        release.set()

    asyncio.run(main())


def test_while_the_user_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        waiting = asyncio.Event()
        wait = proofkey._driver.wait

        def watched(receiver: Any, milliseconds: int) -> Any:
            loop.call_soon_threadsafe(waiting.set)
            return wait(receiver, milliseconds)

        monkeypatch.setattr(proofkey._driver, "wait", watched)
        client = AsyncClient(**settings(opened.append))
        error = await cancelled(client, waiting.wait)
        assert type(error) is asyncio.CancelledError
        assert is_free(port_of(opened[0]))
        assert flights_end()

    asyncio.run(main())


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What came of the exchanges that run to their end: what the flow was told."""
    seen: list[str] = []
    exchange = proofkey._http_sync.exchange

    def watched(request: Any, cancel: Any) -> Any:
        event = exchange(request, cancel)
        if cancel is None:
            seen.append(str(event))
        return event

    monkeypatch.setattr(proofkey._http_sync, "exchange", watched)
    return seen


@pytest.mark.parametrize("times", [1, 3])
def test_a_redemption_runs_to_its_end(times: int, events: list[str]) -> None:
    """The answer is given to the flow although the caller has cancelled; then that comes out."""
    go_on = threading.Event()

    def answer(connection: socket.socket) -> None:
        assert go_on.wait(LONG)
        respond(TOKENS)(connection)

    async def main(endpoint: TokenEndpoint) -> None:
        client = AsyncClient(**endpoint.settings())
        task = asyncio.create_task(client.sign_in())
        await asyncio.to_thread(endpoint.arrived.wait, LONG)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done(), "the exchange was given up"
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    with TokenEndpoint(answer) as endpoint:
        asyncio.run(main(endpoint))
        assert len(endpoint.requests) == 1
    assert events == ["Response"]


async def until_cancelled(then: Callable[[], object]) -> None:
    """Waits for its cancel, and calls."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        then()
        raise


def test_the_end_of_the_loop_does_not_cut_a_redemption(events: list[str]) -> None:
    """asyncio.run cancels every task at its end; the exchange is none, and its answer arrives."""
    go_on = threading.Event()
    background: list[asyncio.Task[Any]] = []

    def answer(connection: socket.socket) -> None:
        assert go_on.wait(LONG)
        respond(TOKENS)(connection)

    async def main(endpoint: TokenEndpoint) -> None:
        background.append(asyncio.create_task(AsyncClient(**endpoint.settings()).sign_in()))
        await asyncio.to_thread(endpoint.arrived.wait, LONG)
        # This is the end of the loop. The server answers when the sign-in has heard of it.
        background.append(asyncio.create_task(until_cancelled(go_on.set)))
        await asyncio.sleep(0)

    with TokenEndpoint(answer) as endpoint:
        asyncio.run(main(endpoint))
        assert len(endpoint.requests) == 1
    assert events == ["Response"]
    assert background[0].cancelled()


def test_a_loop_that_is_closed_by_hand_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """Then nobody gets the answer; but it was sent once, read whole, and not without a word."""
    go_on = threading.Event()
    read = threading.Event()

    def answer(connection: socket.socket) -> None:
        assert go_on.wait(LONG)
        respond(TOKENS)(connection)
        # The reader closes when it has all; it would reset the connection if it had not.
        if connection.recv(1) == b"":
            read.set()

    with TokenEndpoint(answer) as endpoint:
        loop = asyncio.new_event_loop()
        task = loop.create_task(AsyncClient(**endpoint.settings()).sign_in())
        loop.run_until_complete(asyncio.wait({task}, timeout=0.0))
        loop.run_until_complete(loop.run_in_executor(None, endpoint.arrived.wait, LONG))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        go_on.set()
        assert read.wait(LONG)
        assert len(endpoint.requests) == 1
    assert not task.done()
    # Each thread holds what it would have told the loop.
    for thread in threading.enumerate():
        if thread.name.startswith("proofkey-"):
            thread.join(LONG)
    del task
    gc.collect()
    assert "Task was destroyed but it is pending" in caplog.text


def test_a_deadline_of_asyncio() -> None:
    async def main() -> None:
        client = AsyncClient(**settings(lambda url: None))
        await asyncio.wait_for(client.sign_in(), 0.2)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(main())


def test_others_go_on_when_one_is_cancelled() -> None:
    async def main(endpoint: TokenEndpoint) -> None:
        quiet = AsyncClient(**endpoint.settings(browser=lambda url: None))
        loud = AsyncClient(**endpoint.settings(browser=approving))
        task = asyncio.create_task(quiet.sign_in())
        tokens = await loud.sign_in()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert tokens.expose_access_token().startswith("canary")

    with TokenEndpoint(respond(TOKENS)) as endpoint:
        asyncio.run(main(endpoint))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("way", ["sync", "async"])
def test_ctrl_c_ends_the_program_and_frees_the_port(way: str) -> None:
    program = f"""
import asyncio, sys
from proofkey import AsyncClient, Client

def show(url):
    print(url, flush=True)

async def main():
    # Debugging, asyncio would tell that this machine is slow.
    asyncio.get_running_loop().slow_callback_duration = 3600
    await AsyncClient(**settings).sign_in()

settings = dict({settings(None)!r}, browser=show)
try:
    if {way!r} == "sync":
        Client(**settings).sign_in()
    else:
        asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.stdin.read()
"""
    child = subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None and child.stdin is not None and child.stderr is not None
        port = port_of(child.stdout.readline())
        assert not is_free(port)
        child.send_signal(signal.SIGINT)
        assert child.stdout.readline() == "interrupted\n"
        # The program goes on; the sign-in does not.
        assert is_free(port)
        child.stdin.close()
        assert child.stderr.read() == ""
    assert child.returncode == 0
