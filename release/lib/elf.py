"""Reads what matters of an ELF shared library: where it is loaded, what it takes and what it gives.

Nothing but the standard library, so that it runs wherever the build runs. ELF is described in
the System V gABI; 32 and 64 bits, little endian only, which is all that is shipped.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

MACHINES = {3: "x86", 40: "arm", 62: "x86_64", 183: "arm64"}
PT_LOAD, PT_DYNAMIC, PT_GNU_RELRO, PT_GNU_STACK = 1, 2, 0x6474E552, 0x6474E551
EXECUTABLE = 1
DT_NEEDED, DT_STRTAB, DT_SONAME, DT_TEXTREL, DT_FLAGS = 1, 5, 14, 22, 30
DF_TEXTREL = 4
SHT_SYMTAB, SHT_DYNSYM = 2, 11


class NotElf(Exception):
    """The file is no little-endian ELF shared library; the message says what it is not."""


@dataclass(frozen=True)
class Segment:
    """A program header: addresses and sizes in bytes, `flags` as in the file."""

    kind: int
    flags: int
    offset: int
    address: int
    memory_size: int
    align: int


class Elf:
    """One shared library. `exports` and `imports` are the names in its dynamic symbol table."""

    def __init__(self, path):
        self.path = Path(path)
        self.data = self.path.read_bytes()
        try:
            self._read(self.data)
        except (struct.error, ValueError, IndexError) as error:
            raise NotElf(f"{path} is cut off or broken ({error})") from error

    def _read(self, data):
        if data[:4] != b"\x7fELF" or data[5:6] != b"\x01":
            raise NotElf(f"{self.path} is no little-endian ELF file")
        self.bits = 64 if data[4] == 2 else 32
        kind, machine = struct.unpack_from("<HH", data, 16)
        if kind != 3:
            raise NotElf(f"{self.path} is no shared library")
        self.machine = MACHINES.get(machine, f"machine {machine}")
        if self.bits == 64:
            self._phoff, self._shoff = struct.unpack_from("<QQ", data, 32)
            self._phsize, self._phnum, self._shsize, self._shnum = struct.unpack_from(
                "<4H", data, 54
            )
        else:
            self._phoff, self._shoff = struct.unpack_from("<II", data, 28)
            self._phsize, self._phnum, self._shsize, self._shnum = struct.unpack_from(
                "<4H", data, 42
            )
        self.segments = [self._segment(n) for n in range(self._phnum)]
        self._sections = [self._section(n) for n in range(self._shnum)]
        self.has_symbol_table = any(s["kind"] == SHT_SYMTAB for s in self._sections)
        self.exports, self.imports = self._symbols()
        self._dynamic = self._dynamic_entries()

    def _segment(self, number):
        at = self._phoff + number * self._phsize
        if self.bits == 64:
            kind, flags, offset, address, _, _, memory, align = struct.unpack_from(
                "<IIQQQQQQ", self.data, at
            )
        else:
            kind, offset, address, _, _, memory, flags, align = struct.unpack_from(
                "<8I", self.data, at
            )
        return Segment(kind, flags, offset, address, memory, align)

    def _section(self, number):
        at = self._shoff + number * self._shsize
        form = "<IIQQQQIIQQ" if self.bits == 64 else "<10I"
        _, kind, _, _, offset, size, link, _, _, entry = struct.unpack_from(form, self.data, at)
        return {"kind": kind, "offset": offset, "size": size, "link": link, "entry": entry}

    def _text(self, at):
        return self.data[at : self.data.index(b"\0", at)].decode()

    def _symbols(self):
        exports, imports = set(), set()
        for section in self._sections:
            if section["kind"] != SHT_DYNSYM:
                continue
            names = self._sections[section["link"]]["offset"]
            # The first entry is the null symbol.
            for n in range(1, section["size"] // section["entry"]):
                at = section["offset"] + n * section["entry"]
                if self.bits == 64:
                    name, _, _, where = struct.unpack_from("<IBBH", self.data, at)
                else:
                    name, _, _, _, _, where = struct.unpack_from("<IIIBBH", self.data, at)
                (exports if where else imports).add(self._text(names + name))
        return exports, imports

    def _dynamic_entries(self):
        form = "<QQ" if self.bits == 64 else "<II"
        step = struct.calcsize(form)
        entries = []
        for segment in self.segments:
            at = segment.offset
            while segment.kind == PT_DYNAMIC:
                tag, value = struct.unpack_from(form, self.data, at)
                if tag == 0:
                    break
                entries.append((tag, value))
                at += step
        return entries

    def _of(self, tag):
        return [value for found, value in self._dynamic if found == tag]

    def _dynamic_text(self, value):
        address = self._of(DT_STRTAB)[0] + value
        for segment in self.segments:
            if segment.kind == PT_LOAD and 0 <= address - segment.address < segment.memory_size:
                return self._text(address - segment.address + segment.offset)
        raise NotElf(f"{self.path}: its string table lies in no segment")

    @property
    def needed(self):
        """The libraries that it asks the loader for."""
        return [self._dynamic_text(value) for value in self._of(DT_NEEDED)]

    @property
    def soname(self):
        """The name that it gives itself, or nothing."""
        names = self._of(DT_SONAME)
        return self._dynamic_text(names[0]) if names else None

    @property
    def has_text_relocations(self):
        """Whether the loader would have to write into code; Android refuses such a library."""
        return bool(self._of(DT_TEXTREL)) or any(v & DF_TEXTREL for v in self._of(DT_FLAGS))

    @property
    def loads(self):
        """The segments that are mapped, in order of address."""
        return sorted((s for s in self.segments if s.kind == PT_LOAD), key=lambda s: s.address)

    def page_mistakes(self, page):
        """What keeps the library from being mapped with pages of `page` bytes."""
        mistakes = []
        for segment in self.loads:
            if segment.align < page or segment.align % page:
                mistakes.append(f"a segment is aligned to {segment.align:#x}, not to {page:#x}")
            elif (segment.address - segment.offset) % page:
                mistakes.append(f"address and offset of a segment differ within {page:#x}")
        ends = [-(-(s.address + s.memory_size) // page) for s in self.loads]
        for end, after in zip(ends, self.loads[1:]):
            if after.address // page < end:
                mistakes.append(f"two segments share a page of {page:#x} bytes")
        if any(s.kind == PT_GNU_STACK and s.flags & EXECUTABLE for s in self.segments):
            mistakes.append("its stack is executable")
        return mistakes
