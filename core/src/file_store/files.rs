//! Opening files so that neither a link nor anything else that is not a file of ours is followed, and
//! writing them so that they are there whole or not at all.

use super::error::StoreError;
use super::format::{self, Flaw, Kind};
use super::lock::{self, Lock};
use crate::random;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zeroize::Zeroizing;

/// No file of ours is larger.
const SIZE_MAX: u64 = 256 * 1024;
/// The lock under which everything is written.
const WRITE_LOCK: &str = "write-lock";
/// A write takes milliseconds: whoever is not done by then was stopped, or the disk hangs.
const WRITE_WAIT: Duration = Duration::from_secs(30);
/// How the names of files that are being written begin. So many random bytes follow, as text.
const UNFINISHED: &str = "new-";
const RANDOM: usize = 16;

type Value = Zeroizing<Vec<u8>>;

/// What a file holds.
pub(super) enum Found {
    Nothing,
    Value(Value),
    /// It cannot be used; why, as the middle of a sentence.
    Bad(&'static str),
}

/// Reads a file, which may be replaced at any time: what was opened stays what it was.
pub(super) fn read(path: &Path, kind: Kind) -> Result<Found, StoreError> {
    let mut options = OpenOptions::new();
    let Some(file) = open(path, options.read(true))? else {
        return Ok(Found::Nothing);
    };
    let failed = |e: io::Error| StoreError::io("read", path, &e);
    let size = file.metadata().map_err(failed)?.len();
    if size > SIZE_MAX {
        return Ok(Found::Bad("is larger than any file of the store"));
    }
    match format::read(file, size, kind).map_err(failed)? {
        Ok(value) => Ok(Found::Value(value)),
        Err(Flaw::Bad(reason)) => Ok(Found::Bad(reason)),
        Err(Flaw::Newer(version)) => Err(StoreError::Newer { path: path.to_owned(), version }),
    }
}

/// Opens a file of ours; `None` when there is none.
fn open(path: &Path, options: &mut OpenOptions) -> Result<Option<File>, StoreError> {
    let insecure = |reason, advice| {
        let path = path.to_owned();
        Err(StoreError::Insecure { path, reason, advice })
    };
    let elsewhere = "move it away; the store makes a new one";
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::io("open", path, &e)),
        Ok(found) if found.is_symlink() => return insecure("is a symbolic link", elsewhere),
        Ok(found) if !found.is_file() => return insecure("is not a regular file", elsewhere),
        Ok(_) => {}
    }
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // Whatever has come into its place since: no link is followed, no pipe is waited for.
        let flags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).bits();
        options.custom_flags(flags.cast_signed());
    }
    let file = match options.open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|e| StoreError::io("open", path, &e))?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        const OTHERS: u32 = 0o077;
        let found = file.metadata().map_err(|e| StoreError::io("open", path, &e))?;
        if !found.is_file() {
            return insecure("is not a regular file", elsewhere);
        }
        if found.uid() != rustix::process::geteuid().as_raw() {
            return insecure("belongs to another user", elsewhere);
        }
        if found.mode() & OTHERS != 0 {
            return insecure("may be read or written by other users", "end that: chmod 600");
        }
    }
    Ok(Some(file))
}

/// How a file is made: for this user alone, and never in the place of another.
fn new_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a lock file, and makes it if it is not there.
pub(super) fn open_lock(path: &Path) -> Result<File, StoreError> {
    loop {
        // For writing too: over NFS the lock needs it.
        if let Some(file) = open(path, OpenOptions::new().read(true).write(true))? {
            return Ok(file);
        }
        match new_file().read(true).open(path) {
            Ok(file) => return Ok(file),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {} // another was there first
            Err(e) => return Err(StoreError::io("make", path, &e)),
        }
    }
}

/// Whether the path still names the file that was opened.
pub(super) fn is_still_at(file: &File, path: &Path) -> Result<bool, StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let failed = |e: io::Error| StoreError::io("lock", path, &e);
        let opened = file.metadata().map_err(failed)?;
        match fs::symlink_metadata(path) {
            Ok(there) => Ok((there.dev(), there.ino()) == (opened.dev(), opened.ino())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(failed(e)),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path); // there a file that is open can be marked for deletion only
        Ok(true)
    }
}

