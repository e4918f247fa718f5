#!/usr/bin/env python3
"""A hundred processes of many languages, one store, one token that has expired: one refresh.

usage: processes.py PROGRAM [LANGUAGE.sign_in=COMMAND LANGUAGE.token=COMMAND...]

PROGRAM is the program `proofkey`; its `token` is most of the processes, and its `serve` the server.
A COMMAND is as in access.py; only those that print the token are run. This Python has the package
proofkey. The last line is "N passed, N failed".
"""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from between import Between, Hold
from browser import InProcess
from harness import Kept, filled_in, kept, run, same, started
from proofkey import Client
from signers import file_store

# Of the development server.
CLIENT = "proofkey-dev"

# How many processes there are in all, and how many of each other language: a machine has two cores,
# and a Java one needs one of them for a second.
ALL, FEW = 100, 20
EACH, SLOW = 8, {"kotlin": 3}

# In seconds; each is what a hang would end in.
DEADLINE = 30


@dataclass
class Ended:
    name: str
    status: int
    out: str
    err: str


class Process:
    """One that was asked for the token."""

    def __init__(self, name: str, command: list[str], store: Path) -> None:
        self.name = name
        # Nobody is to be asked: the token is there.
        environment = {**os.environ, "PROOFKEY_STORE": str(store), "BROWSER": "false"}
        self._child = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> None:
        self._child.kill()

    def clear(self) -> None:
        """Whatever became of the test, nothing is left of it."""
        self._child.kill()
        self._child.communicate()

    def end(self) -> Ended:
        try:
            out, err = self._child.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end") from None
        return Ended(self.name, self._child.returncode, out, err)

    def still_runs(self) -> None:
        if self._child.poll() is not None:
            raise AssertionError(f"it did not wait: {self.end()}")

    def waits(self) -> bool:
        """Whether it has opened the file of a lock, as it has from when it waits to its end."""
        self.still_runs()
        folder = Path(f"/proc/{self._child.pid}/fd")
        with contextlib.suppress(FileNotFoundError):
            for opened in folder.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if opened.readlink().name.startswith("lock-"):
                        return True
        return False


