"""Reads static libraries of Apple's platforms, and joins them to a universal one.

Nothing but the standard library: neither lipo nor otool is on the machines that build here. The
forms are Mach-O (64 bits, little endian), the archive of `ar` with BSD's long names, and the
fat header.
"""

import struct
from dataclasses import dataclass

CPUS = {0x01000007: "x86_64", 0x0100000C: "arm64"}
PLATFORMS = {1: "macos", 2: "ios", 7: "ios-simulator"}
MH_MAGIC_64, FAT_MAGIC, AR_MAGIC = 0xFEEDFACF, 0xCAFEBABE, b"!<arch>\n"
LC_SYMTAB, LC_VERSION_MIN_MACOSX, LC_VERSION_MIN_IPHONEOS, LC_BUILD_VERSION = 0x2, 0x24, 0x25, 0x32
N_STAB, N_PEXT, N_TYPE, N_EXT, N_SECT = 0xE0, 0x10, 0x0E, 0x01, 0x0E


class NotMachO(Exception):
    """The file is not what it should be; the message says what was found."""


@dataclass
class Library:
    """A static library of one architecture: what its objects say, put together."""

    architecture: str
    cpu: tuple  # type and subtype, as the fat header wants them
    platforms: set
    minimum: tuple  # the newest (major, minor) that an object asks of the system
    defined: set  # global names, with their leading underscore


def read_object(name, data):
    """What one object file, or one dynamic library, says of itself."""
    magic, kind, subtype, _, commands, _, _, _ = struct.unpack_from("<8I", data)
    if magic != MH_MAGIC_64 or kind not in CPUS:
        raise NotMachO(f"{name} is no 64-bit object of a known processor")
    library = Library(CPUS[kind], (kind, subtype), set(), (0, 0), set())
    at = 32
    for _ in range(commands):
        command, size = struct.unpack_from("<II", data, at)
        version = 0
        if command == LC_BUILD_VERSION:
            platform, version = struct.unpack_from("<II", data, at + 8)
            library.platforms.add(PLATFORMS.get(platform, f"platform {platform}"))
        elif command in (LC_VERSION_MIN_MACOSX, LC_VERSION_MIN_IPHONEOS):
            library.platforms.add("macos" if command == LC_VERSION_MIN_MACOSX else "ios")
            (version,) = struct.unpack_from("<I", data, at + 8)
        elif command == LC_SYMTAB:
            library.defined |= _globals(data, at)
        library.minimum = max(library.minimum, (version >> 16, version >> 8 & 0xFF))
        at += size
    return library


def _globals(data, at):
    names = set()
    symbols, count, strings, _ = struct.unpack_from("<4I", data, at + 8)
    for n in range(count):
        name, kind, _, _, _ = struct.unpack_from("<IBBHQ", data, symbols + 16 * n)
        visible = kind & N_EXT and not kind & (N_PEXT | N_STAB)
        if visible and kind & N_TYPE == N_SECT:
            start = strings + name
            names.add(data[start : data.index(b"\0", start)].decode())
    return names


def _members(data):
    """Name and content of each file of an archive, without its tables of names."""
    at = len(AR_MAGIC)
    while at < len(data):
        header = data[at : at + 60]
        if header[58:60] != b"`\n":
            raise NotMachO("the archive is broken")
        name, size = header[:16].decode().rstrip(), int(header[48:58])
        content = data[at + 60 : at + 60 + size]
        if name.startswith("#1/"):
            length = int(name[3:])
            name, content = content[:length].rstrip(b"\0").decode(), content[length:]
        if not name.startswith("__.SYMDEF") and name not in ("/", "//"):
            yield name, content
        at += 60 + size + size % 2


def read_thin(data):
    """The one architecture of a static library that is not universal."""
    if not data.startswith(AR_MAGIC):
        raise NotMachO("it is no archive")
    objects = [read_object(name, content) for name, content in _members(data)]
    if not objects:
        raise NotMachO("the archive is empty")
    first = objects[0]
    for other in objects[1:]:
        if other.architecture != first.architecture:
            raise NotMachO(f"it mixes {first.architecture} and {other.architecture}")
        first.platforms |= other.platforms
        first.minimum = max(first.minimum, other.minimum)
        first.defined |= other.defined
    return first


def read(data):
    """The architectures of a static library, universal or not, in the order of the file."""
    try:
        return _read(data)
    except (struct.error, ValueError) as error:
        raise NotMachO(f"it is cut off or broken ({error})") from error


def _read(data):
    if struct.unpack_from(">I", data)[0] != FAT_MAGIC:
        return [read_thin(data)]
    libraries = []
    for n in range(struct.unpack_from(">I", data, 4)[0]):
        kind, _, offset, size, align = struct.unpack_from(">5I", data, 8 + 20 * n)
        if offset % (1 << align) or offset + size > len(data):
            raise NotMachO("the universal header names a part that is not there")
        part = read_thin(data[offset : offset + size])
        if part.architecture != CPUS.get(kind):
            raise NotMachO(f"the universal header calls {part.architecture} something else")
        libraries.append(part)
    return libraries


def universal(parts):
    """One universal file of static libraries of different architectures, in a fixed order."""
    parts = sorted(((read_thin(part), part) for part in parts), key=lambda p: p[0].architecture)
    names = [library.architecture for library, _ in parts]
    if len(set(names)) < len(names):
        raise NotMachO(f"an architecture comes twice: {', '.join(names)}")
    align = 3  # as a power of two: 8 bytes, like the archive's own
    table = body = b""
    start = 8 + 20 * len(parts)
    for library, part in parts:
        body += bytes(-(start + len(body)) % (1 << align))
        table += struct.pack(">5I", *library.cpu, start + len(body), len(part), align)
        body += part
    return struct.pack(">II", FAT_MAGIC, len(parts)) + table + body
