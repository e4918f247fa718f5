"""Runs `panics.py` in a process of its own, so that all that the library prints is seen."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

import proofkey as pk


class Panics(unittest.TestCase):
    def test_a_panic_in_every_export_is_a_silent_error(self):
        folder = Path(pk.__file__).parent
        run = subprocess.run(
            [sys.executable, "-B", Path(__file__).with_name("panics.py")],
            env=os.environ | {"PYTHONPATH": str(folder), "RUST_BACKTRACE": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        exports = int(run.stdout.split()[0])
        self.assertGreater(exports, 30, run.stdout)


if __name__ == "__main__":
    unittest.main()
