"""Writes docs/benchmarks.md from what criterion has measured.

    bench_table.py --round FOLDER [--round FOLDER ...] --lock BENCH_LOCK
                   --load-before "A B C" --load-after "A B C" --output PAGE

Each FOLDER is the CRITERION_HOME of one round. A figure is the mean of the fastest sample of all
rounds: what else the machine does can only make a job slower, and on a shared machine the medians
tell more of its other work than of this. Goals are compared here and nowhere else; a missed one is
printed as missed, and the exit code does not depend on it.
"""

import argparse
import datetime
import json
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

Figures = dict  # "job/side" -> nanoseconds


@dataclass(frozen=True)
class Goal:
    """What a row should reach."""

    words: str
    # What was reached, in words, and whether that is enough.
    judge: Callable[[Figures], tuple]


@dataclass(frozen=True)
class Row:
    """One line of the table. Keys are the names of core/benches/src/bench.rs."""

    job: str
    ours: str
    peer: Optional[str]
    goal: Optional[Goal]
    left_out: str


def at_most_above(ours: str, base: str, nanoseconds: float) -> Goal:
    def judge(figures: Figures) -> tuple:
        above = figures[ours] - figures[base]
        return f"{above:.0f} ns above", above <= nanoseconds

    return Goal(f"at most {nanoseconds:.0f} ns above the generator's call", judge)


def at_most_times(ours: str, base: str, factor: float, words: str) -> Goal:
    def judge(figures: Figures) -> tuple:
        times = figures[ours] / figures[base]
        return f"{times:.2f} times", times <= factor

    return Goal(words, judge)


ROWS = (
    Row(
        "the system's generator alone, 32 bytes",
        "pair/generator",
        None,
        None,
        "(nothing is compared)",
    ),
    Row(
        "pair: a verifier and the text of its challenge",
        "pair/proofkey",
        "pair/oauth2",
        at_most_above("pair/proofkey", "pair/generator", 120),
        "the call of the system's generator: it draws from a generator in user space; wiping",
    ),
    Row(
        "the system's generator alone, 96 bytes: verifier, state and nonce",
        "authorization_url/generator",
        None,
        None,
        "(nothing is compared)",
    ),
    Row(
        "from the request to the authorization URL",
        "authorization_url/proofkey",
        "authorization_url/oauth2",
        at_most_times(
            "authorization_url/proofkey",
            "authorization_url/oauth2",
            0.5,
            "at most half of oauth2's",
        ),
        "the call of the system's generator; a nonce; 16 of the 32 bytes of state; checks of "
        "client_id, scopes, issuer and redirect URI (its client is made before the measurement); "
        "wiping",
    ),
    Row("SHA-256 of 43 bytes alone", "verify/sha256", None, None, "(nothing is compared)"),
    Row(
        "verify: a verifier against a challenge",
        "verify/proofkey",
        None,
        at_most_times("verify/proofkey", "verify/sha256", 2, "at most twice the hash alone"),
        "all of it: it is a client's crate",
    ),
    Row(
        "a whole sign-in without the network",
        "sign_in/proofkey",
        "sign_in/oauth2",
        None,
        "the comparison of the state (done by hand here, not in constant time); iss; the place "
        "and length of the redirect; duplicate parameters; duplicate members of the answer; the "
        "absolute expiry; wiping; the call of the system's generator",
    ),
    Row(
        "redeem: a token request on the store in memory",
        "redeem/proofkey",
        None,
        None,
        "all of it: it is a client's crate",
    ),
    Row(
        "authorization request, code, and its redemption, on the store in memory",
        "issue_and_redeem/proofkey",
        None,
        None,
        "all of it: it is a client's crate",
    ),
)

INTRODUCTION = """# Benchmarks

Written by `tests/bench`; do not edit. ProofKey and the crate `oauth2` run in one program, one after
the other, with the same inputs (`core/benches/src/inputs.rs`). Criterion takes 100 samples of each
job in each of {rounds} rounds, of many iterations each; a figure is the mean of the fastest sample,
because what else the machine does can only make a job slower. Dropping what a job makes belongs to
its time, and so does wiping. The last column says what of the job `oauth2` leaves out.
"""

KEYS = sorted({key for row in ROWS for key in (row.ours, row.peer) if key})


class Unusable(Exception):
    """A run from which no table can be made."""


