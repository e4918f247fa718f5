#!/usr/bin/env python3
"""Tests the generated Python layer over a built library.

`run.py FOLDER [NAME…]`: FOLDER holds the generated `proofkey.py` and the library; the tests are the
files `test_NAME.py` beside this one, all where none is named. The last line says how many passed.
"""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).parent


def main(folder: str, *names: str) -> int:
    sys.path[:0] = [str(Path(folder).resolve()), str(HERE)]
    sys.dont_write_bytecode = True
    loader = unittest.defaultTestLoader
    wanted = names or [path.stem.removeprefix("test_") for path in sorted(HERE.glob("test_*.py"))]
    suite = loader.loadTestsFromNames([f"test_{name}" for name in wanted])
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    failed += len(result.skipped)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
