"""How the scripts of this folder test and count, and how they run others' servers."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shlex
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# In seconds. It is what a hang would end in.
DEADLINE = 60

HERE = Path(__file__).resolve().parent


def same(got: object, expected: object) -> None:
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


def run(tests: Iterable[tuple[str, Callable[[], None]]]) -> int:
    """Runs each, says how it went, and counts; the exit status."""
    passed = failed = 0
    for name, test in tests:
        what = name.replace("_", " ")
        try:
            test()
        except Exception as problem:
            failed += 1
            print(f"FAILED  {what}", flush=True)
            traceback.print_exc()
            # What a program said before it had to be ended.
            said = getattr(problem, "stderr", None)
            print(said or "", end="", file=sys.stderr)
        else:
            passed += 1
            print(f"ok      {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


@contextlib.contextmanager
def started(
    command: list[str], *, ends_by_signal: bool = False, environment: dict[str, str] | None = None
) -> Iterator[dict[str, object]]:
    """A running server, and the line of JSON that it prints once it is ready. It ends when its
    standard input does, or by SIGTERM. `environment` is added to ours."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    child = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    stdout = child.stdout

    def read() -> None:
        # To the end: a pipe without a reader would end the server.
        for line in stdout:
            lines.put(line)
        lines.put("")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while not (line := lines.get(timeout=DEADLINE)).startswith("{"):
            if not line:
                raise RuntimeError("the server ended; its message is above")
        yield json.loads(line)
    finally:
        child.stdin.close()
        if ends_by_signal:
            child.terminate()
        try:
            child.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        reader.join(DEADLINE)
        stdout.close()


@dataclass
class Server:
    """A server that others wrote, by what it says of itself."""

    name: str
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    # What tokens are asked for, and what can be read with one: the same, or a part of it.
    resource: str
    notes: str
    iss_promised: bool
    # What can be read with a token that is bound to a key alone, where there is such a thing.
    bound_resource: str | None = None
    # Whether it revokes the tokens of a public client.
    revokes: bool = True


@contextlib.contextmanager
def served(name: str, *options: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    with started([str(HERE / "serve"), name, *options], environment=environment) as said:
        yield Server(**{"name": name, "notes": said["resource"], **said})  # type: ignore[arg-type]


def browser_program(folder: Path, *, denies: bool = False, iss_promised: bool = True) -> str:
    """What BROWSER may name: our browser, as a program."""
    options = [*(["--deny"] if denies else []), *(["--iss"] if iss_promised else [])]
    program = folder / "browser"
    me = [sys.executable, str(HERE / "browser.py"), *options]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(me)} "$1"\n')
    program.chmod(0o700)
    return str(program)


def examples(given: list[str]) -> dict[str, list[str]]:
    """NAME=COMMAND, each: the words of the command by its name."""
    commands = {}
    for example in given:
        name, _, command = example.partition("=")
        commands[name] = shlex.split(command)
        if not commands[name]:
            raise SystemExit(f"{example!r} is not NAME=COMMAND; tests/run interop builds them")
    return commands


@dataclass
class Kept:
    """A language's example that keeps its tokens in the store that PROOFKEY_STORE names, as two
    commands: one signs in by the browser that BROWSER names, and one prints the access token."""

    sign_in: list[str]
    token: list[str]


def kept(given: list[str]) -> dict[str, Kept]:
    """LANGUAGE.sign_in=COMMAND and LANGUAGE.token=COMMAND, each: the example by its language."""
    commands = examples(given)
    languages = {name.partition(".")[0] for name in commands}
    try:
        return {
            name: Kept(commands.pop(f"{name}.sign_in"), commands.pop(f"{name}.token"))
            for name in sorted(languages)
        }
    except KeyError as missing:
        raise SystemExit(f"{missing}=COMMAND is missing") from None


def filled_in(command: list[str], resource: str, client: str) -> list[str]:
    """A command with its words RESOURCE and CLIENT replaced by these."""
    return [{"RESOURCE": resource, "CLIENT": client}.get(word, word) for word in command]
