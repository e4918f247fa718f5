//! Makes the generated Python lighter to import: what nobody uses is left out.
//!
//! - The decorator `@dataclass`: no class declares a field, and each has an `__init__` and an `__eq__` of its own.
//!   But it compiles code for each class, and its module imports a good many others.
//! - For each object a class with `typing.Protocol`, whose making is slow, and with that the module `typing`: what
//!   is left of it are annotations, which nobody evaluates.
//! - A check sum for each export, which uniffi declares and, as it is called here, does not compare. The library and
//!   the layer are built together.
//! - Imports of modules that nothing in the file names.
//!
//! Where uniffi writes other code than what is looked for here the generator fails.

const USELESS: [&str; 8] = [
    "@dataclass",
    "from dataclasses import dataclass",
    "import contextlib",
    "import datetime",
    "import itertools",
    "import platform",
    "import traceback",
    "import typing",
];

const PROTOCOL: &str = "Protocol(typing.Protocol):";
const CHECK_SUMS: &str = "def _uniffi_check_api_checksums(";
const NOT_COMPARED: &str = "# _uniffi_check_api_checksums(";

/// The generated Python without what nobody uses.
///
/// # Errors
/// Says what was not found, or what is still used.
pub(crate) fn lighter(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n');
    let (mut protocols, mut sums) = (0, 0);
    while let Some(line) = lines.next() {
        let bare = line.trim_end();
        if USELESS.contains(&bare.trim()) || bare.starts_with(NOT_COMPARED) {
            continue;
        }
        if let Some(name) = bare.strip_prefix("class ").and_then(|rest| rest.strip_suffix(PROTOCOL))
        {
            let class = format!("class {name}({name}Protocol):");
            if !lines.by_ref().any(|line| line.trim_end() == class) {
                return Err(format!("uniffi no longer writes {class:?}"));
            }
            out.push_str(&format!("class {name}:\n"));
            protocols += 1;
        } else if bare.starts_with(CHECK_SUMS) {
            let _comparison = lines.by_ref().any(|line| line.trim().is_empty());
        } else if bare.starts_with("_UniffiLib.") && bare.contains("_checksum_") {
            if bare.ends_with('(') {
                let _arguments = lines.by_ref().any(|line| line.trim_end() == ")");
            }
            sums += 1;
        } else if !(bare.ends_with("Protocol\",") && bare.starts_with("    \"")) {
            out.push_str(line);
        }
    }
    if protocols == 0 || sums == 0 {
        return Err("uniffi writes other Python than what is made lighter here".to_owned());
    }
    match out.lines().find(|line| still_uses(line)) {
        Some(line) => Err(format!("something still uses what was taken out: {:?}", line.trim())),
        None => Ok(out),
    }
}

/// Whether a line needs something that is gone. Annotations need nothing: they are text
/// (`from __future__ import annotations`).
fn still_uses(line: &str) -> bool {
    let annotates =
        line.contains("def ") || line.contains("# type: ") || line.contains(": typing.");
    line.contains("_checksum_")
        || line.contains("_api_checksums")
        || line.contains("Protocol(")
        || (line.contains("typing.") && !annotates)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WRITTEN: &str = r#"import typing
import ctypes
def _uniffi_check_api_checksums(lib):
    if lib.uniffi_proofkey_checksum_func_pair() != 1:
        raise InternalError("mismatch")

_UniffiLib.uniffi_proofkey_checksum_func_pair.argtypes = (
)
_UniffiLib.uniffi_proofkey_checksum_func_pair.restype = ctypes.c_uint16
_UniffiLib.uniffi_proofkey_fn_func_pair.restype = None
# _uniffi_check_api_checksums(_UniffiLib)
class PairProtocol(typing.Protocol):
    """A pair."""

    def challenge(self) -> typing.Optional[str]:
        raise NotImplementedError

class Pair(PairProtocol):
    def challenge(self) -> typing.Optional[str]:
        return None
__all__ = [
    "Pair",
    "PairProtocol",
]
"#;

    #[test]
    fn what_nobody_uses_is_left_out() {
        let left = r#"import ctypes
_UniffiLib.uniffi_proofkey_fn_func_pair.restype = None
class Pair:
    def challenge(self) -> typing.Optional[str]:
        return None
__all__ = [
    "Pair",
]
"#;
        assert_eq!(lighter(WRITTEN).unwrap(), left);
    }

    #[test]
    fn code_that_uniffi_does_not_write_is_refused() {
        assert!(lighter("import ctypes\n").unwrap_err().contains("other Python"));
        let without_class = WRITTEN.replace("class Pair(PairProtocol)", "class Pair(Other)");
        assert!(lighter(&without_class).unwrap_err().contains("no longer writes"));
        for more in ["x = typing.cast(int, 1)\n", "_uniffi_check_api_checksums(_UniffiLib)\n"] {
            let what = lighter(&format!("{WRITTEN}{more}")).unwrap_err();
            assert!(what.contains("still uses"), "{what}");
        }
    }
}
