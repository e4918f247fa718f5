"""Our clients, each in one way: what comes of a sign-in and of what follows it, as codes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

# In seconds. It is what a hang would end in.
DEADLINE = 60

# How long a user may take, in seconds: where none comes, and where one does.
SHORT, LONG = 2, 40

# The keyring of whoever runs this is nobody's business.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/dev/null"


@dataclass
class Case:
    """What a client is to do, at which server."""

    meets: str
    tries: int
    timeout: int
    issuer: str
    resource: str
    client_id: str
    store: Path

    @property
    def scopes(self) -> list[str]:
        return {"openid": ["openid"], "refresh": ["read", "openid"]}.get(self.meets, ["read"])


class Language(Protocol):
    def outcomes(self, case: Case) -> list[str]:
        """Of each try after what must succeed before it: `ok` and the scopes, or a code."""
        ...


class Program:
    """Rust, through the program `proofkey`."""

    def __init__(self, program: str, browser: str) -> None:
        self._program, self._browser = program, browser

    def outcomes(self, case: Case) -> list[str]:
        where = [case.resource] if case.meets == "request" else ["--issuer", case.issuer]
        options = ["--json", "--client-id", case.client_id]
        options += [word for scope in case.scopes for word in ("--scope", scope)]
        if case.meets == "device":
            options.append("--device")
        else:
            options += ["--browser", self._browser, "--timeout", str(case.timeout)]
        options += {"dpop": ["--dpop"], "push": ["--push"]}.get(case.meets, [])
        came = self._run(case, "login", *where, *options)
        if case.meets == "request" and came.startswith("ok"):
            more = ["--yes", "--browser", self._browser, "--timeout", str(case.timeout)]
            return [self._run(case, "fetch", case.resource, "--json", *more)]
        if case.meets != "refresh":
            return [came]
        if not came.startswith("ok"):
            return [f"sign-in: {came}"]
        return [self._run(case, "token", *where, "--json") for _ in range(case.tries)]

    def _run(self, case: Case, *words: str) -> str:
        said = subprocess.run(
            [self._program, *words],
            env={**os.environ, "PROOFKEY_STORE": str(case.store)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        if said.returncode == 0:
            document = json.loads(said.stdout.splitlines()[-1])
            return " ".join(["ok", *document.get("scopes", [])])
        lines = [line for line in said.stderr.splitlines() if line.startswith("proofkey: ")]
        if not lines:
            raise AssertionError(said.stderr)
        code = lines[-1].split(": ")[1]
        status = re.search("HTTP ([0-9]+)", lines[-1])
        return f"http_{status[1]}" if code == "http_status" and status else code


class Python:
    """The package, in this process."""

    def __init__(self, browser: str) -> None:
        self._browser = browser

    def outcomes(self, case: Case) -> list[str]:
        import proofkey

        warnings.filterwarnings("ignore", category=proofkey.KeyFileWarning)
        settings: dict[str, Any] = {
            "client_id": case.client_id,
            "scopes": case.scopes,
            "store": proofkey.FileStore(case.store),
            "browser": self._browser,
            "timeout": case.timeout,
            "on_device_code": lambda _: None,
            "push": case.meets == "push",
            "dpop": "required" if case.meets == "dpop" else "never",
        }
        where = {"resource": case.resource} if case.meets == "request" else {"issuer": case.issuer}

        def sign_in() -> str:
            interaction = "device" if case.meets == "device" else "browser"
            with proofkey.Client(**where, **settings) as client:
                return " ".join(["ok", *client.sign_in(interaction=interaction).scopes])

        def token() -> str:
            with proofkey.Client(**where, **settings) as client:
                return " ".join(["ok", *client.tokens().scopes])

        def request() -> str:
            import httpx
            from proofkey.httpx import Auth

            with (
                proofkey.Client(**where, **settings) as client,
                httpx.Client(auth=Auth(client, "auto"), timeout=DEADLINE) as http,
            ):
                status = http.get(case.resource).status_code
                return "ok" if status == 200 else f"http_{status}"

        def code(ask: Any) -> str:
            try:
                return str(ask())
            except proofkey.ProofKeyError as error:
                return error.code

        came = code(sign_in)
        if case.meets == "request" and came.startswith("ok"):
            return [code(request)]
        if case.meets != "refresh":
            return [came]
        if not came.startswith("ok"):
            return [f"sign-in: {came}"]
        return [code(token) for _ in range(case.tries)]


class Driver:
    """A language's own program, which stays while cases come to it: one line each, and one line
    back, with the outcomes between commas."""

    def __init__(self, command: str, browser: str) -> None:
        self._lock = threading.Lock()
        self._child = subprocess.Popen(
            shlex.split(command),
            env={**os.environ, "BROWSER": browser},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def outcomes(self, case: Case) -> list[str]:
        where = case.resource if case.meets == "request" else case.issuer
        words = [case.meets, case.tries, case.timeout, where, case.client_id, case.store]
        line = " ".join([*map(str, words), *case.scopes])
        with self._lock:
            assert self._child.stdin is not None and self._child.stdout is not None
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()
            # A hang is ended from outside.
            timer = threading.Timer(DEADLINE, self._child.kill)
            timer.start()
            try:
                said = self._child.stdout.readline()
            finally:
                timer.cancel()
        if not said.endswith("\n"):
            raise AssertionError("the program has ended; what it said is above")
        return said.rstrip("\n").split(",")

    def close(self) -> None:
        assert self._child.stdin is not None and self._child.stdout is not None
        self._child.stdin.close()
        try:
            self._child.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()
