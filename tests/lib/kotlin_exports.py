"""Whether Android's library has each function that the generated Kotlin declares, and no other. JNA
looks for all of them when the layer is loaded, which no test without a phone would notice.

    kotlin_exports.py GENERATED LIBRARY
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "release/lib"))

import elf

DECLARED = re.compile(r"\bexternal fun (\w+)\(")


def main():
    generated, library = map(Path, sys.argv[1:])
    declared = {
        name for file in generated.rglob("*.kt") for name in DECLARED.findall(file.read_text())
    }
    exported = elf.Elf(library).exports
    for name in sorted(declared - exported):
        print(f"Kotlin declares {name}, which the library lacks")
    for name in sorted(exported - declared):
        print(f"the library exports {name}, which Kotlin does not declare")
    return 1 if not declared or declared != exported else 0


if __name__ == "__main__":
    sys.exit(main())
