#!/usr/bin/env python3
"""Adds up the reports of Maven's tests: maven_counts.py FOLDER... prints "passed failed".

A test that was skipped proves nothing and counts as failed; a folder without a report is a failure.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main() -> None:
    passed = failed = 0
    for folder in map(Path, sys.argv[1:]):
        reports = sorted(folder.glob("TEST-*.xml"))
        if not reports:
            failed += 1
        for report in reports:
            suite = ElementTree.parse(report).getroot()
            bad = sum(int(suite.get(kind, 0)) for kind in ("failures", "errors", "skipped"))
            passed += int(suite.get("tests", 0)) - bad
            failed += bad
    print(passed, failed)


if __name__ == "__main__":
    main()