class Tests:
    """Each method ``test_…`` is one test, each ``victim_…`` one for every language."""

    def __init__(self, program: str, languages: dict[str, Kept], folder: Path) -> None:
        self.program, self.folder, self.between = program, folder, Between()
        self.started: list[Process] = []
        self.issuer = f"http://127.0.0.1:{self.between.port}"
        self.resource = f"{self.issuer}/api"
        script = str(Path(__file__).with_name("python_token.py"))
        commands = {
            "the program": [program, "token", "RESOURCE"],
            "python": [sys.executable, script, "RESOURCE", "CLIENT"],
            **{name: commands.token for name, commands in languages.items()},
        }
        self.commands = {
            name: filled_in(command, self.resource, CLIENT) for name, command in commands.items()
        }
        os.environ["RUST_LOG"] = "warn"

    @contextlib.contextmanager
    def _server(self, data: Path, *options: str) -> Iterator[None]:
        command = [self.program, "serve", "--json", "--auto-approve", "--port", "0"]
        place = ["--issuer", self.issuer, "--store", f"sqlite:{data}"]
        with started([*command, *place, *options], ends_by_signal=True) as said:
            self.between.target = int(str(said["port"]))
            yield

    @contextlib.contextmanager
    def _expired(self, *options: str, hold: Hold) -> Iterator[Path]:
        """A store with a token that has expired, and the server where it can be refreshed."""
        store = Path(tempfile.mkdtemp(dir=self.folder))
        data = store / "server.sqlite"
        with self._server(data, "--access-token-lifetime", "0"):
            browser = InProcess()
            settings = {"client_id": CLIENT, "store": file_store(store), "browser": browser}
            with Client(self.resource, **settings) as client:
                client.sign_in()
            browser.done()
        with self._server(data, *options):
            self.between.begin(hold)
            try:
                yield store
            finally:
                for process in self.started:
                    process.clear()
                self.started.clear()

    def _start(self, name: str, store: Path) -> Process:
        process = Process(name, self.commands[name], store)
        self.started.append(process)
        return process

    def _mixed(self, size: int, store: Path) -> list[Process]:
        """So many processes of all languages, started one after the other."""
        others = [name for name in self.commands if name != "the program"]
        names = [name for name in others for _ in range(min(SLOW.get(name, EACH), size // 5))]
        names += ["the program"] * (size - len(names))
        return [self._start(name, store) for name in names]

    def _held(self, processes: list[Process]) -> None:
        """The refresh of one of them is on its way."""
        end = time.monotonic() + DEADLINE
        while not self.between.held.wait(0.1):
            for process in processes:
                process.still_runs()
            if time.monotonic() > end:
                raise AssertionError("no refresh has come")

    def _all_wait(self, processes: list[Process]) -> None:
        """All of them stand before the lock, or have it. The system tells nobody when that begins,
        so it is asked."""
        end = time.monotonic() + DEADLINE
        pause = threading.Event()
        while not all([process.waits() for process in processes]):
            if time.monotonic() > end:
                raise AssertionError("not all processes have come to the lock")
            pause.wait(0.05)

    def _one_token(self, processes: list[Process]) -> None:
        ended = [process.end() for process in processes]
        same([each for each in ended if each.status != 0], [])
        tokens = {each.out for each in ended}
        same((len(tokens), min(len(token) for token in tokens) > 20), (1, True))

    def test_a_hundred_processes_refresh_once(self) -> None:
        # T26
        with self._expired(hold=Hold.ANSWER) as store:
            processes = self._mixed(ALL, store)
            self._held(processes)
            self._all_wait(processes)
            self.between.let_go.set()
            self._one_token(processes)
            same(self.between.refreshes, 1)

    def victim_killed_before_the_server_was_asked_costs_one_more(self, name: str) -> None:
        with self._expired(hold=Hold.REQUEST) as store:
            victim = self._start(name, store)
            self._held([victim])
            processes = self._mixed(FEW, store)
            self._all_wait(processes)
            victim.kill()
            same(victim.end().out, "")
            self._one_token(processes)
            same(self.between.refreshes, 2)

    def test_one_killed_after_the_answer_costs_one_more_within_the_window(self) -> None:
        # P27: the old refresh token may come once more, while its successor is unused
        with self._expired("--reuse-window", "30", hold=Hold.ANSWER) as store:
            victim = self._start("the program", store)
            self._held([victim])
            processes = self._mixed(FEW, store)
            self._all_wait(processes)
            victim.kill()
            same(victim.end().out, "")
            self._one_token(processes)
            same(self.between.refreshes, 2)

    def test_one_killed_after_the_answer_costs_the_sign_in_without_a_window(self) -> None:
        # P27: the family is revoked; one learns it from the server, and the others from the store
        with self._expired(hold=Hold.ANSWER) as store:
            victim = self._start("the program", store)
            self._held([victim])
            processes = [self._start("the program", store) for _ in range(FEW)]
            self._all_wait(processes)
            victim.kill()
            same(victim.end().out, "")
            ended = [process.end() for process in processes]
            same({(each.status, each.out) for each in ended}, {(1, "")})
            codes = Counter(each.err.split(": ")[1] for each in ended)
            same(codes, Counter({"invalid_grant": 1, "sign_in_required": FEW - 1}))
            same(self.between.refreshes, 2)

    def all(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Every test with its name."""
        for name in vars(Tests):
            kind, _, what = name.partition("_")
            if kind == "test":
                yield what, getattr(self, name)
            if kind == "victim":
                for victim in self.commands:
                    yield f"{victim} {what}", functools.partial(getattr(self, name), victim)


def main() -> int:
    program, *commands = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(program, kept(commands), Path(folder))
        with tests.between.standing():
            return run(tests.all())


sys.exit(main())
