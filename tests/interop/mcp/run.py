#!/usr/bin/env python3
"""ProofKey's Python as the authorization of the MCP SDK's client, against the SDK's own servers.

This Python has proofkey, mcp, httpx2 and uvicorn. The last line is "N passed, N failed".
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import traceback
import urllib.request
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import proofkey
import proofkey.mcp
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BROWSER = ROOT / "tests" / "lib" / "visit_browser"
AGENT = ROOT / "python" / "examples" / "mcp_agent.py"
# In seconds; what a hang would end in.
DEADLINE = 60
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """The SDK's servers, in a process of their own."""

    def __init__(self, ready: dict[str, str]) -> None:
        self.resource = ready["resource"]
        self._origin = ready["origin"]

    def forget(self) -> None:
        """The access tokens are worth nothing any more."""
        request = urllib.request.Request(f"{self._origin}/test/forget", method="POST")
        HTTP.open(request, timeout=DEADLINE).close()

    def counts(self, *names: str) -> list[int]:
        with HTTP.open(f"{self._origin}/test/counts", timeout=DEADLINE) as answer:
            found = json.load(answer)
        return [found.get(name, 0) for name in names]


@contextlib.contextmanager
def server() -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None and process.stdin is not None
        yield Server(json.loads(process.stdout.readline()))
        process.stdin.close()
        process.wait(DEADLINE)


def browser(url: str) -> None:
    """A user who says yes."""
    threading.Thread(target=lambda: HTTP.open(url, timeout=DEADLINE).close(), daemon=True).start()


@contextlib.asynccontextmanager
async def session(resource: str, auth: Any) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(auth=auth, timeout=DEADLINE, trust_env=False) as http,
        Client(streamable_http_client(resource, http_client=http)) as client,
    ):
        yield client


async def add(client: Client, a: int, b: int) -> str:
    answer = await client.call_tool("add", {"a": a, "b": b})
    return str(getattr(answer.content[0], "text", None))


def authorization(at: Server, **more: Any) -> Any:
    given = {"client_name": "The tests", "browser": browser} | more
    return proofkey.mcp.auth(at.resource, **given)


def from_the_address_alone(at: Server) -> None:
    """The 401, the documents, a registration, a sign-in, a tool."""

    async def main() -> None:
        async with session(at.resource, authorization(at)) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == ["add"], tools
            assert await add(client, 2, 3) == "5"

    asyncio.run(main())
    assert at.counts("registered", "authorized", "redeemed", "refreshed") == [1, 1, 1, 0]


def a_refused_token_is_refreshed(at: Server) -> None:
    """In the middle of a session, which notices nothing; and then of several at once."""

    async def main() -> None:
        auth = authorization(at)
        async with contextlib.AsyncExitStack() as stack:
            clients = [
                await stack.enter_async_context(session(at.resource, auth)) for _ in range(5)
            ]
            assert await add(clients[0], 1, 1) == "2"
            at.forget()
            assert await add(clients[0], 1, 2) == "3"
            assert at.counts("refreshed") == [1]
            at.forget()
            sums = await asyncio.gather(*(add(each, 2, n) for n, each in enumerate(clients)))
            assert sums == ["2", "3", "4", "5", "6"], sums

    asyncio.run(main())
    authorized, refreshed = at.counts("authorized", "refreshed")
    assert (authorized, refreshed) == (1, 2), (authorized, refreshed)


def a_hook_that_does_not_trust(at: Server) -> None:
    """Nothing opens, nothing is registered."""

    async def main() -> None:
        async with session(at.resource, authorization(at, confirm=["as.example"])):
            raise AssertionError("a session began")

    try:
        asyncio.run(main())
    except BaseException as error:
        found = leaves(error)
        assert any(getattr(each, "code", "") == "issuer_refused" for each in found), found
    assert at.counts("registered", "authorized") == [0, 0]


def leaves(error: BaseException) -> list[BaseException]:
    inner = getattr(error, "exceptions", None)
    return [leaf for each in inner for leaf in leaves(each)] if inner else [error]


def a_sign_out_says_what_came_of_it(at: Server) -> None:
    """Nothing is kept here, and it says whether the server has revoked. This one (mcp 2.3) takes no
    revocation from a client without a secret: it demands the parameter for it, be it empty."""
    client = proofkey.Client(at.resource, client_name="The tests", browser=browser)
    client.sign_in()
    ended = client.sign_out()
    assert at.counts("revoked") == [1 if ended.revoked else 0], ended
    assert ended.revoked or ended.warning is not None, ended
    try:
        client.access_token()
    except proofkey.SignInAgain as error:
        assert error.code == "sign_in_required"
    else:
        raise AssertionError("there is still a token")


def agent(at: Server, folder: str, browser_program: str, *tool: str) -> str:
    done = subprocess.run(
        [sys.executable, str(AGENT), at.resource, *tool],
        env=os.environ
        | {"BROWSER": browser_program, "PROOFKEY_STORE": folder, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def the_example(at: Server) -> None:
    """It signs in once; the next run finds what the first has kept, and a refresh is kept too."""
    with tempfile.TemporaryDirectory() as folder:
        assert agent(at, folder, str(BROWSER)).startswith("add: Adds two numbers.")
        assert agent(at, folder, "/nowhere/a-browser", "add", "a=20", "b=22").strip() == "42"
        at.forget()
        assert agent(at, folder, "/nowhere/a-browser", "add", "a=1", "b=2").strip() == "3"
        assert agent(at, folder, "/nowhere/a-browser", "add", "a=1", "b=3").strip() == "4"
    assert at.counts("registered", "authorized", "refreshed") == [1, 1, 1]


TESTS: list[Callable[[Server], None]] = [
    from_the_address_alone,
    a_refused_token_is_refreshed,
    a_hook_that_does_not_trust,
    a_sign_out_says_what_came_of_it,
    the_example,
]


def main() -> int:
    warnings.simplefilter("ignore", proofkey.KeyFileWarning)
    passed = failed = 0
    for test in TESTS:
        name = test.__name__.replace("_", " ")
        try:
            with server() as at:
                test(at)
        except BaseException:
            traceback.print_exc(file=sys.stdout)
            print(f"FAILED  {name}")
            failed += 1
        else:
            print(f"ok      {name}")
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
