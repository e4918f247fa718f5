"""Fails when core/benches/Cargo.lock measures other versions than Cargo.lock releases.

The benchmarks are a workspace of their own. Every crate that ProofKey brings into them must have
the version that ProofKey is built with, else the table would tell of another program.

    bench_lock.py CARGO_LOCK BENCH_LOCK
"""

import re
import sys
from pathlib import Path

# What is measured. Their dependencies follow.
MEASURED = ("proofkey", "proofkey-server")

# What a peer adds to a crate that both use, by a feature of it, and what no job of ours runs: the
# names of hashes, which openidconnect's signatures want of sha2; the files of keys, which it wants
# of p256; and what the older rsa wants of numbers.
OF_A_PEER = ("base64ct", "const-oid", "libm", "pem-rfc7468", "pkcs8", "spki", "zeroize_derive")


def packages(lock: str) -> dict:
    """(name, version) -> the dependencies as the file has them: `name` or `name version`."""
    found = {}
    for block in lock.split("[[package]]")[1:]:
        name = re.search(r'^name = "(.+)"$', block, re.MULTILINE)
        version = re.search(r'^version = "(.+)"$', block, re.MULTILINE)
        listed = re.search(r"^dependencies = \[(.*?)^\]", block, re.DOTALL | re.MULTILINE)
        if name and version:
            needs = re.findall(r'"([^"]+)"', listed.group(1)) if listed else []
            found[name.group(1), version.group(1)] = needs
    return found


def closure(lock: dict, names: tuple) -> set:
    """The packages of these names and all that they need, as (name, version)."""
    todo = [key for key in lock if key[0] in names]
    done = set()
    while todo:
        key = todo.pop()
        if key in done:
            continue
        done.add(key)
        for need in lock[key]:
            name, _, version = need.partition(" ")
            version = version.partition(" ")[0]
            todo += [k for k in lock if k[0] == name and version in ("", k[1])]
    return done


def is_added(name: str, ours: dict, theirs: dict) -> bool:
    """Whether no crate that is both measured and released needs it where it is released. Ours may
    have another version of it elsewhere: on the encrypted way to a database, say."""
    both = closure(theirs, MEASURED) & set(ours)
    return not any(need.partition(" ")[0] == name for key in both for need in ours[key])


def differences(released: str, measured: str) -> list:
    """One line for each crate whose version is not the released one."""
    ours, theirs = packages(released), packages(measured)
    lines = [
        f"{name} is not in the lock file of the benchmarks"
        for name in MEASURED
        if not any(key[0] == name for key in theirs)
    ]
    for name, version in sorted(closure(theirs, MEASURED) - set(ours)):
        if name in OF_A_PEER and is_added(name, ours, theirs):
            continue
        known = " and ".join(v for n, v in sorted(ours) if n == name) or "absent"
        lines.append(f"{name} is measured as {version} and released as {known}")
    return lines


def main() -> int:
    released, measured = (Path(path).read_text(encoding="utf-8") for path in sys.argv[1:3])
    found = differences(released, measured)
    for line in found:
        print(f"bench: {line}", file=sys.stderr)
    if found:
        print("bench: mend it with: tests/bench --relock", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
