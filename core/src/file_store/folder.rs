//! Where the store is, and whether that place belongs to this user alone.

use super::error::StoreError;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// The default folder, from the variables of the environment. A relative path would be another
/// folder for each program: it is refused where the user wrote it for us, and ignored in
/// `XDG_DATA_HOME`, as that specification demands.
pub(super) fn default(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, StoreError> {
    let path = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |name| path(name).filter(|path| path.is_absolute());
    if path("PROOFKEY_STORE").is_some() {
        let reason = "PROOFKEY_STORE is not an absolute path";
        return absolute("PROOFKEY_STORE").ok_or(StoreError::NoFolder { reason });
    }
    let (data, reason) = if cfg!(windows) {
        (absolute("LOCALAPPDATA"), "LOCALAPPDATA is not set")
    } else if cfg!(target_vendor = "apple") {
        (absolute("HOME").map(|home| home.join("Library/Application Support")), NO_HOME)
    } else {
        let home = || absolute("HOME").map(|home| home.join(".local/share"));
        (absolute("XDG_DATA_HOME").or_else(home), NO_HOME)
    };
    data.map(|data| data.join("proofkey")).ok_or(StoreError::NoFolder { reason })
}

const NO_HOME: &str = "this user has no home folder: HOME is not an absolute path";

/// Makes the folder if it is not there, and gives its one real path once it has been found to be
/// this user's alone.
pub(super) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let failed = |action, e: &io::Error| StoreError::io(action, folder, e);
    // Collected anew, the path has no slash at its end, which would make a link look like a folder.
    let path: PathBuf =
        std::path::absolute(folder).map_err(|e| failed("find", &e))?.components().collect();
    if fs::symlink_metadata(&path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        make(&path).map_err(|e| failed("make", &e))?;
    }
    let found = fs::symlink_metadata(&path).map_err(|e| failed("open", &e))?;
    if found.is_symlink() {
        let (reason, advice) = ("is a symbolic link", "name the folder that it points to");
        return Err(StoreError::Insecure { path, reason, advice });
    }
    if !found.is_dir() {
        let detail = "it is not a folder".to_owned();
        return Err(StoreError::Failed { action: "use", path, detail });
    }
    let path = fs::canonicalize(&path).map_err(|e| failed("open", &e))?;
    check(&path)?;
    Ok(path)
}

/// Makes the folder, and those above it, for this user alone (0700 is what the XDG specification
/// wants for those above as well).
fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whoever can write into a folder can put other files into the place of ours: then a lock holds
/// nobody off, and the data key is one that they know.
#[cfg(unix)]
fn check(folder: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;
    const OTHERS_WRITE: u32 = 0o022;
    const ALL_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;

    let insecure = |path: &Path, reason, advice| {
        Err(StoreError::Insecure { path: path.to_owned(), reason, advice })
    };
    let look = |path| fs::metadata(path).map_err(|e| StoreError::io("open", path, &e));
    let found = look(folder)?;
    if found.uid() != rustix::process::geteuid().as_raw() {
        return insecure(
            folder,
            "belongs to another user",
            "name a folder of your own in PROOFKEY_STORE",
        );
    }
    if found.mode() & OTHERS_WRITE != 0 {
        return insecure(folder, "may be written by other users", "end that: chmod go-w");
    }
    // Those above: who may write there could move our folder away and put another there. A private
    // group may (many systems make folders so), and in a sticky one like that for temporary files
    // only an entry's owner can.
    for above in folder.ancestors().skip(1) {
        if look(above)?.mode() & (ALL_WRITE | STICKY) == ALL_WRITE {
            let advice = "end that: chmod o-w, or name another folder in PROOFKEY_STORE";
            return insecure(above, "may be written by everyone", advice);
        }
    }
    Ok(())
}

/// What the user's own profile folder gives its content by default is what protects it there.
#[cfg(not(unix))]
fn check(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn default_of(variables: &[(&str, &str)]) -> Result<PathBuf, StoreError> {
        default(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_variable_of_our_own_goes_first_and_must_be_absolute() {
        let home = ("HOME", "/h");
        assert_eq!(default_of(&[("PROOFKEY_STORE", "/s"), home]).unwrap(), Path::new("/s"));
        let relative = default_of(&[("PROOFKEY_STORE", "s"), home]).unwrap_err();
        assert_eq!(relative.code(), "store_denied");
        assert!(relative.to_string().contains("PROOFKEY_STORE is not an absolute path"));
        // An empty variable is one that is not set.
        let empty = default_of(&[("PROOFKEY_STORE", ""), home]).unwrap();
        assert_eq!(empty, default_of(&[home]).unwrap());
    }

    #[cfg(not(target_vendor = "apple"))]
    #[test]
    fn the_default_is_the_data_folder_of_xdg() {
        let ours = Path::new("/h/.local/share/proofkey");
        assert_eq!(default_of(&[("HOME", "/h")]).unwrap(), ours);
        let data = default_of(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]).unwrap();
        assert_eq!(data, Path::new("/d/proofkey"));
        for ignored in ["", "d"] {
            let other = default_of(&[("HOME", "/h"), ("XDG_DATA_HOME", ignored)]).unwrap();
            assert_eq!(other, ours);
        }
        assert_eq!(default_of(&[("XDG_DATA_HOME", "/d")]).unwrap(), Path::new("/d/proofkey"));
    }

    #[cfg(target_vendor = "apple")]
    #[test]
    fn the_default_is_the_application_support_folder() {
        let ours = Path::new("/h/Library/Application Support/proofkey");
        assert_eq!(default_of(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]).unwrap(), ours);
    }

    #[test]
    fn without_a_home_there_is_no_default() {
        for variables in [&[][..], &[("HOME", "")], &[("HOME", "h")]] {
            let error = default_of(variables).unwrap_err();
            assert_eq!(error.code(), "store_denied");
            assert!(error.to_string().contains("no home folder"), "{error}");
        }
    }
}
