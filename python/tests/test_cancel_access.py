"""The caller cancels at each step of the access flow: what was open is closed, what was held is
given back, and asyncio's cancel comes out as it went in."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock
from peers import LONG, Issuer, approving, respond, tokens
from proofkey import AsyncClient, Client, MemoryStore


class Slow(MemoryStore):
    """A store of which one call takes its time."""

    def __init__(self, slow: str) -> None:
        super().__init__()
        self.slow = slow
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.written: list[str] = []

    def _take_time(self, call: str) -> None:
        if call == self.slow:
            self.begun.set()
            assert self.go_on.wait(LONG)

    def load(self, key: str) -> Any:
        self._take_time("load")
        return super().load(key)

    def swap(self, key: str, revision: int | None, value: bytes | None) -> bool:
        self._take_time("swap")
        self.written.append(key.partition("-")[0])
        return super().swap(key, revision, value)

    def lock(self, key: str, timeout: float) -> Any:
        self._take_time("lock")
        return super().lock(key, timeout)


def cancelled(call: Callable[[], Any], begun: threading.Event, then: Callable[[], Any]) -> None:
    """Calls, cancels when it has begun, does something, and sees the cancel come out."""

    async def main() -> None:
        task = asyncio.create_task(call())
        assert await asyncio.to_thread(begun.wait, LONG)
        task.cancel("the caller's own words")
        await asyncio.sleep(0)
        then()
        with pytest.raises(asyncio.CancelledError) as caught:
            await asyncio.wait_for(asyncio.shield(task), LONG)
        assert caught.value.args in ((), ("the caller's own words",))
        assert task.cancelled()

    asyncio.run(main())


def old(site: Issuer, store: MemoryStore, clock: Clock) -> AsyncClient:
    """A client whose token is to be refreshed."""
    site.describes()
    site.answers["/token"] = respond(tokens(1))
    Client(**site.client(), store=store).sign_in()
    clock.ahead += 61
    site.answers["/token"] = respond(tokens(2))
    return AsyncClient(**site.client(), store=store)


def nothing() -> None:
    pass


def test_while_the_store_is_read(clock: Clock) -> None:
    store = Slow("never")
    with Issuer() as site:
        client = old(site, store, clock)
        store.slow = "load"
        cancelled(client.access_token, store.begun, store.go_on.set)
        assert site.asked.count("/token") == 1, "nothing was refreshed"
        assert asyncio.run(client.access_token()) == "canary-token-0000000002"


def test_while_another_holds_the_lock(clock: Clock) -> None:
    store = Slow("never")
    with Issuer() as site:
        client = old(site, store, clock)
        store.slow = "lock"
        # The key that the flow will ask for: that of the tokens.
        key = next(key for key in store._values if key.startswith("tokens-"))
        held = MemoryStore.lock(store, key, 0)
        assert held is not None
        store.go_on.set()
        cancelled(client.access_token, store.begun, nothing)
        assert site.asked.count("/token") == 1
        held.release()
        assert asyncio.run(client.access_token()) == "canary-token-0000000002"


def test_while_the_server_refreshes(clock: Clock) -> None:
    """The answer is written, and the lock is free."""
    arrived, go_on = threading.Event(), threading.Event()

    def late(connection: socket.socket) -> None:
        arrived.set()
        assert go_on.wait(LONG)
        respond(tokens(2))(connection)

    store = Slow("never")
    with Issuer() as site:
        client = old(site, store, clock)
        site.answers["/token"] = late
        cancelled(client.access_token, arrived, go_on.set)
        assert asyncio.run(client.access_token()) == "canary-token-0000000002"
        assert site.asked.count("/token") == 2


@pytest.mark.parametrize("slow", ["swap"])
def test_while_the_store_is_written(clock: Clock, slow: str) -> None:
    store = Slow("never")
    with Issuer() as site:
        client = old(site, store, clock)
        store.slow = slow
        store.written.clear()
        cancelled(client.access_token, store.begun, store.go_on.set)
        assert asyncio.run(client.access_token()) == "canary-token-0000000002"
        assert store.written == ["tokens"] and site.asked.count("/token") == 2


def test_while_the_caller_is_asked_whom_to_trust() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def confirm(issuer_host: str, resource_host: str) -> bool:
        asked.set()
        return go_on.wait(LONG)

    opened: list[str] = []
    with Issuer() as site:
        site.describes()
        given = site.client(
            resource=site.describes_resource(), confirm=confirm, browser=opened.append
        )
        del given["issuer"]
        cancelled(AsyncClient(**given).sign_in, asked, nothing)
        go_on.set()
    assert opened == []


def test_while_the_client_is_registered() -> None:
    """It is finished and kept: a registration that nobody kept would stay at the server."""
    arrived, go_on = threading.Event(), threading.Event()

    def late(connection: socket.socket) -> None:
        arrived.set()
        assert go_on.wait(LONG)
        respond(b'{"client_id":"registered-1"}', "201 Created")(connection)

    store = Slow("never")
    with Issuer() as site:
        site.describes(registration_endpoint=site.issuer + "/register")
        site.answers["/register"] = late
        given = site.client(client_name="Agent", store=store, browser=approving)
        del given["client_id"]
        client = AsyncClient(**given)
        cancelled(client.sign_in, arrived, go_on.set)
        assert store.written == ["client"]
        assert asyncio.run(client.sign_in()).client_id == "registered-1"
        assert site.asked.count("/register") == 1


def test_while_the_server_revokes(clock: Clock) -> None:
    """Then all is left as it was."""
    arrived, gone = threading.Event(), threading.Event()

    def silent(connection: socket.socket) -> None:
        arrived.set()
        assert connection.recv(1) == b""
        gone.set()

    store = Slow("never")
    with Issuer() as site:
        site.describes(revocation_endpoint=site.issuer + "/revoke")
        site.answers["/revoke"] = silent
        client = AsyncClient(**site.client(store=store))
        asyncio.run(client.sign_in())
        store.written.clear()
        cancelled(client.sign_out, arrived, nothing)
        assert gone.wait(LONG), "the connection was left open"
        assert store.written == []
        assert asyncio.run(client.access_token())
