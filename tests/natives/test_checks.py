"""Whether the checks of native libraries notice what is wrong: each mistake is put into a library
that was built and is found right without it.

    test_checks.py NATIVES     the folder `natives`, with an Android library for arm64-v8a and a
                               framework with the slice ios
"""

import hashlib
import importlib.machinery
import importlib.util
import os
import plistlib
import re
import shutil
import struct
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "release/lib"))
sys.dont_write_bytecode = True

import elf  # noqa: E402
import exports  # noqa: E402
import macho  # noqa: E402
import signature  # noqa: E402
import xcframework  # noqa: E402


def script(path):
    """A program of the project as a module."""
    loader = importlib.machinery.SourceFileLoader(
        Path(path).name.replace("-", "_"), str(TOP / path)
    )
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


android = script("android/build-natives")
apple = script("ios/make-xcframework")
linker = script("release/lib/linker")
NATIVES = Path(".")


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def assert_one(self, found, words):
        self.assertTrue(any(words in mistake for mistake in found), f"{words!r} not in {found}")


class AndroidLibrary(Case):
    def setUp(self):
        super().setUp()
        self.data = (NATIVES / "android-stub/arm64-v8a" / android.FILE).read_bytes()

    def mistakes(self, data):
        path = self.folder / "arm64-v8a" / android.FILE
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return android.mistakes(elf.Elf(path), "arm64-v8a")

    def replaced(self, old, new):
        """The library with another name of the same length in its tables."""
        self.assertIn(b"\0" + old + b"\0", self.data)
        return self.data.replace(b"\0" + old + b"\0", b"\0" + new + b"\0")

    def test_what_was_built_is_right(self):
        self.assertEqual(self.mistakes(self.data), [])

    def test_a_page_of_4_kb(self):
        data = bytearray(self.data)
        (table,) = struct.unpack_from("<Q", data, 32)
        first = next(n for n in range(9) if data[table + 56 * n] == elf.PT_LOAD)
        struct.pack_into("<Q", data, table + 56 * first + 48, 0x1000)
        self.assert_one(self.mistakes(bytes(data)), "aligned to 0x1000, not to 0x4000")

    def test_another_processor(self):
        data = self.data[:18] + struct.pack("<H", 62) + self.data[20:]
        self.assert_one(self.mistakes(data), "it is for x86_64")

    def test_a_function_that_android_6_lacks(self):
        self.assert_one(self.mistakes(self.replaced(b"realpath", b"getrandm")), "takes getrandm")

    def test_an_export_that_is_not_in_the_header(self):
        name = b"uniffi_proofkey_uniffi_fn_func_verify"
        found = self.mistakes(self.replaced(name, name[:-1] + b"z"))
        self.assert_one(found, "func_verify is missing")
        self.assert_one(found, "func_verifz is exported")

    def test_what_only_generators_read(self):
        # Another library may have it, a phone's does not.
        name = b"uniffi_proofkey_uniffi_fn_func_redirect_uri_matches"
        meta = b"UNIFFI_META_PROOFKEY_UNIFFI_FUNC_A".ljust(len(name), b"A")
        found = self.mistakes(self.replaced(name, meta))
        self.assert_one(found, f"{meta.decode()} is exported")
        names = exports.declared() | {meta.decode(), "ffi_proofkey_uniffi_rust_future_poll_u8"}
        self.assertEqual(exports.mistakes(names), [])
        self.assertEqual(len(exports.mistakes(names, cut_down=True)), 2)

    def test_the_list_of_exports_is_cut_down(self):
        rustc = "{\n  global:\n    a;\n    UNIFFI_META_B;\n\n  local:\n    *;\n};\n"
        ours = "{\n  global:\n    a;\n\n  local:\n    *;\n};\n"
        self.assertEqual(linker.fewer(rustc, {"a"}), ours)

    def test_text_relocations(self):
        flags = struct.pack("<QQ", elf.DT_FLAGS, 8)
        self.assertEqual(self.data.count(flags), 1)
        data = self.data.replace(flags, struct.pack("<QQ", elf.DT_FLAGS, 8 | elf.DF_TEXTREL))
        self.assert_one(self.mistakes(data), "text relocations")

    def test_a_folder_of_the_building_machine(self):
        self.assert_one(self.mistakes(self.data + str(TOP).encode()), "it names")

    def test_what_is_linked_to_stubs_is_not_shippable(self):
        self.mistakes(self.data)
        self.assert_one(android.not_shippable(self.folder), "linked to stubs")

    def test_what_is_not_linked_to_stubs_is_shippable(self):
        # As if libunwind had been linked into it: the loader asks for the system's libraries only.
        self.mistakes(self.replaced(android.STUB_MARK.encode(), b"liblog.so" + b"\0" * 13))
        self.assertEqual(android.not_shippable(self.folder), [])

    def test_an_empty_folder_is_not_shippable(self):
        self.assert_one(android.not_shippable(self.folder), "there is no")


