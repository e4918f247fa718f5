"""What a native library must export: the functions of the checked-in header, no more, no less.

One generated source serves all platforms of a language, so a library that lacks a function
cannot be loaded by it, and one with more than that has something in it that nobody reviewed.
"""

import re

import cross

HEADER = cross.TOP / "ios/Sources/CProofKey/CProofKey.h"
FUNCTION = re.compile(r"\b((?:uni)?ffi_proofkey_uniffi_[a-z0-9_]+)\(")
# What uniffi adds to every library and no program calls: what the generators read, what serves
# exports that wait, check sums. Android's library is linked without it (release/lib/linker).
UNCALLED = re.compile(
    r"UNIFFI_META_[A-Z0-9_]+"
    r"|ffi_proofkey_uniffi_rust_future_[a-z0-9_]+|uniffi_proofkey_uniffi_checksum_[a-z0-9_]+"
)


def declared():
    """The functions of the header."""
    names = set(FUNCTION.findall(HEADER.read_text()))
    if not names:
        raise SystemExit(f"{HEADER} declares no function")
    return names


def mistakes(exported, *, cut_down=False):
    """What is missing or too much among the names that a library exports."""
    wanted = declared()
    extra = exported - wanted
    if not cut_down:
        extra = {name for name in extra if not UNCALLED.fullmatch(name)}
    return [f"{name} is missing" for name in sorted(wanted - exported)] + [
        f"{name} is exported" for name in sorted(extra)
    ]
