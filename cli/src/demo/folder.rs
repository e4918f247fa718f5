//! Where the demonstration's database lies, and that nothing of it stays behind.

use crate::error::CliError;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The database's name in its folder.
pub const DATABASE: &str = "demo.sqlite";

/// A temporary folder, deleted at the end, or one that the user chose and keeps.
pub enum Folder {
    /// Deleted when dropped, also on the way out of an error.
    Temporary(TempDir),
    /// Kept.
    Kept(PathBuf),
}

impl Folder {
    /// Makes the folder.
    pub fn new(kept: Option<&Path>) -> Result<Self, CliError> {
        match kept {
            None => {
                let made = tempfile::Builder::new().prefix("proofkey-demo-").tempdir();
                made.map(Self::Temporary).map_err(|error| {
                    CliError::new(
                        "folder_failed",
                        format!("no temporary folder can be made: {error}"),
                        "Check TMPDIR, or choose a folder with --data.",
                    )
                })
            }
            Some(path) => match std::fs::create_dir_all(path) {
                Ok(()) => Ok(Self::Kept(path.to_owned())),
                Err(error) => Err(CliError::new(
                    "folder_failed",
                    format!("the folder {} cannot be made: {error}", path.display()),
                    "Choose another with --data.",
                )),
            },
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.path().join(DATABASE)
    }

    /// Whether it stays.
    pub const fn is_kept(&self) -> bool {
        matches!(self, Self::Kept(_))
    }

    /// Deletes a temporary folder, and says so if that fails.
    pub fn remove(self) -> Result<(), CliError> {
        let Self::Temporary(folder) = self else {
            return Ok(());
        };
        let path = folder.path().to_owned();
        folder
            .close()
            .or_else(|error| {
                // A thread that was cut off may have made a file meanwhile: once more.
                std::fs::remove_dir_all(&path)
                    .or_else(|_| if path.exists() { Err(error) } else { Ok(()) })
            })
            .map_err(|error| {
                CliError::new(
                    "folder_left",
                    format!("the temporary folder {} cannot be deleted: {error}", path.display()),
                    "Delete it; there is no secret in it.",
                )
            })
    }
}
