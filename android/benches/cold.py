"""Measures the time to the first authorization URL, each time in a JVM of its own, by turns.

    cold.py [--smoke] --jars FOLDER --benches JAR --natives JAR

Says lines: `figure cold/NAME NANOSECONDS`, one for each start: from the start of the process until
the URL can be read. Each side has only its own jars on its class path, as its users have.
"""

import argparse
import subprocess
import time
from pathlib import Path

ROUNDS = 20
URL = b"https://as.example/authorize"
# By how the jars' names begin.
OURS = ("proofkey-core-", "jna-", "kotlinx-coroutines-", "kotlin-stdlib-")
# The benchmark itself is written in Kotlin.
PEER = (
    "oauth2-oidc-sdk-",
    "nimbus-jose-jwt-",
    "json-smart-",
    "accessors-smart-",
    "asm-",
    "content-type-",
    "lang-tag-",
    "jcip-annotations-",
    "kotlin-stdlib-",
)


def start(main: str, jars: list) -> float:
    """Nanoseconds until it has said its URL."""
    command = ["java", "-cp", ":".join(map(str, jars)), f"dev.proofkey.benches.{main}"]
    begun = time.perf_counter_ns()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        line = child.stdout.readline()
        taken = time.perf_counter_ns() - begun
        child.stdout.read()
    if child.returncode or not line.startswith(URL):
        raise SystemExit(f"{main} says no URL")
    if main != "ColdBare" and b"code_challenge_method=S256" not in line:
        raise SystemExit(f"{main} says another URL")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="start each once, say no figure")
    for name in ("jars", "benches", "natives"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()

    def jars(names: tuple) -> list:
        found = [jar for jar in sorted(given.jars.glob("*.jar")) if jar.name.startswith(names)]
        missing = [name for name in names if not any(jar.name.startswith(name) for jar in found)]
        if missing:
            raise SystemExit(f"there is no jar {missing[0]}*.jar in {given.jars}")
        return [given.benches, *found]

    sides = {
        "bare": ("ColdBare", jars(("kotlin-stdlib-",))),
        "proofkey": ("ColdOurs", [*jars(OURS), given.natives]),
        "nimbus": ("ColdNimbus", jars(PEER)),
    }
    for side in sides.values():
        start(*side)
    for _ in range(0 if given.smoke else ROUNDS):
        for name, side in sides.items():
            print(f"figure cold/{name} {start(*side)}")


if __name__ == "__main__":
    main()
