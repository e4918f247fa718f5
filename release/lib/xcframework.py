"""What an XCFramework of a static library must look like, and how it is zipped.

Written from Apple's documentation and from frameworks that others ship; no Xcode has opened one
of these yet.
"""

import hashlib
import plistlib
import re
import zipfile
from pathlib import Path

import cross
import exports
import macho

NAME = "CProofKey"
FILE = f"lib{cross.LIBRARY}.a"
MODULE_MAP = f"""\
module {NAME} {{
    header "{NAME}.h"
    export *
}}
"""
# Before the names of what Rust defines in every library.
OWN = "_proofkey_own"
# The oldest systems that the package supports, as Package.swift says.
OLDEST = {"ios": (16, 0), "macos": (13, 0)}


def entry(identifier, platform, variant, architectures):
    """What Info.plist says of one slice."""
    said = {
        "BinaryPath": FILE,
        "HeadersPath": "Headers",
        "LibraryIdentifier": identifier,
        "LibraryPath": FILE,
        "SupportedArchitectures": sorted(architectures),
        "SupportedPlatform": platform,
    }
    return {**said, "SupportedPlatformVariant": variant} if variant else said


def plist(entries):
    """Info.plist of a framework of these slices."""
    return plistlib.dumps(
        {
            "AvailableLibraries": sorted(entries, key=lambda e: e["LibraryIdentifier"]),
            "CFBundlePackageType": "XFWK",
            "XCFrameworkFormatVersion": "1.0",
        },
        sort_keys=True,
    )


def strays(library):
    """The global names of a static library that are neither ours nor made ours."""
    declared = {f"_{function}" for function in exports.declared()}
    return sorted(
        name
        for name in library.defined - declared
        if not name.startswith(OWN) and not exports.UNCALLED.fullmatch(name[1:])
    )


def _library_mistakes(path, said):
    platform, variant = said["SupportedPlatform"], said.get("SupportedPlatformVariant")
    wanted = f"{platform}-{variant}" if variant else platform
    data = path.read_bytes()
    libraries = macho.read(data)
    found = cross.traces_of_this_machine(data)
    built = sorted(library.architecture for library in libraries)
    if built != sorted(said["SupportedArchitectures"]):
        found.append(f"it holds {built}, Info.plist says {said['SupportedArchitectures']}")
    for library in libraries:
        name = library.architecture
        if library.platforms != {wanted}:
            found.append(f"{name} is for {sorted(library.platforms)}, not for {wanted}")
        if library.minimum > OLDEST[platform]:
            found.append(f"{name} asks for {library.minimum}; {OLDEST[platform]} must do")
        missing = {f"_{function}" for function in exports.declared()} - library.defined
        found += [f"{name} lacks {function}" for function in sorted(missing)]
        found += [f"{name} defines {stray} for all" for stray in strays(library)]
    return found


def _header_mistakes(folder):
    module_map = folder / NAME / "module.modulemap"
    if not module_map.is_file():
        return [f"there is no Headers/{NAME}/module.modulemap"]
    text = module_map.read_text()
    found = []
    if not re.search(rf"^module {NAME} {{", text, re.M):
        found.append(f"the module map has no plain module {NAME}")
    for header in re.findall(r'^\s*header "([^"]+)"', text, re.M) or [f"{NAME}.h"]:
        if not (module_map.parent / header).is_file():
            found.append(f"the module map names {header}, which is not there")
        elif (module_map.parent / header).read_bytes() != exports.HEADER.read_bytes():
            found.append(f"{header} is not the header that is checked in")
    return found


def mistakes(folder):
    """What is wrong with a framework: Info.plist, each path that it names, each architecture."""
    folder = Path(folder)
    try:
        said = plistlib.loads((folder / "Info.plist").read_bytes())
    except (OSError, plistlib.InvalidFileException, ValueError) as error:
        return [f"Info.plist cannot be read: {error}"]
    found = []
    if said.get("CFBundlePackageType") != "XFWK" or said.get("XCFrameworkFormatVersion") != "1.0":
        found.append("Info.plist is not that of an XCFramework")
    slices = said.get("AvailableLibraries") or []
    named = [one["LibraryIdentifier"] for one in slices]
    there = sorted(path.name for path in folder.iterdir() if path.is_dir())
    if sorted(named) != there:
        found.append(f"Info.plist names the slices {sorted(named)}, there are {there}")
    for one in slices:
        place = folder / one["LibraryIdentifier"]
        for key in ("LibraryPath", "BinaryPath", "HeadersPath"):
            if not (place / one[key]).exists():
                found.append(f"{place.name}: {key} names {one[key]}, which is not there")
        if (place / one["LibraryPath"]).is_file():
            try:
                wrong = _library_mistakes(place / one["LibraryPath"], one)
            except macho.NotMachO as error:
                wrong = [str(error)]
            found += [f"{place.name}: {mistake}" for mistake in wrong]
        wrong = _header_mistakes(place / one["HeadersPath"])
        found += [f"{place.name}: {mistake}" for mistake in wrong]
    return found


def pack(folder, target):
    """Zips a framework, the same files to the same bytes; gives SwiftPM's checksum."""
    folder, target = Path(folder), Path(target)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, so that the mode below is read as one
            member.external_attr = 0o100644 << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)
    # SwiftPM's `compute-checksum` is the plain SHA-256.
    return hashlib.sha256(target.read_bytes()).hexdigest()
