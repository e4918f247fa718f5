"""README.md against the tree: commands, folders, links and snippets are what it says they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = ["cargo run --release -p proofkey-cli -- demo", "tests/run"]


def files(*patterns) -> list:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def fences(text: str) -> list:
    """Every fenced block as (language, text)."""
    return re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list:
    shown = [line for kind, block in fences(text) if kind == "sh" for line in block.splitlines()]
    problems = [f"does not show the command: {line}" for line in COMMANDS if line not in shown]
    manifest = (ROOT / "cli/Cargo.toml").read_text(encoding="utf-8")
    if 'name = "proofkey-cli"' not in manifest or 'name = "proofkey"' not in manifest:
        problems.append("cli/Cargo.toml has no package proofkey-cli with a program proofkey")
    if not os.access(ROOT / "tests/run", os.X_OK):
        problems.append("tests/run cannot be executed")
    return problems


def snippets(text: str) -> list:
    """They are compiled as doctests, if some crate takes README.md for its documentation."""
    problems = []
    kinds = [kind for kind, _ in fences(text)]
    if not any(kind.split(",")[0] == "rust" for kind in kinds):
        problems.append("shows no Rust")
    for kind in kinds:
        # rustdoc takes a block without a language for Rust, and skips one that says ignore.
        if not kind or "ignore" in kind:
            problems.append(f"a block is marked '{kind}': name its language, and no ignore")
    include = re.compile(r'doc\s*=\s*include_str!\("[./]*README\.md"\)')
    included = [name for name in files("*.rs") if include.search((ROOT / name).read_text("utf-8"))]
    if not included:
        problems.append("no crate includes it, so its snippets are compiled by nobody")
    return problems


def languages(text: str) -> list:
    """The first example of a language's own page is that of README.md, which its suite compiles."""
    problems = []
    for kind, page in (("kotlin", "android/README.md"), ("swift", "ios/README.md")):
        first = [
            next((block for found, block in fences(shown) if found == kind), None)
            for shown in (text, (ROOT / page).read_text(encoding="utf-8"))
        ]
        if first[0] is None or first[0] != first[1]:
            problems.append(f"its first example in {kind} is not that of {page}")
    return problems


def folders(text: str) -> list:
    listed = set(re.findall(r"^- `([\w.-]+)/`:", text, re.MULTILINE))
    there = {name.split("/")[0] for name in files() if "/" in name and not name.startswith(".")}
    problems = [
        f"lists the folder {name}/, which does not exist" for name in sorted(listed - there)
    ]
    return problems + [f"does not list the folder {name}/" for name in sorted(there - listed)]


def links(_: str) -> list:
    problems = []
    for name in files("*.md"):
        page = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)", page):
            path = target.partition("#")[0]
            if not path or re.match(r"[a-z]+:", path):
                continue
            if not (ROOT / name).parent.joinpath(path).exists():
                problems.append(f"{name}: the link {target} leads nowhere")
    return problems


def main() -> int:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    passed = failed = 0
    for check in (commands, snippets, languages, folders, links):
        problems = check(text)
        print(f"{'FAILED' if problems else 'ok':7} README: {check.__name__}")
        for problem in problems:
            print(f"    {problem}")
        passed += not problems
        failed += bool(problems)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
