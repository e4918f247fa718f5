"""The tables of docs/requirements.md and docs/threats.md: one row a demand, with what proves it."""

import re
from pathlib import Path
from typing import NamedTuple

# A cell ends at a bar that is not escaped.
_BAR = re.compile(r"(?<!\\)\|")
_OPEN = re.compile(r"open \([^()]+\)")
_REFERENCE = re.compile(r"`([^`]+)`")


class Row(NamedTuple):
    """One row: `number` is its first cell, `proof` its last."""

    page: str
    line: int
    number: str
    demand: str
    proof: str

    def where(self) -> str:
        return f"{self.page}:{self.line}: {self.number}"


class Page(NamedTuple):
    rows: list
    problems: list


def cells(line: str) -> list:
    """The cells of one line of a table."""
    return [cell.strip() for cell in _BAR.split(line.strip())[1:-1]]


def read_page(path: Path, name: str) -> Page:
    """Every row of every table. A table that is not `number | … | tests` is a problem: its rows
    would be read by nobody."""
    rows, problems = [], []
    header, width, fenced = None, 0, False
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced or not line.startswith("|"):
            header = None
            continue
        found = cells(line)
        if header is None:
            header, width = found, len(found)
            if width < 3 or found[0] != "number" or found[-1] != "tests":
                problems.append(f"{name}:{at}: a table here must be: number | … | tests")
        elif set("".join(found)) <= set("-: "):
            continue
        elif len(found) != width:
            problems.append(f"{name}:{at}: the row has {len(found)} cells, its table {width}")
        else:
            rows.append(Row(name, at, found[0], found[1], found[-1]))
    return Page(rows, problems)


def references(row: Row) -> tuple:
    """The tests that a row names, and what is wrong with its last cell.

    The cell holds names in backquotes, separated by commas, and where something is still missing
    `open (what brings it)`.
    """
    named = _REFERENCE.findall(row.proof)
    opened = _OPEN.findall(row.proof)
    rest = _OPEN.sub("", _REFERENCE.sub("", row.proof))
    if rest.strip(" ,"):
        return named, [f"{row.where()}: cannot read '{rest.strip(' ,')}' in the column tests"]
    if not named and not opened:
        return [], [f"{row.where()}: names no test and is not 'open (what brings it)'"]
    return named, []


def missing_numbers(rows: list, demanded: list, name: str) -> list:
    """Numbers that the page must have and has not, and those that it has and should not."""
    there = {row.number for row in rows}
    problems = [f"{name}: {number} is missing" for number in demanded if number not in there]
    for row in rows:
        if row.number not in demanded:
            problems.append(f"{row.where()}: there is no such number")
    return problems


def counted_numbers(rows: list, letters: str, name: str) -> list:
    """Rows counted T1, T2 … within each letter, without a gap and without a second one."""
    problems = []
    for letter in letters:
        mine = [row for row in rows if re.fullmatch(letter + r"\d+", row.number)]
        if not mine:
            problems.append(f"{name}: {letter}1 is missing")
        for n, row in enumerate(mine, start=1):
            if row.number != f"{letter}{n}":
                problems.append(f"{row.where()}: expected {letter}{n} here")
    for row in rows:
        if not re.fullmatch(f"[{letters}]" + r"\d+", row.number):
            problems.append(
                f"{row.where()}: a number here is one of {', '.join(letters)} and digits"
            )
    return problems
