#!/usr/bin/env python3
"""Checks the privacy manifest of the Swift package: `privacy_manifest.py [BUILD_FOLDER|LIBRARY]…`.

It says that ProofKey tracks nobody and collects nothing, and it names every category of Apple's
"required reason" APIs that the sources call, or a static LIBRARY for iOS. Each BUILD_FOLDER must
hold the manifest in the resources of the package, byte for byte.
"""

import plistlib
import re
import sys
from pathlib import Path

SOURCES = Path("ios/Sources")
MANIFEST = SOURCES / "ProofKey" / "PrivacyInfo.xcprivacy"
IN_A_BUILD = "ProofKey_ProofKey.resources/PrivacyInfo.xcprivacy"

# What falls under each category, by the names that Swift has for it.
CATEGORIES = {
    "NSPrivacyAccessedAPICategoryFileTimestamp": (
        r"creationDate|modificationDate|fileModificationDate|contentModificationDateKey|creationDateKey"
        r"|attributesOfItem|getattrlist|getattrlistbulk|fgetattrlist|getattrlistat|fstatat|[lf]?stat(?=\()"
    ),
    "NSPrivacyAccessedAPICategorySystemBootTime": r"systemUptime|mach_absolute_time",
    "NSPrivacyAccessedAPICategoryDiskSpace": (
        r"volumeAvailableCapacity\w*|volumeTotalCapacity\w*|systemFreeSize|systemSize|f?statv?fs"
    ),
    "NSPrivacyAccessedAPICategoryActiveKeyboards": r"activeInputModes",
    "NSPrivacyAccessedAPICategoryUserDefaults": r"UserDefaults|AppStorage|SceneStorage",
}

# And by the names that a linker has for it.
SYMBOLS = {
    "NSPrivacyAccessedAPICategoryFileTimestamp": (
        rb"[lf]?stat|fstatat|f?getattrlist|getattrlistat|getattrlistbulk"
    ),
    "NSPrivacyAccessedAPICategorySystemBootTime": rb"mach_absolute_time",
    "NSPrivacyAccessedAPICategoryDiskSpace": rb"f?statv?fs",
}


def faults(built: list[Path]) -> list[str]:
    """What is wrong, in sentences."""
    found = []
    text = MANIFEST.read_bytes()
    manifest = plistlib.loads(text)
    expected = {
        "NSPrivacyTracking": False,
        "NSPrivacyTrackingDomains": [],
        "NSPrivacyCollectedDataTypes": [],
    }
    for key, value in expected.items():
        if manifest.get(key) != value:
            found.append(f"{MANIFEST}: {key} is {manifest.get(key)!r}, expected {value!r}")
    reasons = manifest.get("NSPrivacyAccessedAPITypes")
    if not isinstance(reasons, list):
        found.append(f"{MANIFEST}: NSPrivacyAccessedAPITypes is no list")
        reasons = []
    named = {entry.get("NSPrivacyAccessedAPIType") for entry in reasons}
    for key in manifest.keys() - expected.keys() - {"NSPrivacyAccessedAPITypes"}:
        found.append(f"{MANIFEST}: {key} is none of the four keys")

    sources = sorted(SOURCES.rglob("*.swift"))
    if len(sources) < 10:
        found.append(f"{SOURCES}: no sources were found")
    for source in sources:
        code = re.sub(r"//.*", "", source.read_text(encoding="utf-8"))
        for category, names in CATEGORIES.items():
            if category not in named and (call := re.search(rf"(?<!\w)(?:{names})(?!\w)", code)):
                found.append(f"{source}: {call[0]} needs a reason under {category}")

    for build in built:
        if build.is_file():
            library = build.read_bytes()
            for category, symbols in SYMBOLS.items():
                # A table of symbols is one name after the other, each ended by a zero.
                if category not in named and (
                    call := re.search(rb"\0_(?:" + symbols + rb")(?=[\0$])", library)
                ):
                    found.append(f"{build}: {call[0][1:].decode()} needs a reason under {category}")
            continue
        copy = build / IN_A_BUILD
        if not copy.is_file() or copy.read_bytes() != text:
            found.append(f"{build}: the manifest is not in the package's resources")
    return found


if __name__ == "__main__":
    problems = faults([Path(folder) for folder in sys.argv[1:]])
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))
