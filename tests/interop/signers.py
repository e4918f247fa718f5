"""Those who sign in, have a token and sign out, all in one way: the program, Python, an example."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any, Protocol

from browser import InProcess
from harness import DEADLINE, Kept, Server, browser_program, filled_in, same
from proofkey import AsyncClient, Client, FileStore, KeyFileWarning

# Clients that the servers know. What the second gets for a code ends after a second.
CLIENT = "proofkey-agent"
BRIEF = "proofkey-brief"


# The keyring of whoever runs this is nobody's business. That there is none is said.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/dev/null"
warnings.filterwarnings("ignore", category=KeyFileWarning)


def file_store(folder: Path | None = None) -> FileStore:
    """Without a folder it is the one that PROOFKEY_STORE names."""
    return FileStore(folder)


class Signer(Protocol):
    """One store is one user of one program."""

    def sign_in(self, server: Server, store: Path) -> None: ...

    def token(self, server: Server, store: Path) -> str: ...

    def sign_out(self, server: Server, store: Path) -> bool:
        """Whether the server has revoked the token."""


def executed(
    command: list[str], server: Server, store: Path, *, denies: bool = False
) -> subprocess.CompletedProcess[str]:
    browser = browser_program(store.parent, denies=denies, iss_promised=server.iss_promised)
    return subprocess.run(
        command,
        env={**os.environ, "PROOFKEY_STORE": str(store), "BROWSER": browser},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def output(said: subprocess.CompletedProcess[str]) -> str:
    if said.returncode != 0:
        raise AssertionError(f"exit status {said.returncode}: {said.stderr}")
    return said.stdout


class Program:
    """The program `proofkey`."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def run(
        self, server: Server, store: Path, what: str, *options: str, denies: bool = False
    ) -> subprocess.CompletedProcess[str]:
        command = [*self._command, what, server.resource, *options]
        return executed(command, server, store, denies=denies)

    def sign_in(self, server: Server, store: Path, *options: str) -> None:
        output(self.run(server, store, "login", *(options or ("--client-id", BRIEF))))

    def token(self, server: Server, store: Path) -> str:
        return one_line(output(self.run(server, store, "token")))

    def refusal(self, server: Server, store: Path) -> str:
        """The code of the error that there is in place of a token."""
        said = self.run(server, store, "token")
        if said.returncode != 1 or said.stdout:
            raise AssertionError(f"no error: {said.returncode}, {said.stderr}")
        return said.stderr.removeprefix("proofkey: ").partition(":")[0]

    def sign_out(self, server: Server, store: Path) -> bool:
        said = json.loads(output(self.run(server, store, "logout", "--json")))
        same(said["signed_out"], True)
        return said["revoked"]


class Example:
    """A language's example that keeps its tokens."""

    def __init__(self, commands: Kept, program: Program) -> None:
        self._commands, self._program = commands, program

    def sign_in(self, server: Server, store: Path) -> None:
        self._run(self._commands.sign_in, server, store)

    def token(self, server: Server, store: Path) -> str:
        return one_line(self._run(self._commands.token, server, store))

    def _run(self, command: list[str], server: Server, store: Path) -> str:
        return output(executed(filled_in(command, server.resource, BRIEF), server, store))

    def sign_out(self, server: Server, store: Path) -> bool:
        return self._program.sign_out(server, store)


class Python:
    def _settings(self, server: Server, store: Path) -> dict[str, Any]:
        return {
            "resource": server.resource,
            "client_id": BRIEF,
            "store": file_store(store),
            "timeout": DEADLINE,
        }

    def sign_in(self, server: Server, store: Path) -> None:
        browser = InProcess(iss_promised=server.iss_promised)
        with Client(**self._settings(server, store), browser=browser) as client:
            client.sign_in()
        browser.done()

    def token(self, server: Server, store: Path) -> str:
        with Client(**self._settings(server, store)) as client:
            return client.access_token()

    def sign_out(self, server: Server, store: Path) -> bool:
        with Client(**self._settings(server, store)) as client:
            return client.sign_out().revoked is True


class AsyncPython(Python):
    def sign_in(self, server: Server, store: Path) -> None:
        browser = InProcess(iss_promised=server.iss_promised)

        async def run() -> None:
            async with AsyncClient(**self._settings(server, store), browser=browser) as client:
                await asyncio.wait_for(client.sign_in(), 2 * DEADLINE)

        asyncio.run(run())
        browser.done()

    def token(self, server: Server, store: Path) -> str:
        async def run() -> str:
            async with AsyncClient(**self._settings(server, store)) as client:
                return await asyncio.wait_for(client.access_token(), 2 * DEADLINE)

        return asyncio.run(run())

    def sign_out(self, server: Server, store: Path) -> bool:
        async def run() -> bool:
            async with AsyncClient(**self._settings(server, store)) as client:
                return (await asyncio.wait_for(client.sign_out(), 2 * DEADLINE)).revoked is True

        return asyncio.run(run())


def one_line(text: str) -> str:
    """The one line that was written."""
    line, end, more = text.partition("\n")
    if not line or not end or more:
        raise AssertionError("not one line")
    return line
