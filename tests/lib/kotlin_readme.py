#!/usr/bin/env python3
"""Prints the first Kotlin example of a page: kotlin_readme.py README."""

import re
import sys
from pathlib import Path


def main() -> None:
    found = re.search(r"^```kotlin\n(.*?)^```$", Path(sys.argv[1]).read_text("utf-8"), re.M | re.S)
    if found is None:
        raise SystemExit("there is no Kotlin example in it")
    print(found[1], end="")


if __name__ == "__main__":
    main()
