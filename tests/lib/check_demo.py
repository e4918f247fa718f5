"""Runs `proofkey demo` as people and scripts do, and looks at what it prints.

check_demo.py PROGRAM
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
import unicodedata

DEADLINE_S = 30
# The promise of the demo: it is over before one gets impatient.
QUICK_S = 2.0
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run(program: str, *options: str, **environment: str):
    """(exit code, stdout, stderr, seconds) of one run into pipes."""
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    started = time.monotonic()
    ran = subprocess.run(
        [program, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        env={**clean, **environment},
    )
    return ran.returncode, ran.stdout, ran.stderr, time.monotonic() - started


def run_in_terminal(program: str, *options: str, **environment: str):
    """(exit code, output) of one run in a terminal of 80 columns."""
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [program, *options],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**clean, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
    )
    os.close(theirs)
    said, until = b"", time.monotonic() + DEADLINE_S
    try:
        while time.monotonic() < until:
            ready, _, _ = select.select([ours], [], [], max(0, until - time.monotonic()))
            if not ready:
                break
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other side has closed the terminal.
                break
            if not part:
                break
            said += part
        return child.wait(timeout=5), said.decode("utf-8", "replace")
    finally:
        child.kill()
        os.close(ours)


def columns(line: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in COLOUR.sub("", line)
    )


def too_wide(text: str) -> list:
    return [line for line in text.splitlines() if columns(line) > 79]


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def that(self, what: str, holds: bool, otherwise: str = ""):
        self.passed += bool(holds)
        self.failed += not holds
        print(f"{'ok' if holds else 'FAILED':7} {what}")
        if not holds and otherwise:
            print("    " + otherwise.strip().replace("\n", "\n    "))


# Both stories: the theft of a code, and that of tokens that are bound to a key.
STORIES = [["demo"], ["demo", "--dpop"]]


def check_story(checks: Checks, program: str, story: list):
    name = " ".join(story)
    status, said, complained, seconds = run(program, *story)
    checks.that(f"{name} ends with exit code 0", status == 0, f"{status}\n{said}{complained}")
    checks.that(f"{name} prints nothing on stderr", complained == "", complained)
    checks.that(f"{name} takes less than 2 s", seconds < QUICK_S, f"{seconds:.2f} s")
    checks.that(f"{name} says something", len(said.splitlines()) > 10, said)
    checks.that(f"{name} prints no escapes into a pipe", "\x1b" not in said)
    wide = "\n".join(too_wide(said))
    checks.that(f"no line of {name} is wider than 79 columns", not wide, wide)

    status, said = run_in_terminal(program, *story)
    checks.that(f"in a terminal {name} ends with exit code 0", status == 0, said)
    checks.that(f"in a terminal {name} is in colour", bool(COLOUR.search(said)))
    wide = "\n".join(too_wide(said))
    checks.that(f"in a terminal no line of {name} is too wide", not wide, wide)
    status, said = run_in_terminal(program, *story, NO_COLOR="1")
    checks.that(f"{name} respects NO_COLOR", status == 0 and not COLOUR.search(said), said)

    status, said, complained, _ = run(program, *story, "--json")
    checks.that(
        f"{name} --json ends with exit code 0", status == 0, f"{status}\n{said}{complained}"
    )
    try:
        value, why = json.loads(said), ""
    except ValueError as error:
        value, why = None, f"{error}\n{said}"
    checks.that(f"{name} --json prints one JSON value and nothing else", bool(value), why)
    refused = value["verdict"]["thefts_refused"] if value else 0
    checks.that(f"in {name} every theft is refused", refused >= 4, str(refused))


def check(program: str) -> Checks:
    checks = Checks()
    for story in STORIES:
        check_story(checks, program, story)

    # A reader that leaves early, as `head` does.
    child = subprocess.Popen([program, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdout.read(1)
    child.stdout.close()
    try:
        child.wait(timeout=DEADLINE_S)
    finally:
        child.kill()
    complained = child.stderr.read().decode("utf-8", "replace")
    checks.that("a reader that leaves early is no panic", "panicked" not in complained, complained)
    return checks


if __name__ == "__main__":
    done = check(sys.argv[1])
    print(f"{done.passed} passed, {done.failed} failed")
    sys.exit(1 if done.failed else 0)