class Framework(Case):
    def setUp(self):
        super().setUp()
        self.framework = self.folder / "CProofKey.xcframework"
        shutil.copytree(NATIVES / "apple-part" / self.framework.name, self.framework)
        self.slice = self.framework / "ios-arm64"
        self.library = self.slice / xcframework.FILE

    def said(self, **changes):
        """Changes what Info.plist says of the slice."""
        path = self.framework / "Info.plist"
        plist = plistlib.loads(path.read_bytes())
        plist["AvailableLibraries"][0].update(changes)
        path.write_bytes(plistlib.dumps(plist))

    def mistakes(self):
        return xcframework.mistakes(self.framework)

    def test_what_was_built_is_right(self):
        self.assertEqual(self.mistakes(), [])

    def test_no_plist(self):
        (self.framework / "Info.plist").write_text("nothing")
        self.assert_one(self.mistakes(), "Info.plist cannot be read")

    def test_a_path_that_does_not_exist(self):
        self.said(LibraryPath="other.a")
        self.assert_one(self.mistakes(), "LibraryPath names other.a, which is not there")

    def test_a_slice_that_is_not_named(self):
        (self.framework / "macos-arm64").mkdir()
        self.assert_one(self.mistakes(), "Info.plist names the slices")

    def test_an_architecture_that_is_not_there(self):
        self.said(SupportedArchitectures=["arm64", "x86_64"])
        self.assert_one(self.mistakes(), "it holds ['arm64']")

    def test_a_library_for_another_platform(self):
        self.said(SupportedPlatformVariant="simulator")
        self.assert_one(self.mistakes(), "arm64 is for ['ios'], not for ios-simulator")

    def test_a_function_that_is_not_in_the_library(self):
        name = b"_uniffi_proofkey_uniffi_fn_func_verify\0"
        self.library.write_bytes(self.library.read_bytes().replace(name, name[:-2] + b"z\0"))
        self.assert_one(self.mistakes(), "lacks _uniffi_proofkey_uniffi_fn_func_verify")

    def test_a_name_that_another_library_in_rust_has_too(self):
        ours = xcframework.OWN.encode() + b"_rust_eh_personality\0"
        data = self.library.read_bytes()
        self.assertIn(ours, data)
        self.library.write_bytes(
            data.replace(ours, b"_rust_eh_personality".ljust(len(ours), b"\0"))
        )
        self.assert_one(self.mistakes(), "defines _rust_eh_personality for all")

    def test_a_stale_header(self):
        header = self.slice / "Headers/CProofKey/CProofKey.h"
        header.write_text(header.read_text() + "\n")
        self.assert_one(self.mistakes(), "is not the header that is checked in")

    def test_a_framework_module(self):
        (self.slice / "Headers/CProofKey/module.modulemap").write_text(
            'framework module CProofKey {\n    header "CProofKey.h"\n}\n'
        )
        self.assert_one(self.mistakes(), "no plain module CProofKey")

    def test_a_module_map_in_another_place(self):
        headers = self.slice / "Headers"
        (headers / "CProofKey/module.modulemap").rename(headers / "module.modulemap")
        self.assert_one(self.mistakes(), "there is no Headers/CProofKey/module.modulemap")

    def test_a_library_that_is_cut_off(self):
        self.library.write_bytes(self.library.read_bytes()[:-100_000])
        self.assertNotEqual(self.mistakes(), [])

    def test_the_zip_depends_on_nothing_but_the_files(self):
        first = xcframework.pack(self.framework, self.folder / "1.zip")
        for path in self.framework.rglob("*"):
            os.utime(path, (1, 1))
        self.assertEqual(xcframework.pack(self.framework, self.folder / "2.zip"), first)
        (self.slice / "Headers/CProofKey/CProofKey.h").write_text("another")
        self.assertNotEqual(xcframework.pack(self.framework, self.folder / "3.zip"), first)

    def test_url_and_checksum_reach_the_package(self):
        package = self.folder / "Package.swift"
        shutil.copy(TOP / "Package.swift", package)
        apple.update_package(package, "https://example.org/x.zip", "ab" * 32)
        text = package.read_text()
        self.assertIn('url: "https://example.org/x.zip"', text)
        self.assertIn(f'checksum: "{"ab" * 32}"', text)
        package.write_text(text.replace("checksum:", "sum:"))
        with self.assertRaises(SystemExit):
            apple.update_package(package, "https://example.org/y.zip", "cd" * 32)

    def test_the_package_supports_no_older_systems(self):
        text = (TOP / "Package.swift").read_text()
        oldest = re.search(r"\.iOS\(\.v(\d+)\), \.macOS\(\.v(\d+)\)", text).groups()
        self.assertEqual(
            {"ios": (int(oldest[0]), 0), "macos": (int(oldest[1]), 0)}, xcframework.OLDEST
        )


