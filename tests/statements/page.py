"""The statements of docs/grants.md, as they stand there."""

import re
import sys
from pathlib import Path

LIB = Path(__file__).resolve().parent.parent / "lib"
sys.path.insert(0, str(LIB))

from check_readme import ROOT, fences  # noqa: E402
from pages import cells  # noqa: E402

PAGE = ROOT / "docs/grants.md"
TEXT = PAGE.read_text(encoding="utf-8")


def block(kind: str, beginning: str) -> str:
    """The one block of this kind that begins so."""
    found = [text for of, text in fences(TEXT) if of == kind and text.startswith(beginning)]
    if len(found) != 1:
        raise AssertionError(f"docs/grants.md has {len(found)} blocks of {kind}: {beginning}")
    return found[0]


def inline(beginning: str) -> str:
    """The one piece of code in a line that begins so."""
    found = {code for code in re.findall(r"`([^`\n]+)`", TEXT) if code.startswith(beginning)}
    if len(found) != 1:
        raise AssertionError(f"docs/grants.md has {len(found)} times in backquotes: {beginning}")
    return found.pop()


def spellings(database: str) -> list:
    """What SQLite's spelling is elsewhere: pairs, from the table whose first column is SQLite."""
    lines = TEXT.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("| SQLite |"))
    column = cells(lines[first]).index(database)
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        found = cells(line)
        rows.append((found[0].strip("`"), found[column].strip("`")))
    return rows


def spelt(sql: str, database: str) -> str:
    """A statement of the page as another database has it."""
    for here, there in spellings(database):
        sql = sql.replace(here, there)
    return sql


TABLES = block("sql", "CREATE TABLE grants")
CLAIM = block("sql", "UPDATE grants SET used")
ROTATE = block("sql", "UPDATE grants SET generation")
REMEMBER = block("sql", "INSERT INTO proofs")
SCRIPT = block("lua", "-- KEYS")
REMEMBER_IN_REDIS = inline("SET proof:")
BEGIN_IN_SQLITE = inline("BEGIN ")
