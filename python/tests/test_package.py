"""The wheel, as a new user gets it: an empty environment, no Rust, one install, a sign-in."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import TARGET


@pytest.fixture(scope="module")
def wheel() -> Path:
    folder = Path(os.environ.get("PROOFKEY_WHEELS", TARGET / "python" / "wheels"))
    (only,) = folder.glob("proofkey-*.whl")
    return only


PROGRAM = """
import subprocess, sys, threading, urllib.request
from proofkey import Client

def browser(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    threading.Thread(target=lambda: opener.open(url, timeout=30).read()).start()

issuer, authorization_endpoint, token_endpoint, client_id = sys.argv[1:]
with Client(
    issuer=issuer,
    authorization_endpoint=authorization_endpoint,
    token_endpoint=token_endpoint,
    client_id=client_id,
    browser=browser,
) as client:
    tokens = client.sign_in()
assert len(tokens.expose_access_token()) > 20
print(tokens)
"""


def test_the_wheel_fits_every_python_of_the_platform(wheel: Path) -> None:
    name = wheel.stem.split("-")
    assert name[0] == "proofkey" and name[2:4] == ["py3", "none"] and name[4] != "any"
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())
        metadata = next(name for name in files if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    assert {"proofkey/py.typed", "proofkey/_native/__init__.pyi"} <= files
    # Stores of others are tested by it.
    assert "proofkey/server/testing.py" in files
    assert not any("test" in name for name in files - {"proofkey/server/testing.py"})
    needed = [line for line in lines if line.startswith("Requires-Dist:")]
    assert all("extra ==" in line for line in needed), needed
    assert "Requires-Python: >=3.10" in lines


def test_an_empty_environment_without_rust_signs_in(
    wheel: Path, server: dict[str, Any], tmp_path: Path
) -> None:
    place = tmp_path / "empty"
    venv.create(place)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    environment = {"PATH": os.defpath, "HOME": str(tmp_path)}
    # The pip of the tests installs into it: to make one of its own would take ten seconds.
    install = ["install", "-q", "--no-index", "--no-deps", str(wheel)]
    pip = [sys.executable, "-m", "pip", "--python", str(python), *install]
    subprocess.run(pip, env=environment, check=True, timeout=120)
    names = ("issuer", "authorization_endpoint", "token_endpoint", "client_id")
    done = subprocess.run(
        [python, "-I", "-X", "dev", "-W", "error", "-c", PROGRAM, *(server[n] for n in names)],
        env=environment,
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<TokenSet issuer='http://127.0.0.1:")
