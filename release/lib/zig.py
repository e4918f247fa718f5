"""Zig as linker and C compiler for desktops other than this one, by cargo-zigbuild.

Both come from PyPI into an environment below the target folder; nothing of the machine is
changed.
"""

import os
import sys

import cross

# Pinned, so that the same tree gives the same libraries.
PACKAGES = ["ziglang==0.17.1", "cargo-zigbuild==0.24.0"]


def tools():
    """The folder of the programs, installed now if need be."""
    venv = cross.natives() / "tools/zig"
    stamp = venv / "made-from"
    if not stamp.exists() or stamp.read_text().split() != PACKAGES:
        print(f"  installing {' and '.join(PACKAGES)}", flush=True)
        made = cross.asked([sys.executable, "-m", "venv", "--clear", str(venv)]) is not None
        installed = cross.asked([str(venv / "bin/pip"), "install", *PACKAGES])
        if not made or not installed:
            raise cross.Missing(
                f"zig could not be installed; try: pip install {' '.join(PACKAGES)}\n"
                "    (on Debian, as root, first: apt-get install python3-venv)"
            )
        stamp.write_text("\n".join(PACKAGES))
    return venv / "bin"


def surroundings():
    """Where `cargo-zigbuild` finds its zig, and keeps its caches below the target folder."""
    cache = cross.natives() / "tools/cache"
    return {
        **os.environ,
        "PATH": f"{tools()}{os.pathsep}{os.environ['PATH']}",
        "CARGO_ZIGBUILD_CACHE_DIR": str(cache / "zigbuild"),
        "ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(cache / "zig"),
    }
