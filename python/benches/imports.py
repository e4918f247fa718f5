"""Measures what an import costs, in processes of their own, by turns, and what is installed for it.

    imports.py [--smoke] --output FILE

Writes JSON: nanoseconds of CPU (user and system) of a whole process, the lowest of all rounds; and
the size of each package with what it needs, in bytes, as it is installed, without compiled Python.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

IMPORTS = {
    "bare": "pass",
    "proofkey": "import proofkey",
    "client": "from proofkey import Client",
    "async_client": "from proofkey import AsyncClient",
    "client_http": "from proofkey import Client, _http_sync",
    "authlib": "from authlib.integrations.requests_client import OAuth2Session",
    "msal": "import msal",
    "mcp": "from mcp.client.auth import OAuthClientProvider",
}
ROUNDS = 20


def cpu(statement: str) -> float:
    """Nanoseconds of CPU of a process that does this and ends."""
    child = subprocess.Popen([sys.executable, "-I", "-c", statement])
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"this fails: {statement}")
    return (used.ru_utime + used.ru_stime) * 1e9


def needs(name: str, found: dict) -> dict:
    """The package and what it cannot do without, by name."""
    name = re.sub(r"[-_.]+", "-", name).lower()
    if name not in found:
        found[name] = distribution(name)
        for line in found[name].requires or ():
            wanted, _, marker = line.partition(";")
            # What is there for another system or an extra was not installed, or not for this.
            if "extra" not in marker and holds(marker):
                needs(re.match(r"[\w.-]+", wanted)[0], found)
    return found


def holds(marker: str) -> bool:
    """Whether the condition of a requirement is met here."""
    from pip._vendor.packaging.markers import Marker

    return not marker.strip() or Marker(marker).evaluate()


def installed(*names: str) -> dict:
    """How many packages and bytes."""
    found: dict = {}
    for name in names:
        needs(name, found)
    files = [
        Path(file.locate())
        for package in found.values()
        for file in package.files or ()
        if file.suffix != ".pyc"
    ]
    return {"packages": len(found), "bytes": sum(f.stat().st_size for f in files if f.is_file())}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="import each once, measure nothing")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    figures = {key: cpu(statement) for key, statement in IMPORTS.items()}  # compiles, too
    for _ in range(0 if given.smoke else ROUNDS):
        for key, statement in IMPORTS.items():
            figures[key] = min(figures[key], cpu(statement))
    report = {
        "sizes": {
            "proofkey": installed("proofkey"),
            "authlib": installed("Authlib", "requests"),
            "msal": installed("msal"),
            "mcp": installed("mcp"),
        }
    }
    if not given.smoke:
        report["figures"] = figures
    text = json.dumps(report, indent=1)
    given.output.write_text(text, encoding="utf-8") if given.output else print(text)


if __name__ == "__main__":
    main()
