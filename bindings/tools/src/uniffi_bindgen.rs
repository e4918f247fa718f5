//! The generator of the Kotlin, Swift and Python layers, in the version of the library.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    uniffi::uniffi_bindgen_main();
    let out = std::env::args().skip_while(|given| given != "--out-dir").nth(1);
    out.map_or(Ok(()), |folder| without_the_useless(Path::new(&folder)))
}

/// Takes the decorator `@dataclass` off the generated Python classes, and its import. It adds nothing that is
/// used: no class declares a field, and each has an `__init__` and an `__eq__` of its own. But it compiles
/// code for each class, and its module imports a good many others: a third of what the import costs.
///
/// The other imports are of modules that nothing in the generated file names.
fn without_the_useless(folder: &Path) -> std::io::Result<()> {
    const USELESS: [&str; 6] = [
        "@dataclass",
        "from dataclasses import dataclass",
        "import datetime",
        "import itertools",
        "import platform",
        "import traceback",
    ];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "py") {
            let text = fs::read_to_string(&path)?;
            let kept = text.split_inclusive('\n').filter(|line| !USELESS.contains(&line.trim()));
            fs::write(&path, kept.collect::<String>())?;
        }
    }
    Ok(())
}
