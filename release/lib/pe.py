"""Reads what a 64-bit Windows library exports and needs, and its processor (PE/COFF)."""

import struct

MACHINES = {0x8664: "x86_64", 0xAA64: "arm64"}


class NotPe(Exception):
    """The file is no 64-bit Windows library."""


def read(data):
    """The processor, the exported names and the libraries that it needs, in small letters."""
    try:
        return _read(data)
    except (struct.error, ValueError, IndexError) as error:
        raise NotPe(f"it is cut off or broken ({error})") from error


def _read(data):
    (start,) = struct.unpack_from("<I", data, 0x3C)
    if data[:2] != b"MZ" or data[start : start + 4] != b"PE\0\0":
        raise NotPe("it is no Windows library")
    machine, sections = struct.unpack_from("<HH", data, start + 4)
    (optional_size,) = struct.unpack_from("<H", data, start + 20)
    optional = start + 24
    if struct.unpack_from("<H", data, optional)[0] != 0x20B:
        raise NotPe("it is no 64-bit library")
    table = [
        struct.unpack_from("<4I", data, optional + optional_size + 40 * n + 8)
        for n in range(sections)
    ]

    def place(address):
        for size, begin, raw_size, raw in table:
            if begin <= address < begin + max(size, raw_size):
                return address - begin + raw
        raise NotPe("it names an address that is in no section")

    def text(address):
        at = place(address)
        return data[at : data.index(b"\0", at)].decode()

    exports_at, _, imports_at, _ = struct.unpack_from("<4I", data, optional + 112)
    count, _, names_at = struct.unpack_from("<III", data, place(exports_at) + 24)
    names = struct.unpack_from(f"<{count}I", data, place(names_at))
    needed = set()
    at = place(imports_at)
    while name := struct.unpack_from("<5I", data, at)[3]:
        needed.add(text(name).lower())
        at += 20
    return MACHINES.get(machine, f"machine {machine:#x}"), {text(name) for name in names}, needed
