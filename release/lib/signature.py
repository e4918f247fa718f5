"""Checks the ad-hoc signature of a Mach-O library; macOS on arm64 loads none without a right one.

A linker signs what it writes; whoever changes the file afterwards (to strip it, say) must sign
anew. The form is that of Apple's published cs_blobs.h: a directory with the SHA-256 of each page.
"""

import hashlib
import struct

LC_CODE_SIGNATURE = 0x1D
EMBEDDED, DIRECTORY = 0xFADE0CC0, 0xFADE0C02
SHA256 = 2


def _directories(data):
    """Where the directories of page hashes begin."""
    (commands,) = struct.unpack_from("<I", data, 16)
    at = 32
    for _ in range(commands):
        command, size = struct.unpack_from("<II", data, at)
        if command == LC_CODE_SIGNATURE:
            (start,) = struct.unpack_from("<I", data, at + 8)
            magic, _, count = struct.unpack_from(">III", data, start)
            for n in range(count if magic == EMBEDDED else 0):
                _, offset = struct.unpack_from(">II", data, start + 12 + 8 * n)
                if struct.unpack_from(">I", data, start + offset)[0] == DIRECTORY:
                    yield start, start + offset
        at += size


def mistakes(data):
    """What is wrong with the signature of a thin 64-bit Mach-O file."""
    found, directories = [], 0
    for signature, at in _directories(data):
        directories += 1
        hashes, _, _, pages, limit = struct.unpack_from(">5I", data, at + 16)
        size, kind, _, page = struct.unpack_from(">4B", data, at + 36)
        page = 1 << page
        if kind != SHA256 or size != 32:
            found.append("its pages are not hashed by SHA-256")
            continue
        if limit != signature or pages != -(-limit // page):
            found.append("its signature does not cover the file")
        for n in range(pages):
            content = data[n * page : min((n + 1) * page, limit)]
            start = at + hashes + 32 * n
            if hashlib.sha256(content).digest() != data[start : start + 32]:
                found.append(f"page {n} is not what was signed")
    return found if directories else ["it is not signed"]
