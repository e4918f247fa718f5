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
    Ok(Layer { swift: named(&swift).into(), header: named(&header).into() })
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
