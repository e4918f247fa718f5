"""Compares what each language said about every vector and transcript, and shows that an altered one
is noticed.

    compare_vectors.py lines FOLDER LANGUAGE...  each language's file there, with what is expected
    compare_vectors.py altered COMMAND...        COMMAND must fail, whichever file was altered

A language writes one line a case, sorted by id: id, tab, verdict. See tests/vectors/README.md.
"""

import json
import os
import shutil
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
    """Each file in turn with one case altered: the runner must fail and say which."""
    passed = failed = 0
    for kind, file, document in files():
        one = document[kind][len(document[kind]) // 2]
        alter(one)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(file.parent, folder, dirs_exist_ok=True)
            Path(folder, file.name).write_text(json.dumps(document), encoding="utf-8")
            ran = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=DEADLINE_S,
                check=False,
                env={**os.environ, KINDS[kind]: folder},
            )
        # Noticed means that the runner itself says so, not that it was killed or does not build.
        noticed = 0 < ran.returncode < 126 and one["id"] in ran.stdout
        passed += noticed
        failed += not noticed
        print(
            f"{'ok' if noticed else 'FAILED':7} {kind}/{file.name}: {one['id']} altered is noticed"
        )
        if not noticed:
            print(f"    exit code {ran.returncode}\n" + ran.stdout[-2000:])
    return passed, failed


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
