//! `regen [--check]`: writes the generated files that are checked in; with `--check` it writes nothing and
//! fails when one of them is stale.
//!
//! `regen internalize FOLDER`: makes the generated Kotlin in the folder private to its module.

mod internalize;
mod swift;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A generated file: where it lies, from the top of the project, and what belongs in it.
struct Generated {
    path: &'static str,
    content: Vec<u8>,
}

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [option] if option == "--check" => true,
        [command, folder] if command == "internalize" => {
            return match internalize::below(Path::new(folder)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(what) => fail(&what.to_string()),
            };
        }
        _ => return fail("usage: regen [--check], or: regen internalize FOLDER"),
    };
    let top = top();
    match generated(&top).and_then(|files| settle(&top, &files, check)) {
        Ok(report) => {
            say(&report);
            ExitCode::SUCCESS
        }
        Err(what) => fail(&what),
    }
}

/// Everything generated that is checked in.
fn generated(top: &Path) -> Result<Vec<Generated>, String> {
    let swift = swift::layer(top)?;
    Ok(vec![
        c_header(top)?,
        Generated { path: "ios/Sources/ProofKeyFFI/ProofKeyFFI.swift", content: swift.swift },
        Generated { path: "ios/Sources/CProofKey/CProofKey.h", content: swift.header },
    ])
}

/// Writes what is stale, or says so.
fn settle(top: &Path, files: &[Generated], check: bool) -> Result<String, String> {
    let mut report = String::new();
    let mut stale = Vec::new();
    for file in files {
        let path = top.join(file.path);
        let current = std::fs::read(&path).is_ok_and(|there| there == file.content);
        let word = match (current, check) {
            (true, _) => "is current",
            (false, true) => {
                stale.push(file.path);
                "is stale"
            }
            (false, false) => {
                write(&path, &file.content)?;
                "was written"
            }
        };
        // Writing to a string cannot fail.
        let _ = writeln!(report, "{} {word}", file.path);
    }
    if stale.is_empty() {
        return Ok(report);
    }
    Err(format!(
        "stale: {}; run `cargo run -p proofkey-tools --bin regen` and check in what it writes",
        stale.join(", ")
    ))
}

/// The header of the C ABI, from the documented functions of `bindings/c`.
fn c_header(top: &Path) -> Result<Generated, String> {
    let source = top.join("bindings/c");
    let config = cbindgen::Config::from_file(source.join("cbindgen.toml"))
        .map_err(|e| format!("bindings/c/cbindgen.toml: {e}"))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(&source)
        .with_config(config)
        .generate()
        .map_err(|e| format!("cbindgen cannot read bindings/c: {e}"))?;
    let mut content = Vec::new();
    bindings.write(&mut content);
    Ok(Generated { path: "include/proofkey.h", content })
}

/// Beside the old file and then in its place, so that nobody reads half of it.
fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    let named = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(named)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, content).map_err(named)?;
    std::fs::rename(&beside, path).map_err(named)
}

/// The top of the project: two above this crate.
fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

#[allow(clippy::print_stdout)] // a program's report
fn say(report: &str) {
    print!("{report}");
}

#[allow(clippy::print_stderr)] // a program's complaint
fn fail(what: &str) -> ExitCode {
    eprintln!("regen: {what}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_stale_file_is_named_by_check_and_mended_without_it() {
        let top = std::env::temp_dir().join(format!("proofkey-regen-{}", std::process::id()));
        let file = |content: &str| [Generated { path: "include/x.h", content: content.into() }];
        let stale = settle(&top, &file("one"), true).unwrap_err();
        assert!(stale.contains("include/x.h"), "{stale}");
        assert!(!top.exists(), "a check writes nothing");

        assert_eq!(settle(&top, &file("one"), false).unwrap(), "include/x.h was written\n");
        assert_eq!(settle(&top, &file("one"), true).unwrap(), "include/x.h is current\n");
        assert!(settle(&top, &file("two"), true).is_err());
        assert_eq!(std::fs::read_to_string(top.join("include/x.h")).unwrap(), "one");
        std::fs::remove_dir_all(&top).unwrap();
    }
}
