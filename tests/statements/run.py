"""Runs the tests of this folder and ends with `N passed, N failed`."""

import sys
import unittest
from pathlib import Path

here = str(Path(__file__).resolve().parent)
sys.path.insert(0, here)
tests = unittest.defaultTestLoader.discover(here)
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
failed = len({test.id() for test, _ in result.failures + result.errors}) + len(result.skipped)
print(f"{result.testsRun - failed} passed, {failed} failed")
sys.exit(not result.wasSuccessful() or failed > 0)
