#!/usr/bin/env python3
"""docs/faults.md, from what `proofkey serve --list-faults --json` says.

usage: page.py PROGRAM [--check]  prints the page, or says whether the one that is kept is this
"""

from __future__ import annotations

import difflib
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).resolve().parent.parent.parent / "docs" / "faults.md"

HEAD = """\
# Faults

What the development server can do wrong on purpose, one sin each, to see what a client does about
it. This page is made from `proofkey serve --list-faults --json`; `tests/run faults` checks that it
is, and that the clients of all five languages do what stands here.

```sh
proofkey serve --fault iss-wrong          # to every client; several: --fault again, or commas
proofkey serve --list-faults              # this table; with --json for programs
```

A running server without `--fault` does it to one client alone: the one whose identifier is `fault-`
and the name, such as `fault-iss-wrong`. Faults of the metadata, the keys and the resource are the
same for all clients, so only `--fault` chooses them. To meet a fault a client signs in by redirect,
if nothing else is said here.

Codes are those of [errors.md](errors.md). A fault stands here only because a client that checks
nothing goes wrong by it: `tests/faults/naive.py` is such a one, and `tests/faults/wrongs.py` says
how each ends.
"""

MEETS = {
    "openid": "A client meets these when it signs in with the scope `openid`.",
    "refresh": "A client meets these when its token has expired: `--access-token-lifetime 0`.",
    "request": "A client meets these when it asks the resource.",
    "device": "A client meets these when it signs in by a device code.",
    "dpop": "A client meets these when it wants a token that is bound to a key.",
    "push": "A client meets these when it pushes its request.",
}


def page(faults: list[dict[str, Any]]) -> str:
    text = HEAD
    for group, members in itertools.groupby(faults, key=lambda fault: fault["group"]):
        rows = list(members)
        text += f"\n## {group[0].upper()}{group[1:]}\n\n"
        if (how := MEETS.get(rows[0]["meets"])) is not None:
            text += f"{how}\n\n"
        text += "| name | the server | a correct client | text |\n|---|---|---|---|\n"
        for fault in rows:
            right = fault["right"].removeprefix("A correct client ").removesuffix(".")
            for code in fault["codes"]:
                if code != "ok":
                    right = right.replace(code, f"`{code}`", 1)
            does = fault["does"].removesuffix(".")
            text += f"| `{fault['name']}` | {does} | {right} | {fault['rule']} |\n"
    return text


def main() -> int:
    program, *options = sys.argv[1:]
    command = [program, "serve", "--list-faults", "--json"]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    made = page(json.loads(said)["faults"])
    if options != ["--check"]:
        print(made, end="")
        return 0
    kept = KEPT.read_text(encoding="utf-8")
    sys.stdout.writelines(
        difflib.unified_diff(kept.splitlines(True), made.splitlines(True), "kept", "made")
    )
    return 0 if kept == made else 1


if __name__ == "__main__":
    sys.exit(main())
