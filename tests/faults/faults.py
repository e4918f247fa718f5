#!/usr/bin/env python3
"""Every fault of `proofkey serve`: the naive client goes wrong, and ours do what the table says.

usage: faults.py PROGRAM [LANGUAGE=COMMAND...] [-k PART]

PROGRAM is the program `proofkey`, which stands for Rust too; this Python has the package
proofkey. A COMMAND runs a language's driver, built: it reads a case a line, as
bindings/c/tests/fault_driver.c does. With -k only the faults are tried whose names hold PART. The
last line is "N passed, N failed".
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))

import naive
from clients import LONG, SHORT, Case, Driver, Language, Program, Python
from harness import started
from wrongs import WRONGS

# Of the development server.
CLIENT = "proofkey-dev"

# At once: most of them wait.
WORKERS = 4

# What a client must say of a token that is for something else than was asked.
GRANTED = {"scope-broader": "read write admin", "scope-other": "write"}

# After these a second request would be a replay: exactly one may come.
ONCE = {"token-line-cut", "token-line-cut-in-body"}


@contextlib.contextmanager
def served(program: str, fault: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """A server that sins against all its clients; without a fault against those that name one."""
    command = [program, "serve", "--json", "--auto-approve", "--port", "0"]
    command += ["--device-interval", "0"]
    if fault is not None:
        command += ["--fault", fault["name"]]
        if fault["name"] == "device-slow-down-for-ever":
            command += ["--device-code-lifetime", "3"]
        if fault["meets"] == "refresh":
            command += ["--access-token-lifetime", "0"]
    with started(command, ends_by_signal=True) as said:
        yield said


def redemptions(server: dict[str, Any]) -> int:
    """How many codes have come to the token endpoint."""
    with urllib.request.urlopen(server["counters"]) as answer:
        arrived = json.load(answer).get("token", {}).get("arrived", {})
    return arrived.get("authorization_code", 0)


class Tests:
    def __init__(self, program: str, languages: dict[str, Language], folder: Path) -> None:
        self.program, self.languages, self.folder = program, languages, folder

    def one(self, fault: dict[str, Any]) -> list[tuple[str, str]]:
        """What was tried with this fault, and what is wrong with it; nothing where all is well."""
        results = []
        with served(self.program, fault) as server:
            went = naive.run(fault["meets"], server["issuer"], server["resource"], CLIENT)
            wrong = WRONGS.get(fault["name"])
            problem = "" if went == wrong else f"{went!r}, not {wrong!r}"
            results.append((f"{fault['name']}: naive", problem))
            for language, client in self.languages.items():
                try:
                    problem = self._right(fault, server, client)
                except Exception as unexpected:
                    problem = repr(unexpected)
                results.append((f"{fault['name']}: {language}", problem))
        return results

    def by_client(self, fault: dict[str, Any], server: dict[str, Any]) -> list[tuple[str, str]]:
        """At one server for all, the client's identifier chooses the fault."""
        where = fault["meets"], server["issuer"], server["resource"]
        went, wrong = naive.run(*where, fault["client_id"]), WRONGS.get(fault["name"])
        problem = "" if went == wrong else f"{went!r}, not {wrong!r}"
        return [(f"{fault['name']}: {fault['client_id']}", problem)]

    def others_are_served_right(self, server: dict[str, Any]) -> list[tuple[str, str]]:
        """The same server does no wrong to a client that names no fault."""
        results = []
        for meets in naive.MEETS:
            if meets in ("dpop", "device"):
                # Its proofs are none, and nobody enters its codes.
                continue
            went = naive.run(meets, server["issuer"], server["resource"], CLIENT)
            problem = "" if went == "accepted" else repr(went)
            results.append((f"{meets}: a client that names no fault", problem))
        return results

    def _right(self, fault: dict[str, Any], server: dict[str, Any], client: Language) -> str:
        expected = list(fault["codes"])
        case = Case(
            meets=fault["meets"],
            tries=len(expected),
            timeout=SHORT if "redirect_timeout" in expected else LONG,
            issuer=server["issuer"],
            resource=server["resource"],
            client_id=CLIENT,
            store=Path(tempfile.mkdtemp(dir=self.folder)),
        )
        before = redemptions(server)
        said = client.outcomes(case)
        if fault["name"] in ONCE and redemptions(server) != before + 1:
            return f"{redemptions(server) - before} requests came"
        codes = [one.split(" ")[0] for one in said]
        if codes != expected:
            return f"{said}, not {expected}"
        granted = GRANTED.get(fault["name"])
        if granted and said != [f"ok {granted}"]:
            return f"{said}, though {granted!r} was granted"
        return ""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="", metavar="PART")
    parser.add_argument("program")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE=COMMAND")
    arguments = parser.parse_args()
    listed = subprocess.run(
        [arguments.program, "serve", "--list-faults", "--json"], capture_output=True, check=True
    )
    faults = [f for f in json.loads(listed.stdout)["faults"] if arguments.k in f["name"]]
    # The longest one first.
    faults.sort(key=lambda fault: "drip" not in fault["name"])
    passed = failed = 0
    # The servers would tell every step.
    os.environ["RUST_LOG"] = "error"
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
        folder = Path(temporary)
        browser = folder / "browser"
        browser.write_text('#!/bin/sh\nexec curl -s -L -o /dev/null --max-time 20 "$1"\n')
        browser.chmod(0o700)
        languages: dict[str, Language] = {
            "rust": Program(arguments.program, str(browser)),
            "python": Python(str(browser)),
        }
        for given in arguments.languages:
            language, _, command = given.partition("=")
            driver = Driver(command, str(browser))
            stack.callback(driver.close)
            languages[language] = driver
        tests = Tests(arguments.program, languages, folder)
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(WORKERS))
        server = stack.enter_context(served(arguments.program, None))
        named = [fault for fault in faults if fault["client_id"] is not None]
        for results in itertools.chain(
            pool.map(tests.one, faults),
            pool.map(lambda fault: tests.by_client(fault, server), named),
            [tests.others_are_served_right(server)],
        ):
            for what, problem in results:
                if problem:
                    failed += 1
                    print(f"FAILED  {what}: {problem}", flush=True)
                else:
                    passed += 1
                    print(f"ok      {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
