//! The Swift layer, as it is checked in: what uniffi writes, with a head of ours.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The generated Swift, and the header of the library that it calls.
pub(crate) struct Layer {
    pub(crate) swift: Vec<u8>,
    pub(crate) header: Vec<u8>,
}

const HEAD: &str = "// Generated from bindings/uniffi by `cargo run -p proofkey-tools --bin regen`. Do not edit.\n";

/// Builds the library, so that it is that of the source, and generates the layer from it.
pub(crate) fn layer(top: &Path) -> Result<Layer, String> {
    let library = library(top)?;
    let out = std::env::temp_dir().join(format!("proofkey-swift-{}", std::process::id()));
    let made = uniffi::generate(uniffi::GenerateOptions {
        languages: vec![uniffi::TargetLanguage::Swift],
        source: text(&library)?.into(),
        out_dir: text(&out)?.into(),
        config_override: None,
        format: false,
        crate_filter: None,
        metadata_no_deps: false,
    });
    let read = |name: &str| {
        let path = out.join(name);
        std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    };
    let layer = made
        .map_err(|e| format!("uniffi cannot generate Swift: {e}"))
        .and_then(|()| Ok((read("ProofKeyFFI.swift")?, read("CProofKey.h")?)));
    let _ = std::fs::remove_dir_all(&out);
    let (swift, header) = layer?;
    Ok(Layer { swift: named(&swift).into(), header: named(&called(&header)?).into() })
}

/// The header without the functions that no layer calls: uniffi declares them for exports that wait, of which there
/// is none, and for a comparison that is left out (`omit_checksums`). A library for phones is linked without what
/// is not declared here.
fn called(header: &str) -> Result<String, String> {
    let mut out = String::with_capacity(header.len());
    let (mut lines, mut gone) = (header.split_inclusive('\n'), 0);
    while let Some(line) = lines.next() {
        let uncalled = line.contains("_RUST_FUTURE_POLL_")
            || line.contains("_RUST_FUTURE_CANCEL_")
            || line.contains("_RUST_FUTURE_FREE_")
            || line.contains("_RUST_FUTURE_COMPLETE_")
            || line.contains("_UNIFFI_CHECKSUM_");
        if line.starts_with("#ifndef ") && uncalled {
            let _declaration = lines.by_ref().any(|line| line.trim_end() == "#endif");
            gone += 1;
        } else {
            out.push_str(line);
        }
    }
    if gone == 0 || out.contains("_rust_future_") || out.contains("_checksum_") {
        return Err("uniffi declares what is never called in another way than before".to_owned());
    }
    Ok(out)
}

/// The library of the development profile, beside this program.
fn library(top: &Path) -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|e| format!("this program: {e}"))?;
    let target = here.ancestors().nth(2).ok_or("this program lies in no target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "-p", "proofkey-uniffi", "--target-dir"])
        .arg(target)
        .current_dir(top)
        .status()
        .map_err(|e| format!("cargo: {e}"))?;
    if !built.success() {
        return Err("the library proofkey-uniffi cannot be built".to_owned());
    }
    let end = std::env::consts::DLL_SUFFIX;
    Ok(target.join(format!("debug/{}proofkey_uniffi{end}", std::env::consts::DLL_PREFIX)))
}

fn text(path: &Path) -> Result<String, String> {
    path.to_str().map(str::to_owned).ok_or_else(|| format!("{} is no text", path.display()))
}

/// Says where the file comes from, in place of the generator's own words; without spaces at the ends of lines.
fn named(text: &str) -> String {
    let ours = |line: &&str| !line.contains("hot garbage") && !line.contains("mess with it");
    let lines: Vec<_> = text.lines().filter(ours).map(str::trim_end).collect();
    format!("{HEAD}{}\n", lines.join("\n").trim_start_matches('\n'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_never_called_is_not_declared() {
        let one = |name: &str| {
            let up = name.to_uppercase();
            format!(
                "#ifndef UNIFFI_FFIDEF_{up}\n#define UNIFFI_FFIDEF_{up}\nvoid {name}(int x\n);\n#endif\n"
            )
        };
        let (sum, call) = (one("uniffi_x_uniffi_checksum_func_a"), one("uniffi_x_fn_func_a"));
        let future = one("ffi_x_rust_future_free_u8");
        assert_eq!(called(&format!("{future}{call}{sum}")).unwrap(), call);
        assert!(called(&call).is_err(), "there was nothing to take out");
        assert!(called(&format!("{sum}void ffi_x_rust_future_free_u8(void);\n")).is_err());
    }
}
