"""Compares what each language said about every vector and transcript, and shows that an altered one
is noticed.

    compare_vectors.py lines FOLDER LANGUAGE...  each language's file there, with what is expected
    compare_vectors.py altered COMMAND...        COMMAND must fail and name what was altered

A language writes one line a case, sorted by id: id, tab, verdict. See tests/vectors/README.md.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
# The folder, which is also the name of the list in its files, and what names another folder.
KINDS = {"vectors": "PROOFKEY_VECTORS_DIR", "transcripts": "PROOFKEY_TRANSCRIPTS_DIR"}
DEADLINE_S = 240


def files() -> list:
    """Every file with its kind and what it holds."""
    found = []
    for kind in KINDS:
        for file in sorted((TESTS / kind).glob("*.json")):
            found.append((kind, file, json.loads(file.read_text(encoding="utf-8"))))
    return found


def expected_lines() -> list:
    cases = [one for kind, _, document in files() for one in document[kind]]
    return sorted(f"{one['id']}\t{one['expect']}" for one in cases)


def compare(canonical: Path, languages: list) -> tuple:
    expected = expected_lines()
    passed = failed = 0
    for file in (canonical / f"{language}.txt" for language in languages):
        if not file.exists():
            failed += 1
            print(f"FAILED  {file.stem}: has not written what it says")
            continue
        said = file.read_text(encoding="utf-8").splitlines()
        differing = sorted(set(said) ^ set(expected))
        if said == expected:
            passed += len(said)
            print(f"ok      {file.stem}: {len(said)} cases, each with the expected verdict")
            continue
        failed += max(1, len(differing))
        print(f"FAILED  {file.stem}: {len(said)} lines for {len(expected)} cases")
        for line in differing[:20]:
            print(f"    {'said' if line in said else 'expected'}: {line}")
    return passed, failed


def alter(one: dict):
    """Another expectation than the true one, of the same form."""
    wrong = {"true": "false", "false": "true"}
    one["expect"] = wrong.get(one["expect"], one["expect"] + "x")


def altered(command: list) -> tuple:
    """One case of each file is altered: the runner must fail and name every one, and no other.

    One run for all files: that takes seconds, as long as a start of a language takes, and a run
    for each file would take minutes."""
    wrong, right = {}, set()
    with tempfile.TemporaryDirectory() as top:
        for kind, file, document in files():
            cases = document[kind]
            one = cases[len(cases) // 2]
            # An id of one word may stand in any message.
            right |= {case["id"] for case in cases if case is not one and "-" in case["id"]}
            alter(one)
            wrong[f"{kind}/{file.name}"] = one["id"]
            copy = Path(top, kind, file.name)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(json.dumps(document), encoding="utf-8")
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE_S,
            check=False,
            env={**os.environ, **{KINDS[kind]: str(Path(top, kind)) for kind in KINDS}},
        )
    named = set(re.findall(r"[a-z0-9-]+", ran.stdout))
    # Noticed means that the runner itself says so, not that it was killed or does not build.
    failed_itself = 0 < ran.returncode < 126
    results = {
        f"{file}: {case} altered is noticed": failed_itself and case in named
        for file, case in wrong.items()
    }
    others = sorted(named & right)
    results["no case that was not altered is named"] = failed_itself and not others
    for what, well in results.items():
        print(f"{'ok' if well else 'FAILED':7} {what}")
    passed = sum(results.values())
    if passed < len(results):
        print(f"    exit code {ran.returncode}; not altered: {others}\n" + ran.stdout[-20000:])
    return passed, len(results) - passed


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] not in ("lines", "altered"):
        print(__doc__, file=sys.stderr)
        return 2
    kind, *rest = sys.argv[1:]
    passed, failed = compare(Path(rest[0]), rest[1:]) if kind == "lines" else altered(rest)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