/// The right to write into the folder: one process and thread has it at a time. It is held for one
/// write, by whoever also holds the lock of a key as well as by who does not.
pub(super) struct Writing<'a> {
    folder: &'a Path,
    _lock: Lock,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(folder: &'a Path) -> Result<Self, StoreError> {
        let path = folder.join(WRITE_LOCK);
        match lock::take(&path, WRITE_WAIT)? {
            Some(_lock) => Ok(Self { folder, _lock }),
            None => Err(StoreError::Busy { path, seconds: WRITE_WAIT.as_secs() }),
        }
    }

    /// Reads a file, and sets one that cannot be used aside.
    pub(super) fn read(&self, path: &Path, kind: Kind) -> Result<Option<Value>, StoreError> {
        match read(path, kind)? {
            Found::Nothing => Ok(None),
            Found::Value(value) => Ok(Some(value)),
            Found::Bad(reason) => {
                let kept = self.set_aside(path).ok();
                Err(StoreError::Unreadable { path: path.to_owned(), reason, kept })
            }
        }
    }

    /// Gives a file the next free name of those for unreadable ones.
    fn set_aside(&self, path: &Path) -> io::Result<PathBuf> {
        let mut number = 0_u64;
        let kept = loop {
            number += 1;
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".unreadable-{number}"));
            match fs::symlink_metadata(&name) {
                // Nobody takes the name before us: that is done under the lock alone.
                Err(e) if e.kind() == io::ErrorKind::NotFound => break PathBuf::from(name),
                Err(e) => return Err(e),
                Ok(_) => {}
            }
        };
        fs::rename(path, &kept)?;
        let _ = self.sync(); // should this be undone by a crash, it is done again
        Ok(kept)
    }

    /// Puts a new file in the place of that path: whole, or not at all. When this returns it has
    /// reached the disk.
    pub(super) fn replace(&self, path: &Path, kind: Kind, value: &[u8]) -> Result<(), StoreError> {
        let failed = |e: io::Error| StoreError::io("write", path, &e);
        self.sweep();
        let name = random::bytes::<RANDOM>().map_err(|_| StoreError::RandomUnavailable)?;
        let unfinished = self.folder.join(format!("{UNFINISHED}{}", random::text(&*name)));
        let written = new_file()
            .open(&unfinished)
            .and_then(|mut file| {
                file.write_all(&format::head(kind, value))?;
                file.write_all(value)?;
                // Before the rename: else the new name may reach the disk without its content.
                file.sync_all()
            })
            .and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished); // it may never have been made
        }
        written.and_then(|()| self.sync()).map_err(failed)
    }

    pub(super) fn remove(&self, path: &Path) -> Result<(), StoreError> {
        let removed = fs::remove_file(path).and_then(|()| self.sync());
        removed.map_err(|e| StoreError::io("delete", path, &e))
    }

    /// Deletes what writers that were killed have left. It can be told by its name, and as it is
    /// made under our lock alone, nobody is still at it. What cannot be deleted stays.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let random = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
            if random.is_some_and(|random| random.len() == random::text_len(RANDOM)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Brings the change of a name to the disk.
    fn sync(&self) -> io::Result<()> {
        #[cfg(unix)]
        match File::open(self.folder)?.sync_all() {
            // Some file systems, of networks or in user space, cannot do that with a folder.
            Err(e)
                if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            }
            synced => synced?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{FileStore, turns};
    use super::*;

    #[test]
    fn what_is_good_by_now_is_not_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::open(&folder.path().join("store")).unwrap();
        let record = store.folder().join("record-a");
        store.swap("a", 0, Some(b"value")).unwrap();
        fs::write(&record, "damaged").unwrap();
        std::thread::scope(|scope| {
            let writing = Writing::begin(store.folder()).unwrap();
            let reader = scope.spawn(|| store.load("a"));
            // It has seen the damage and waits for the right to set it aside.
            turns::ours().until(&store.folder().join(WRITE_LOCK), 2);
            writing.replace(&record, Kind::Record, b"good").unwrap();
            drop(writing);
            assert_eq!(reader.join().unwrap().unwrap().unwrap().value.as_slice(), b"good");
        });
        assert_eq!(fs::read_dir(store.folder()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_or_deleted_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = open_lock(&path).unwrap();
        assert!(is_still_at(&first, &path).unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!is_still_at(&first, &path).unwrap());
        let second = open_lock(&path).unwrap();
        assert!(!is_still_at(&first, &path).unwrap());
        assert!(is_still_at(&second, &path).unwrap());
    }
}
