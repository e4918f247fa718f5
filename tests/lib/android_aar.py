#!/usr/bin/env python3
"""Checks the AAR and its POM: android_aar.py BUILD-FOLDER SOURCES.

Prints how large it is and what it consists of.
"""

import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "release/lib"))

import elf

PAGE = 0x4000
ABIS = {"arm64-v8a", "armeabi-v7a", "x86_64", "x86"}
MARK = "NOT-FOR-SHIPPING.txt"
STUB = "libnot-for-shipping.so"
POM = "{http://maven.apache.org/POM/4.0.0}"
FIRST_TIME = (1980, 1, 1)


def mistakes_in_aar(path: Path, sources: Path) -> list[str]:
    """What is wrong with the archive."""
    found = []
    with zipfile.ZipFile(path) as aar:
        print(f"{path.name}: {path.stat().st_size:,} bytes")
        names = {i.filename: i for i in aar.infolist() if not i.is_dir()}
        for name, info in names.items():
            print(f"  {name}: {info.file_size:,}, packed {info.compress_size:,}")
            if info.date_time[:3] != FIRST_TIME:
                found.append(f"{name} has a time of its own: {info.date_time}")
        for name in ("AndroidManifest.xml", "proguard.txt"):
            if aar.read(name) != (sources / name).read_bytes():
                found.append(f"{name} is not the one of the sources")
        if aar.read("R.txt"):
            found.append("R.txt is not empty")
        natives = [n for n in names if n.startswith("jni/")]
        if not natives:
            found.append("there is no native library")
        for name in natives:
            abi = name.split("/")[1]
            if abi not in ABIS:
                found.append(f"{name} is for no known ABI")
                continue
            library = elf.Elf(write(path.parent / "aar-native.so", aar.read(name)))
            if library.bits == 64:
                found += [f"{name}: {m}" for m in library.page_mistakes(PAGE)]
            if STUB in library.needed and MARK not in names:
                found.append(f"{name} was linked to stubs and nothing says so")
    return found


def write(path: Path, data: bytes) -> Path:
    """Puts the bytes there."""
    path.write_bytes(data)
    return path


def mistakes_in_pom(path: Path) -> list[str]:
    """What is wrong with what a consumer reads."""
    project = ElementTree.parse(path).getroot()
    found = []
    if project.findtext(POM + "packaging") != "aar":
        found.append("the consumer's POM does not say aar")
    if project.find(POM + "parent") is not None or project.find(POM + "build") is not None:
        found.append("the consumer's POM is not flat")
    needs = {
        (d.findtext(POM + "artifactId"), d.findtext(POM + "type") or "jar")
        for d in project.findall(f"{POM}dependencies/{POM}dependency")
        if d.findtext(POM + "scope") != "provided"
    }
    wanted = {("proofkey-core", "jar"), ("jna", "aar"), ("kotlin-stdlib", "jar")}
    wanted.add(("kotlinx-coroutines-core", "jar"))
    if needs != wanted:
        found.append(f"the consumer's POM depends on {sorted(needs)}")
    return found


def main() -> int:
    folder, sources = map(Path, sys.argv[1:])
    archives = list(folder.glob("proofkey-android-*.aar"))
    found = [] if len(archives) == 1 else [f"there are {len(archives)} AARs in {folder}"]
    for path in archives:
        found += mistakes_in_aar(path, sources)
    found += mistakes_in_pom(folder / "consumer.pom")
    for mistake in found:
        print(f"WRONG: {mistake}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
