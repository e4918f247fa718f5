"""Builds the library proofkey-uniffi for another platform: which standard library, which flags.

The standard library comes ready-made by `rustup target add`, or from its source (component
`rust-src`), which also serves platforms that cannot be downloaded. From source it is built
without the symboliser of backtraces, which nothing here prints: 140 KB less; panics do not know
their place in the source, which nothing prints either. That needs flags that Rust calls unstable,
so it is asked for by RUSTC_BOOTSTRAP and can change with the toolchain; the ready-made one always
works.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGE, LIBRARY = "proofkey-uniffi", "proofkey_uniffi"
FROM_SOURCE = [
    "-Zbuild-std=std,panic_unwind",
    "-Zbuild-std-features=panic-unwind,optimize_for_size",
]
# The places of panics, which nothing here prints.
NO_PLACES = "-Zlocation-detail=none"
# For phones: a function that cannot unwind needs no table to unwind by, and a piece of code is made
# a function of its own only where that saves more than the table that it then needs. SHA-256 is in
# loops, for the phones whose processor has no instructions for it.
FOR_PHONES = [
    "-Cforce-unwind-tables=no",
    "-Cllvm-args=-outliner-benefit-threshold=120",
    '--cfg=sha2_backend_soft="compact"',
]
# Features of bindings/uniffi. Phones have none of them.
DESKTOP = ["loopback", "file-store", "grants"]
READY, SOURCE = "ready-made", "source"
# A script's exit code where the machine lacks something, as distinct from a mistake that was found.
CANNOT = 3


class Missing(Exception):
    """Something is not there and could not be installed; the message says how to."""


def natives():
    """Where natives and what they are made from are kept: `natives` in the target folder."""
    top = os.environ.get("PROOFKEY_TARGET") or os.environ.get("CARGO_TARGET_DIR") or TOP / "target"
    return Path(top).resolve() / "natives"


def run(command, **options):
    """Runs a command in the project's folder; what it says is shown only when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=TOP,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise SystemExit(f"failed with exit code {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def asked(command):
    """What a command says on standard output, without the line's end; nothing where it fails."""
    try:
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def sysroot():
    """The folder of the toolchain that rust-toolchain.toml names."""
    folder = asked(["rustc", "--print", "sysroot"])
    if not folder:
        raise Missing("rustc is missing; see https://rustup.rs")
    return Path(folder)


def toolchain():
    """The compiler's version in one line, for what is recorded."""
    return asked(["rustc", "--version"])


def host_tool(name):
    """A program that comes with the toolchain, `rust-lld` say."""
    host = asked(["rustc", "--print", "host-tuple"])
    path = sysroot() / "lib/rustlib" / host / "bin" / name
    if not path.exists():
        raise Missing(f"{name} is not in the toolchain ({path.parent})")
    return path


def has_ready_made(triple):
    """Whether the ready-made standard library of a platform is there, installed now if need be."""
    folder = sysroot() / "lib/rustlib" / triple / "lib"
    if not folder.is_dir():
        asked(["rustup", "target", "add", triple])
    return folder.is_dir()


def has_source():
    """Whether the standard library's source is there, installed now if need be."""
    lock = sysroot() / "lib/rustlib/src/rust/library/Cargo.lock"
    if not lock.exists():
        asked(["rustup", "component", "add", "rust-src"])
    return lock.exists()


def standard_library(triple, wanted):
    """READY or SOURCE: the one that is wanted, else the other, else `Missing`."""
    there = {READY: lambda: has_ready_made(triple), SOURCE: has_source}
    other = SOURCE if wanted == READY else READY
    for choice in (wanted, other):
        if there[choice]():
            if choice != wanted:
                print(f"  {triple}: no {wanted} standard library here; taking the {choice} one")
            return choice
    raise Missing(
        f"there is no standard library for {triple}; install one of them:\n"
        f"    rustup target add {triple}\n    rustup component add rust-src"
    )


def no_paths_of_this_machine():
    """Flags that keep the folders of the building machine out of panic messages."""
    cargo_home = os.environ.get("CARGO_HOME") or Path.home() / ".cargo"
    folders = {cargo_home: "cargo", sysroot(): "rust", TOP: "proofkey"}
    return [f"--remap-path-prefix={folder}={name}" for folder, name in folders.items()]


def traces_of_this_machine(data):
    """Which folders of the building machine stand in a file that is to be shipped."""
    folders = {TOP, sysroot(), Path.home() / ".cargo"}
    return [f"it names {folder}" for folder in sorted(folders) if str(folder).encode() in data]


def build(triple, kind, *, std, profile="phone", features=(), flags=(), cargo=("cargo",), env=None):
    """Builds the library and gives the folder that it is in.

    `kind` is `cdylib` or `staticlib`; `std` what `standard_library` said; `features` are those of
    bindings/uniffi, without its defaults; `flags` are rustc's; `cargo` is the program whose `rustc`
    is called. Ends this program when the build fails.
    """
    folder = natives() / "cargo" / std
    command = [*cargo, "rustc", "--lib", "-p", PACKAGE, "--crate-type", kind, "--profile", profile]
    command += ["--target", triple, "--target-dir", folder, "--no-default-features"]
    if features:
        command += ["--features", ",".join(features)]
    flags = [*no_paths_of_this_machine(), *flags]
    flags += FOR_PHONES if profile == "phone" else []
    flags += [NO_PLACES] if std == SOURCE else []
    rustflags = {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags)}
    surroundings = {**os.environ, **rustflags, **(env or {})}
    surroundings.pop("RUSTFLAGS", None)
    if std == SOURCE:
        command += FROM_SOURCE
        surroundings["RUSTC_BOOTSTRAP"] = "1"
    run(command, env=surroundings)
    # A file of glibc's version is asked for by `TRIPLE.VERSION`, but lies under TRIPLE.
    return folder / triple.split(".")[0] / profile


@contextlib.contextmanager
def alone():
    """Nobody else who asks for this builds in the folder meanwhile: suites run side by side."""
    natives().mkdir(parents=True, exist_ok=True)
    with open(natives() / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def note_of(library):
    """Where it is noted how a library was made: not beside it, where packages are made from."""
    place = natives() / "made" / library.relative_to(natives())
    return place.with_name(f"{place.name}.json")


def note(library, std):
    """Notes how a library was made, for those who measure it."""
    place = note_of(library)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"std": std, "toolchain": toolchain()}))


def strip(source, target, *options):
    """Copies a library without its symbols: all of them, or as the options of `objcopy` say."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # The tool is linked to the compiler's LLVM, which some toolchains keep in its folder alone.
    places = [str(sysroot() / "lib"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    surroundings = {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(places)}
    # Put in its place at once: another suite may read it meanwhile.
    fresh = natives() / f"{target.name}.{os.getpid()}"
    run([host_tool("rust-objcopy"), *(options or ["--strip-all"]), source, fresh], env=surroundings)
    fresh.replace(target)
