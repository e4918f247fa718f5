"""Writes the sections of docs/benchmarks.md that were measured; the others stay as they are.

    bench_page.py rust   --round FOLDER [--round FOLDER ...] --lock BENCH_LOCK
    bench_page.py python --sign-in JSON --imports JSON --wheel FILE --library FILE --python VERSION
    bench_page.py c      --figures FILE --openssl VERSION --library FILE [--library FILE ...]
    bench_page.py kotlin --figures FILE --jars FOLDER --library FILE
    bench_page.py swift  --figures FILE --crossings FILE --versions FILE --library FILE

and each with --cores N --load-before "A B C" --load-after "A B C" --output PAGE.
"""

import argparse
import json
import sys
from pathlib import Path

import bench_c
import bench_kotlin
import bench_python
import bench_rust
import bench_swift
import bench_table
from bench_table import Table, Unusable, complete, section

TITLES = ("Rust", "Python", "C", "Kotlin", "Swift", "Servers")
INTRODUCTION = """# Benchmarks

Written by `tests/bench`; do not edit. What else a machine does can only make a job slower, so
each figure is the lowest of many. Dropping what a job makes belongs to its time, and so does
wiping. Between machines compare ratios, not times.
"""


def merged(page: str, title: str, text: str) -> str:
    """The page with this section instead of its old one."""
    sections = {title: text}
    for part in ("\n" + page).split("\n## ")[1:]:
        name = part.partition("\n")[0].strip()
        if name in TITLES:
            sections.setdefault(name, "## " + part)
    parts = [INTRODUCTION, *(sections[name] for name in TITLES if name in sections)]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def size(path: Path) -> tuple:
    """A fact: how large a library is."""
    return (f"`{path.name}`, stripped", f"{path.stat().st_size / 1e3:.0f} kB")


def rust(given: argparse.Namespace) -> tuple:
    rounds = [bench_rust.read_round(folder) for folder in given.rounds]
    lock = given.lock.read_text(encoding="utf-8")
    return bench_rust.TABLE, bench_rust.lowest(rounds), bench_rust.facts(lock, rounds, given.node)


def python(given: argparse.Namespace) -> tuple:
    sign_in, imports = (
        json.loads(path.read_text(encoding="utf-8")) for path in (given.sign_in, given.imports)
    )
    figures = complete(bench_python.figures(sign_in, imports), bench_python.keys())
    facts = bench_python.facts(
        sign_in["versions"], given.python, given.wheel.stat().st_size, [size(given.library[0])]
    )
    return bench_python.table(sign_in, imports), figures, facts


def c(given: argparse.Namespace) -> tuple:
    figures = bench_c.read(given.figures.read_text(encoding="utf-8"))
    facts = bench_c.facts(given.openssl, [size(path) for path in given.library])
    return bench_c.TABLE, complete(figures, bench_c.TABLE.keys), facts


def kotlin(given: argparse.Namespace) -> tuple:
    rounds, crossings, java = bench_kotlin.read(given.figures.read_text(encoding="utf-8"))
    figures = complete(bench_kotlin.lowest(rounds), bench_kotlin.keys())
    jars = sorted(jar.name for jar in given.jars.glob("*.jar"))
    facts = bench_kotlin.facts(java, jars, [size(given.library[0])])
    return bench_kotlin.table(rounds, crossings), figures, facts


def swift(given: argparse.Namespace) -> tuple:
    lowest, medians = bench_swift.read(given.figures.read_text(encoding="utf-8"))
    crossings = bench_swift.read_crossings(given.crossings.read_text(encoding="utf-8"))
    complete(medians, bench_swift.keys())
    facts = bench_swift.facts(given.versions.read_text(encoding="utf-8"), [size(given.library[0])])
    return bench_swift.table(medians, crossings), complete(lowest, bench_swift.keys()), facts


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("rust", "python", "c", "kotlin", "swift"))
    parser.add_argument("--round", action="append", type=Path, default=[], dest="rounds")
    for name in ("lock", "sign-in", "imports", "wheel", "figures", "jars", "crossings", "versions"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--library", action="append", type=Path)
    for name in ("openssl", "python", "node"):
        parser.add_argument(f"--{name}", default="unknown")
    for name in ("cores", "load-before", "load-after"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--output", type=Path, required=True)
    return parser.parse_args()


def main() -> int:
    given = arguments()
    try:
        parts = {"rust": rust, "python": python, "c": c, "kotlin": kotlin, "swift": swift}
        table, figures, facts = parts[given.part](given)
    except (Unusable, OSError, ValueError, KeyError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return write(given, table, figures, facts)


def write(given: argparse.Namespace, table: Table, figures: dict, facts: list) -> int:
    before = given.output.read_text(encoding="utf-8") if given.output.exists() else ""
    facts = [
        *bench_table.machine(given.cores),
        *facts,
        *bench_table.load(given.load_before, given.load_after),
    ]
    text = merged(before, table.title, section(table, figures, facts))
    given.output.write_text(text, encoding="utf-8")
    print(*bench_table.report(table, figures), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