class Universal(Case):
    def setUp(self):
        super().setUp()
        slice_ = NATIVES / "apple-part/CProofKey.xcframework/ios-arm64"
        self.arm64 = (slice_ / xcframework.FILE).read_bytes()
        # The same objects, said to be for another processor.
        arm64, x86_64 = (
            struct.pack("<II", macho.MH_MAGIC_64, cpu) for cpu in (0x0100000C, 0x01000007)
        )
        self.x86_64 = self.arm64.replace(arm64, x86_64)

    def test_what_is_joined_is_read_again(self):
        data = macho.universal([self.x86_64, self.arm64])
        self.assertEqual(data, macho.universal([self.arm64, self.x86_64]))
        read = macho.read(data)
        self.assertEqual([library.architecture for library in read], ["arm64", "x86_64"])
        self.assertTrue(all(library.defined for library in read))

    def test_one_architecture_twice(self):
        with self.assertRaisesRegex(macho.NotMachO, "comes twice"):
            macho.universal([self.arm64, self.arm64])

    def test_a_header_that_lies(self):
        data = bytearray(macho.universal([self.arm64, self.x86_64]))
        struct.pack_into(">I", data, 8, 0x01000007)
        with self.assertRaisesRegex(macho.NotMachO, "calls arm64 something else"):
            macho.read(bytes(data))

    def test_a_part_that_is_cut_off(self):
        with self.assertRaisesRegex(macho.NotMachO, "not there"):
            macho.read(macho.universal([self.arm64, self.x86_64])[:-8])


class Signature(Case):
    def signed(self):
        """Two pages that are signed, and their signature."""
        limit = 4096 + 100
        head = struct.pack("<8I", macho.MH_MAGIC_64, 0x0100000C, 0, 6, 1, 16, 0, 0)
        head += struct.pack("<4I", signature.LC_CODE_SIGNATURE, 16, limit, 144)
        content = head.ljust(limit, b"x")
        hashes = [hashlib.sha256(page).digest() for page in (content[:4096], content[4096:])]
        said = struct.pack(
            ">9I4BI", signature.DIRECTORY, 108, 0, 0, 44, 44, 0, 2, limit, 32, 2, 0, 12, 0
        )
        whole = struct.pack(">5I", signature.EMBEDDED, 128, 1, 0, 20) + said + b"".join(hashes)
        return bytearray(content + whole)

    def test_what_was_signed_is_right(self):
        self.assertEqual(signature.mistakes(self.signed()), [])

    def test_a_byte_that_was_changed_afterwards(self):
        data = self.signed()
        data[4100] ^= 1
        self.assertEqual(signature.mistakes(data), ["page 1 is not what was signed"])

    def test_a_signature_of_a_part(self):
        data = self.signed()
        struct.pack_into(">I", data, 4196 + 20 + 32, 4096)
        self.assert_one(signature.mistakes(data), "does not cover the file")

    def test_no_signature(self):
        data = self.signed()
        struct.pack_into("<I", data, 32, 0x2A)
        self.assertEqual(signature.mistakes(data), ["it is not signed"])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: test_checks.py NATIVES [unittest's options]")
    NATIVES = Path(sys.argv.pop(1)).resolve()
    unittest.main()
