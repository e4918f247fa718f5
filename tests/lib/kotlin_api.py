#!/usr/bin/env python3
"""Prints the public API of the Kotlin modules, for a diff: kotlin_api.py FOLDER-OF-MAVEN.

It is what `javap -public` shows. Kotlin's `internal` is public in a class file; the classes
that are internal are named here.
"""

import re
import subprocess
import sys
from pathlib import Path

MODULES = {"proofkey-core": "dev/proofkey", "proofkey": "dev/proofkey/jvm"}
INTERNAL = re.compile(
    r"(DiscoveryFlow|Driver|Endpoints|Exchange|ExchangeKt|Flow|LoopbackAuthenticatorKt|LoopbackPort"
    r"|Native|NativeKt|OwnSockets|Settings|SettingsKt|SignInFlow|SystemBrowserKt|Threads|ThreadsKt)"
    r"(\$.*)?\.class"
)


def main() -> None:
    for module, package in MODULES.items():
        folder = Path(sys.argv[1], module, "classes", package)
        files = sorted(f for f in folder.glob("*.class") if not INTERNAL.fullmatch(f.name))
        # Lambdas and coroutines' states have names that begin with a number or a small letter.
        files = [f for f in files if not re.search(r"\$(\d|[a-z])|WhenMappings", f.name)]
        shown = subprocess.run(
            ["javap", "-public", *files], capture_output=True, text=True, check=True
        ).stdout
        print(f"# {module}")
        for line in shown.splitlines():
            # `$` marks what the compiler makes for itself, and names that Kotlin hides.
            hidden = re.search(r"\b\w+\$\w+\(", line) or "dev.proofkey.internal" in line
            if not line.startswith("Compiled from") and not hidden:
                print(line)


if __name__ == "__main__":
    main()
