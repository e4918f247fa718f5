#!/usr/bin/env python3
"""The public API of the Kotlin modules, as it is written down and as it was built.

    kotlin_api.py --check FILE FOLDER MODULE...    fails with a diff where they differ
    kotlin_api.py --write FILE FOLDER MODULE...    writes these modules' parts of the file anew

FOLDER holds what Maven made. The API is what `javap -public` shows. Kotlin's `internal` is
public in a class file; the classes that are internal are named here.
"""

import difflib
import re
import subprocess
import sys
from pathlib import Path

MODULES = {
    "proofkey-core": [
        "dev/proofkey",
        "dev/proofkey/okhttp",
        "dev/proofkey/server",
        "dev/proofkey/server/testing",
    ],
    "proofkey": ["dev/proofkey/jvm"],
    "proofkey-android": ["dev/proofkey/android"],
}
INTERNAL = {
    "proofkey-core": "AuthorizationRequestKt|AuthorizationServerKt|Chunks|CrossingKt|DeviceCodeKt"
    "|Driver|DriverKt|ExchangeKt|FileTokenStoreKt|Flights|ForProxiesAlone|GrantChecksKt|HeadReader"
    "|Http|Landing|Line|Lines|LoopbackAuthenticatorKt|LoopbackPort"
    "|MemoryGrantStore.(Row|Token)|Native|NativeKt|NoAnswer"
    "|OneSocket|PastedRedirects|PlainHttp|PlainHttpKt|Platform|PlatformHttp|ProofKeyClientKt"
    "|ResourceCallKt|ResourceTokensKt|ServerChecksKt|Settings|SettingsKt|ShownCode|SignerKt"
    "|StandardTerminal|StoreLoop|Subject|SubjectKt|TerminalDisplay|Threads|ThreadsKt|TokenChecksKt"
    "|TokenStoreKt|TooLarge|User|Wanted|Way",
    "proofkey": "SecretTool|SystemBrowserKt",
    "proofkey-android": "Browser|BrowsersKt|KeystoreSignerKt|KeystoreTokenStoreKt"
    "|LateRedirects|ProofKeyActivity|Records|ShownPage|Wrapping",
}


def main() -> int:
    task, file, folder, *modules = sys.argv[1:]
    path = Path(file)
    parts = written(path)
    made = {module: built(Path(folder), module) for module in modules}
    if task == "--write":
        path.write_text("".join((parts | made).get(module, "") for module in MODULES))
        return 0
    found = 0
    for module, lines in made.items():
        diff = difflib.unified_diff(
            parts.get(module, "").splitlines(), lines.splitlines(), file, folder, lineterm="", n=1
        )
        for line in diff:
            print(line)
            found = 1
    if found:
        print(f"if the change is meant: tests/lib/kotlin_api.py --write {' '.join(sys.argv[2:])}")
    return found


def written(path: Path) -> dict[str, str]:
    """What is written down, by module."""
    parts: dict[str, str] = {}
    module = ""
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("# "):
            module = line[2:].strip()
            parts[module] = ""
        parts[module] += line
    return parts


def built(folder: Path, module: str) -> str:
    """What a module that was built offers."""
    classes = folder / module / "classes"
    files = [file for package in MODULES[module] for file in (classes / package).glob("*.class")]
    # Lambdas and coroutines' states have names that begin with a number or a small letter.
    files = [f for f in files if not re.search(r"\$(\d|[a-z])|WhenMappings", f.name)]
    internal = re.compile(rf"({INTERNAL[module]})(\$.*)?\.class")
    files = sorted(f for f in files if not internal.fullmatch(f.name))
    shown = subprocess.run(["javap", "-public", *files], capture_output=True, text=True, check=True)
    lines = [f"# {module}"]
    for line in shown.stdout.splitlines():
        # `$` marks what the compiler makes for itself, and names that Kotlin hides.
        hidden = re.search(r"\b\w+\$\w+\(", line) or "dev.proofkey.internal" in line
        if not line.startswith("Compiled from") and not hidden:
            lines.append(line)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
