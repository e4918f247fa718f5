//! What can go wrong with a folder of files, in words that name the file.

use std::io;
use std::path::{Path, PathBuf};

/// An error of the file store.
///
/// `Display` names the file or folder, what was wrong, and what to do; [`StoreError::code`] is stable
/// across versions and languages. No variant holds anything of what is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file whose content cannot be used: cut short, damaged, foreign, too large. It was set aside,
    /// and what it held reads as absent from now on.
    #[error("{} {reason} and is not used; {}", .path.display(), kept_as(.kept.as_deref()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What was wrong, as the middle of a sentence.
        reason: &'static str,
        /// Where it lies now. `None`: it could not be moved and is where it was.
        kept: Option<PathBuf>,
    },
    /// A file of a later version of the format. It is left as it is.
    #[error(
        "{} was written by a newer version of ProofKey (format {version}); update this program, or \
         name another folder in PROOFKEY_STORE",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u8,
    },
    /// A file or folder that others can read or write, or that is not what it should be.
    #[error("{} {reason}, so it is not used; {advice}", .path.display())]
    Insecure {
        /// The file or folder.
        path: PathBuf,
        /// What was wrong, as the middle of a sentence.
        reason: &'static str,
        /// What to do, as the end of a sentence.
        advice: &'static str,
    },
    /// The system does not let this user do it, or the file system is read-only.
    #[error(
        "no permission to {action} {}: {detail}; give this user the right to, or name another \
         folder in PROOFKEY_STORE",
        .path.display()
    )]
    Denied {
        /// What was tried: `open`, `write`, ….
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Nobody said where the store is to be.
    #[error("there is no folder for the store: {reason}; set PROOFKEY_STORE to an absolute path")]
    NoFolder {
        /// What was missing or wrong.
        reason: &'static str,
    },
    /// The data key of the folder lies in the system's keyring, so there is none in a file.
    #[error(
        "the data key of {} lies in the system's keyring; unlock the keyring, or name another folder \
         in PROOFKEY_STORE",
        .folder.display()
    )]
    KeyInKeyring {
        /// The folder of the store.
        folder: PathBuf,
    },
    /// The disk is full, a quota is used up, or a file may not be so large.
    #[error("no room to {action} {}: {detail}; make room on that disk", .path.display())]
    Full {
        /// What was tried: `open`, `write`, ….
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Another process has been writing, or was stopped while it wrote, for too long.
    #[error(
        "another process has held {} for {seconds} s; try again, and end that process if it hangs",
        .path.display()
    )]
    Busy {
        /// The lock file of the store.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// Whatever else the system refused.
    #[error("could not {action} {}: {detail}", .path.display())]
    Failed {
        /// What was tried: `open`, `write`, ….
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// A key that cannot be the name of a file everywhere. A mistake of the caller.
    #[error("the key of a record is 1 to 100 characters of a-z 0-9 -")]
    InvalidKey,
    /// A value that is larger than [`VALUE_MAX`](super::VALUE_MAX). A mistake of the caller.
    #[error(
        "a value of {bytes} bytes is too large for the store; it takes up to {}",
        super::VALUE_MAX
    )]
    TooLarge {
        /// The value's length.
        bytes: usize,
    },
    /// The system's random generator failed. There is no fallback.
    #[error("the operating system's random generator failed; nothing was written")]
    RandomUnavailable,
}

impl StoreError {
    /// The stable code: `store_unreadable`, `store_newer`, `store_insecure`, `store_denied`,
    /// `store_full`, `store_busy`, `store_failed` or `random_unavailable`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "store_unreadable",
            Self::Newer { .. } => "store_newer",
            Self::Insecure { .. } => "store_insecure",
            Self::Denied { .. } | Self::NoFolder { .. } | Self::KeyInKeyring { .. } => {
                "store_denied"
            }
            Self::Full { .. } => "store_full",
            Self::Busy { .. } => "store_busy",
            Self::Failed { .. } | Self::InvalidKey | Self::TooLarge { .. } => "store_failed",
            Self::RandomUnavailable => "random_unavailable",
        }
    }

    /// The system's refusal to do something with a file, told apart by what the user can do.
    pub(super) fn io(action: &'static str, path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let (path, detail) = (path.to_owned(), error.to_string());
        match error.kind() {
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
                Self::Denied { action, path, detail }
            }
            // A process may be limited in how large its files get (RLIMIT_FSIZE): a quota as well.
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
                Self::Full { action, path, detail }
            }
            _ => Self::Failed { action, path, detail },
        }
    }
}

fn kept_as(kept: Option<&Path>) -> String {
    match kept {
        Some(kept) => format!("it is kept as {}. Sign in again", kept.display()),
        None => "it could not be set aside: move it away, and sign in again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_systems_numbers_become_codes() {
        use rustix::io::Errno;
        for (errno, code) in [
            (Errno::ACCESS, "store_denied"),
            (Errno::PERM, "store_denied"),
            (Errno::ROFS, "store_denied"),
            (Errno::NOSPC, "store_full"),
            (Errno::DQUOT, "store_full"),
            (Errno::FBIG, "store_full"),
            (Errno::IO, "store_failed"),
            (Errno::NOLCK, "store_failed"),
            (Errno::MFILE, "store_failed"),
        ] {
            let error = io::Error::from_raw_os_error(errno.raw_os_error());
            assert_eq!(StoreError::io("write", Path::new("f"), &error).code(), code, "{errno:?}");
        }
    }

    #[test]
    fn the_text_says_where_what_and_what_to_do() {
        let path = PathBuf::from("folder/record-a");
        let kept = Some(PathBuf::from("folder/record-a.unreadable-1"));
        let error = StoreError::Unreadable { path: path.clone(), reason: "is cut short", kept };
        assert_eq!(
            error.to_string(),
            "folder/record-a is cut short and is not used; it is kept as \
             folder/record-a.unreadable-1. Sign in again"
        );
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(
            StoreError::io("write", &path, &full).to_string(),
            format!("no room to write folder/record-a: {full}; make room on that disk")
        );
    }
}