def read_round(folder: Path) -> Figures:
    """The fastest samples of one round, in nanoseconds an iteration."""
    figures = {}
    for key in KEYS:
        path = folder / key / "new" / "sample.json"
        try:
            sample = json.loads(path.read_text(encoding="utf-8"))
            pairs = list(zip(sample["times"], sample["iters"]))
            fastest = min(time / iterations for time, iterations in pairs)
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise Unusable(f"no samples of {key}: {error}") from error
        if not fastest > 0:
            raise Unusable(f"the fastest sample of {key} is {fastest!r}, not a time")
        figures[key] = fastest
    return figures


def lowest(rounds: list) -> Figures:
    return {key: min(figures[key] for figures in rounds) for key in KEYS}


def spread(rounds: list) -> float:
    """By how much the rounds differ at most, in per cent of the lowest."""
    best = lowest(rounds)
    return max(100 * (max(r[key] for r in rounds) / best[key] - 1) for key in KEYS)


def time(nanoseconds: float) -> str:
    """Three digits that count."""
    unit = "ns"
    for larger in ("µs", "ms", "s"):
        if nanoseconds < 999.5:
            break
        nanoseconds, unit = nanoseconds / 1000, larger
    digits = 0 if nanoseconds >= 99.95 else 1 if nanoseconds >= 9.995 else 2
    return f"{nanoseconds:.{digits}f} {unit}"


def line(row: Row, figures: Figures) -> str:
    ours, peer = figures[row.ours], figures.get(row.peer) if row.peer else None
    goal = result = ""
    if row.goal:
        reached, met = row.goal.judge(figures)
        goal, result = row.goal.words, f"{'met' if met else '**missed**'}: {reached}"
    cells = [
        row.job,
        time(ours),
        time(peer) if peer else "",
        f"{ours / peer:.2f}" if peer else "",
        goal,
        result,
        row.left_out,
    ]
    return "| " + " | ".join(cells) + " |"


def page(rounds: list, facts: list) -> str:
    figures = lowest(rounds)
    goals = [row.goal.judge(figures)[1] for row in ROWS if row.goal]
    out = [
        INTRODUCTION.format(rounds=len(rounds)),
        f"Goals met: {sum(goals)} of {len(goals)}.",
        "",
        "| job | ProofKey | oauth2 | ratio | goal | result | left out by oauth2 |",
        "|---|---:|---:|---:|---|---|---|",
        *(line(row, figures) for row in ROWS),
        "",
        "## The run",
        "",
        *(f"- {name}: {value}" for name, value in facts),
        f"- the rounds differ by at most {spread(rounds):.0f} %",
        "",
        "Between machines compare ratios, not times. A load above 1 makes times longer than",
        "they are.",
        "",
    ]
    return "\n".join(out)


def cpu() -> str:
    """The processor's model."""
    try:
        found = re.search(
            r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE
        )
    except OSError:
        found = None
    if found:
        return found.group(1).strip()
    return said("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine() or "unknown"


def said(*command: str) -> str:
    """What a program says, or nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def version_of(lock: str, name: str) -> str:
    """The newest version of a crate in a lock file; the file is sorted."""
    found = re.findall(rf'^name = "{re.escape(name)}"\nversion = "(.+)"$', lock, re.MULTILINE)
    return found[-1] if found else "unknown"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--round", action="append", type=Path, required=True, dest="rounds")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--cores", required=True)
    parser.add_argument("--load-before", required=True)
    parser.add_argument("--load-after", required=True)
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    try:
        rounds = [read_round(folder) for folder in given.rounds]
    except Unusable as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    lock = given.lock.read_text(encoding="utf-8")
    # The release without what a distribution or a host adds to it.
    kernel = re.match(r"[\d.]*\d", platform.release())
    facts = [
        ("date", datetime.datetime.now(datetime.timezone.utc).date().isoformat()),
        ("processor", f"{cpu()}, {given.cores} cores, {platform.machine()}"),
        ("kernel", f"{platform.system()} {kernel.group() if kernel else ''}".strip()),
        ("compiler", said("rustc", "--version") or "unknown"),
        ("ProofKey", version_of(lock, "proofkey")),
        ("oauth2", version_of(lock, "oauth2")),
        ("load average before (1, 5, 15 minutes)", given.load_before),
        ("load average after", given.load_after),
    ]
    given.output.write_text(page(rounds, facts), encoding="utf-8")
    for row in ROWS:
        if row.goal:
            reached, met = row.goal.judge(lowest(rounds))
            print(f"{'met   ' if met else 'MISSED'}  {row.job}: {reached} ({row.goal.words})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
