"""A mistake inside the library comes out as a `ProofKeyError`, from getters too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import TARGET


def test_a_panic_in_every_export_is_an_error_of_the_package() -> None:
    """In a process of its own, over a package that is built for it."""
    package = os.environ.get("PROOFKEY_PANICS", str(TARGET / "python" / "panics"))
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-B", str(here / "panics.py")],
        env=os.environ | {"PYTHONPATH": package},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert int(done.stdout.split()[0]) > 20
