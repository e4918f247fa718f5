#!/usr/bin/env python3
"""The client of the MCP Python SDK with ProofKey for its authorization, against the SDK's own
servers.

usage: mcp_sdk.py PROGRAM

PROGRAM is the program `proofkey`. This Python has the package proofkey and the MCP SDK
(requirements.txt). The last line is "N passed, N failed".
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import proofkey
import proofkey.mcp
from browser import InProcess
from harness import DEADLINE, HERE, Server, browser_program, run, same, served
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from signers import BRIEF, Program, file_store, output

AGENT = HERE.parents[1] / "python" / "examples" / "mcp_agent.py"
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextlib.asynccontextmanager
async def session(server: Server, auth: Any) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(auth=auth, timeout=DEADLINE, trust_env=False) as http,
        Client(streamable_http_client(server.resource, http_client=http)) as client,
    ):
        yield client


async def add(client: Client, a: int, b: int) -> str:
    answer = await client.call_tool("add", {"a": a, "b": b})
    return str(getattr(answer.content[0], "text", None))


def leaves(error: BaseException) -> list[BaseException]:
    """The SDK raises errors in groups, which stand in groups."""
    inner = getattr(error, "exceptions", None)
    return [error] if inner is None else [leaf for each in inner for leaf in leaves(each)]


class Tests:
    """Each method ``test_…`` is one test."""

    def __init__(self, server: Server, program: str, folder: Path) -> None:
        self.server, self.program, self.folder = server, Program([program]), folder

    def auth(self, **more: Any) -> Any:
        browser = InProcess(iss_promised=self.server.iss_promised)
        given = {"client_name": "The tests", "browser": browser, "timeout": DEADLINE}
        return proofkey.mcp.auth(self.server.resource, **given | more)

    def forget(self) -> None:
        """The access tokens are worth nothing any more."""
        url = f"{self.server.issuer}/test/forget"
        HTTP.open(urllib.request.Request(url, method="POST"), timeout=DEADLINE).close()

    def _counts(self) -> dict[str, int]:
        with HTTP.open(f"{self.server.issuer}/test/counts", timeout=DEADLINE) as answer:
            found: dict[str, int] = json.load(answer)
        return found

    def counting(self) -> Callable[..., list[int]]:
        """What the server is asked for from now on."""
        before = self._counts()

        def since(*names: str) -> list[int]:
            now = self._counts()
            return [now.get(name, 0) - before.get(name, 0) for name in names]

        return since

    def store(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    def test_the_address_alone_is_enough(self) -> None:
        # M1 to M8: the 401, the documents, a registration, a sign-in, a tool
        asked = self.counting()

        async def main() -> None:
            async with session(self.server, self.auth()) as client:
                same(sorted(tool.name for tool in (await client.list_tools()).tools), TOOLS)
                same(await add(client, 2, 3), "5")

        asyncio.run(main())
        same(asked("registered", "authorized", "redeemed", "refreshed"), [1, 1, 1, 0])

    def test_a_token_that_is_refused_is_refreshed(self) -> None:
        # In the middle of a session, which notices nothing; and then of several at once.
        asked = self.counting()

        async def main() -> None:
            auth = self.auth()
            async with contextlib.AsyncExitStack() as stack:
                clients = [
                    await stack.enter_async_context(session(self.server, auth)) for _ in range(5)
                ]
                same(await add(clients[0], 1, 1), "2")
                self.forget()
                same(await add(clients[0], 1, 2), "3")
                same(asked("refreshed"), [1])
                self.forget()
                sums = await asyncio.gather(*(add(each, 2, n) for n, each in enumerate(clients)))
                same(sums, ["2", "3", "4", "5", "6"])

        asyncio.run(main())
        same(asked("authorized", "refreshed"), [1, 2])

    def test_a_hook_that_does_not_trust_ends_it_before_anything_opens(self) -> None:
        # T35
        asked = self.counting()

        async def main() -> None:
            async with session(self.server, self.auth(confirm=["as.example"])):
                raise AssertionError("a session began")

        try:
            asyncio.run(main())
        except BaseException as error:
            same(["issuer_refused"], [getattr(each, "code", each) for each in leaves(error)])
        same(asked("registered", "authorized"), [0, 0])

    def test_a_token_that_has_expired_is_refreshed(self) -> None:
        about = asyncio.run(self._until_refreshed(client_name=BRIEF))
        same(about["subject"], "alice")

    def test_a_sign_in_of_the_program_serves_the_sdk(self) -> None:
        store = self.store()
        self.program.sign_in(self.server, store, "--client-id", BRIEF)
        files = {"store": file_store(store), "interaction": "never"}
        about = asyncio.run(self._until_refreshed(**files))
        same((about["subject"], about["client"]), ("alice", BRIEF))

    async def _until_refreshed(self, **settings: Any) -> dict[str, str]:
        """What the tool says once the token that it gets came by a refresh. What a brief client
        gets for its code ends within the second that it takes to get here."""
        end = time.monotonic() + DEADLINE
        async with session(self.server, self.auth(**settings)) as client:
            while time.monotonic() < end:
                answer = await client.call_tool("read_notes", {})
                about: dict[str, str] = answer.structured_content
                if about["grant"] == "refresh_token":
                    return about
        raise AssertionError("the token was not refreshed")

    def _agent(self, store: Path, browser: str, *tool: str) -> str:
        done = subprocess.run(
            [sys.executable, str(AGENT), self.server.resource, *tool],
            env=os.environ
            | {"BROWSER": browser, "PROOFKEY_STORE": str(store), "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        return output(done)

    def test_the_example_asks_once_and_keeps_what_comes(self) -> None:
        asked, store = self.counting(), self.store()
        browser = browser_program(self.folder, iss_promised=self.server.iss_promised)
        same("add: Adds two numbers." in self._agent(store, browser), True)
        # Nobody is to be asked again.
        for sum in ("42", "3"):
            tool = ("add", f"a={sum}", "b=0")
            same(self._agent(store, "false", *tool).strip(), sum)
            self.forget()
        same(asked("registered", "authorized", "refreshed"), [1, 1, 1])

    def all(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test with its name."""
        for name in vars(Tests):
            if name.startswith("test_"):
                yield name.removeprefix("test_"), functools.partial(getattr(self, name))


TOOLS = ["add", "read_notes"]


def main() -> int:
    (program,) = sys.argv[1:]
    with served("mcp") as server, tempfile.TemporaryDirectory() as folder:
        return run(Tests(server, program, Path(folder)).all())


sys.exit(main())
