"""Rows, goals and the words of a section of docs/benchmarks.md, for all languages.

Goals are compared here and nowhere else; a missed one is printed as missed, and no exit code
depends on it.
"""

import datetime
import platform
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional

Figures = dict  # "job/side" -> nanoseconds


class Unusable(Exception):
    """A run from which no table can be made."""


@dataclass(frozen=True)
class Goal:
    """What a row should reach."""

    words: str
    # What was reached, in words, and whether that is enough.
    judge: Callable[[Figures], tuple]


@dataclass(frozen=True)
class Row:
    """One line of a table. Keys are the names that the measuring program gives its jobs."""

    job: str
    ours: str
    peer: Optional[str]
    goal: Optional[Goal]
    left_out: str


@dataclass(frozen=True)
class Table:
    """A section's table, and what stands around it."""

    title: str
    introduction: str
    head: tuple
    rows: tuple
    line: Callable[[Row, Figures], list]
    notes: list = field(default_factory=list)

    @property
    def keys(self) -> list:
        """The figures of its rows."""
        return sorted({key for row in self.rows for key in (row.ours, row.peer) if key})


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


def time(nanoseconds: float) -> str:
    """Three digits that count."""
    unit = "ns"
    for larger in ("µs", "ms", "s"):
        if nanoseconds < 999.5:
            break
        nanoseconds, unit = nanoseconds / 1000, larger
    digits = 0 if nanoseconds >= 99.95 else 1 if nanoseconds >= 9.995 else 2
    return f"{nanoseconds:.{digits}f} {unit}"


def judged(row: Row, figures: Figures) -> tuple:
    """The goal in words, and whether it was met."""
    if not row.goal:
        return "", ""
    reached, met = row.goal.judge(figures)
    return row.goal.words, f"{'met' if met else '**missed**'}: {reached}"


def compared(row: Row, figures: Figures) -> list:
    """The cells of a row with one peer."""
    ours, peer = figures[row.ours], figures.get(row.peer) if row.peer else None
    return [
        row.job,
        time(ours),
        time(peer) if peer else "",
        f"{ours / peer:.2f}" if peer else "",
        *judged(row, figures),
        row.left_out,
    ]


def section(table: Table, figures: Figures, facts: list) -> str:
    """One language's part of the page, from its heading to its last line."""
    goals = [row.goal.judge(figures)[1] for row in table.rows if row.goal]
    out = [
        f"## {table.title}",
        "",
        table.introduction,
        f"Goals met: {sum(goals)} of {len(goals)}.",
        "",
        "| " + " | ".join(table.head) + " |",
        "|---" + "|---:" * (len(table.head) - 4) + "|---" * 3 + "|",
        *("| " + " | ".join(table.line(row, figures)) + " |" for row in table.rows),
        "",
        *table.notes,
        *([""] if table.notes else []),
        *(f"- {name}: {value}" for name, value in facts),
        "",
    ]
    return "\n".join(out)


def report(table: Table, figures: Figures) -> list:
    """The goals, a line for each."""
    lines = []
    for row in table.rows:
        if row.goal:
            reached, met = row.goal.judge(figures)
            word = "met   " if met else "MISSED"
            lines.append(f"{word}  {table.title}: {row.job}: {reached} ({row.goal.words})")
    return lines


def complete(figures: object, keys: list) -> Figures:
    """The figures, if each is there and a time."""
    if not isinstance(figures, dict):
        raise Unusable("there are no figures")
    for key in keys:
        value = figures.get(key)
        if not isinstance(value, (int, float)) or not value > 0:
            raise Unusable(f"the figure of {key} is {value!r}, not a time")
    return figures


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


def machine(cores: str) -> list:
    """What every section says of its run."""
    # The release without what a distribution or a host adds to it.
    kernel = re.match(r"[\d.]*\d", platform.release())
    return [
        ("date", datetime.datetime.now(datetime.timezone.utc).date().isoformat()),
        ("processor", f"{cpu()}, {cores} cores, {platform.machine()}"),
        ("kernel", f"{platform.system()} {kernel.group() if kernel else ''}".strip()),
        ("compiler", said("rustc", "--version") or "unknown"),
    ]


def load(before: str, after: str) -> list:
    """How busy the machine was."""
    return [
        ("load average before (1, 5, 15 minutes)", before),
        ("load average after", after),
    ]
