//! Who may read and write what, and links.

use crate::remote::{ARGUMENTS, Remote};
use crate::{Own, assert_error};
use proofkey::file_store::FileStore;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A user that is not this one and owns nothing.
const NOBODY: u32 = 65534;

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// A folder in which somebody without any privilege runs this program: rights count for nothing where
/// this is run as root, so there it is another user.
struct Unprivileged {
    folder: tempfile::TempDir,
    root: bool,
}

impl Unprivileged {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::metadata(folder.path()).unwrap().uid() == 0;
        let it = Self { folder, root };
        it.give(it.folder.path());
        // Where the program lies others may have no access.
        fs::copy(std::env::current_exe().unwrap(), it.program()).unwrap();
        chmod(&it.program(), 0o755);
        it
    }

    fn program(&self) -> PathBuf {
        self.path("program")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn give(&self, path: &Path) {
        if self.root {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    fn start(&self, store: &Path) -> Remote {
        let mut command = Command::new(self.program());
        command.args(ARGUMENTS).current_dir("/");
        if self.root {
            command.uid(NOBODY).gid(NOBODY);
        }
        Remote::by(command, store)
    }
}

#[test]
fn everything_is_made_for_this_user_alone() {
    let own = Own::new();
    own.put("a", b"value");
    let _lock = own.store.lock("a", 0).unwrap();
    own.store.file_key().unwrap();
    assert_eq!(mode(&own.path()), 0o700);
    let names = own.names("");
    assert_eq!(names, ["data-key", "lock-a", "record-a", "write-lock"]);
    for name in names {
        assert_eq!(mode(&own.path().join(&name)), 0o600, "{}", name.display());
    }
    let deep = own.path().join("x/y");
    FileStore::open(&deep).unwrap();
    assert_eq!((mode(deep.parent().unwrap()), mode(&deep)), (0o700, 0o700));
}

#[test]
fn a_folder_into_which_others_can_write_is_refused() {
    let own = Own::new();
    own.put("a", b"value");
    for open in [0o770, 0o707, 0o722, 0o1777] {
        chmod(&own.path(), open);
        let error = FileStore::open(&own.path()).unwrap_err();
        assert_error(&error, "store_insecure", &own.path());
        assert!(error.to_string().contains("chmod go-w"), "{error}");
    }
    // Others may look.
    for closed in [0o755, 0o750, 0o700] {
        chmod(&own.path(), closed);
        assert!(FileStore::open(&own.path()).is_ok());
    }
}

#[test]
fn a_folder_that_others_can_exchange_is_refused() {
    let own = Own::new();
    let above = own.folder.path().canonicalize().unwrap();
    chmod(&above, 0o777);
    assert_error(&FileStore::open(&own.path()).unwrap_err(), "store_insecure", &above);
    // As the folder for temporary files is: only an entry's owner can move it.
    chmod(&above, 0o1777);
    assert!(FileStore::open(&own.path()).is_ok());
}

#[test]
fn a_folder_of_another_user_is_refused() {
    let other = Unprivileged::new();
    let theirs = if other.root { other.folder.path() } else { Path::new("/") };
    let error = FileStore::open(theirs).unwrap_err();
    assert_eq!(error.code(), "store_insecure", "{error}");
    assert!(error.to_string().contains("belongs to another user"), "{error}");
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let own = Own::new();
    own.put("a", b"value");
    let file = own.record("a");
    assert_error(&FileStore::open(&file).unwrap_err(), "store_failed", &file);
    let below = file.join("store");
    assert_error(&FileStore::open(&below).unwrap_err(), "store_failed", &below);
    let link = own.folder.path().join("link");
    symlink(own.path(), &link).unwrap();
    for path in [link.clone(), link.join(""), link.join(".")] {
        let error = FileStore::open(&path).unwrap_err();
        assert_eq!(error.code(), "store_insecure", "{error}");
        assert!(error.to_string().contains("symbolic link"), "{error}");
    }
    let dangling = own.folder.path().join("dangling");
    symlink(own.folder.path().join("nowhere"), &dangling).unwrap();
    assert_error(&FileStore::open(&dangling).unwrap_err(), "store_insecure", &dangling);
    assert_eq!(FileStore::open(Path::new("")).unwrap_err().code(), "store_failed");
    // Links above the folder are the system's business, and one store has one path.
    symlink(own.folder.path(), own.path().join("up")).unwrap();
    let around = FileStore::open(&own.path().join("up/store")).unwrap();
    assert_eq!(around.folder(), own.store.folder());
}

/// What the error says, and how to put such a thing, or a link to the first path, at the second.
type Plant = (&'static str, fn(&Path, &Path));

#[test]
fn links_and_what_is_no_file_are_refused_and_left_alone() {
    let own = Own::new();
    let target = own.folder.path().join("target");
    own.put("good", b"value");
    fs::copy(own.record("good"), &target).unwrap();
    let before = fs::read(&target).unwrap();
    let plants: [Plant; 3] = [
        ("is a symbolic link", |target, path| symlink(target, path).unwrap()),
        ("is not a regular file", |_, path| fs::create_dir(path).unwrap()),
        ("is not a regular file", |_, path| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
    ];
    for (n, (reason, plant)) in plants.into_iter().enumerate() {
        let key = format!("a{n}");
        let lock = own.path().join(format!("lock-{key}"));
        plant(&target, &own.record(&key));
        plant(&target, &lock);
        for error in [
            own.store.load(&key).unwrap_err(),
            own.store.swap(&key, 0, Some(b"new")).unwrap_err(),
            own.store.swap(&key, own.revision("good"), None).unwrap_err(),
        ] {
            assert_error(&error, "store_insecure", &own.record(&key));
            assert!(error.to_string().contains(reason), "{error}");
        }
        assert_error(&own.store.lock(&key, 0).unwrap_err(), "store_insecure", &lock);
    }
    assert_eq!(fs::read(&target).unwrap(), before);
    // A link to nothing makes nothing.
    symlink(own.folder.path().join("made"), own.path().join("lock-b")).unwrap();
    assert_eq!(own.store.lock("b", 0).unwrap_err().code(), "store_insecure");
    assert!(!own.folder.path().join("made").exists());
    // The same for the lock of the writers and for the data key.
    symlink(&target, own.path().join("data-key")).unwrap();
    assert_eq!(own.store.file_key().unwrap_err().code(), "store_insecure");
    fs::remove_file(own.path().join("write-lock")).unwrap();
    symlink(&target, own.path().join("write-lock")).unwrap();
    assert_eq!(own.store.swap("c", 0, Some(b"x")).unwrap_err().code(), "store_insecure");
    assert_eq!(fs::read(&target).unwrap(), before);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let own = Own::new();
    own.put("a", b"value");
    own.store.file_key().unwrap();
    for open in [0o604, 0o640, 0o660, 0o666] {
        chmod(&own.record("a"), open);
        chmod(&own.path().join("data-key"), open);
        let error = own.store.load("a").unwrap_err();
        assert_error(&error, "store_insecure", &own.record("a"));
        assert!(error.to_string().contains("chmod 600"), "{error}");
        assert!(own.store.swap("a", 0, None).is_err());
        let error = own.store.file_key().unwrap_err();
        assert_error(&error, "store_insecure", Path::new("data-key"));
    }
    chmod(&own.record("a"), 0o600);
    assert_eq!(own.value("a").unwrap(), b"value");
}

#[test]
fn a_file_of_another_user_is_refused() {
    let other = Unprivileged::new();
    let folder = other.path("store");
    let mut remote = other.start(&folder);
    assert_eq!(remote.ask("swap a 0 value"), "true");
    if other.root {
        chown(folder.join("record-a"), Some(0), Some(0)).unwrap();
        // It cannot even be opened.
        assert!(remote.ask("load a").starts_with("store_denied "));
        // Root can open all, and still takes none that is not its own.
        chown(&folder, Some(0), Some(0)).unwrap();
        chown(folder.join("record-a"), Some(NOBODY), Some(NOBODY)).unwrap();
        chmod(other.folder.path(), 0o755);
        let error = FileStore::open(&folder).unwrap().load("a").unwrap_err();
        assert_error(&error, "store_insecure", &folder.join("record-a"));
    }
    remote.end();
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_stays() {
    let other = Unprivileged::new();
    let folder = other.path("store");
    let mut remote = other.start(&folder);
    assert_eq!(remote.ask("swap a 0 value"), "true");
    let seen = remote.ask("load a");
    chmod(&folder.join("record-a"), 0o000);
    for order in ["load a", "swap a 0 new"] {
        let answer = remote.ask(order);
        assert!(answer.starts_with("store_denied no permission to open "), "{answer}");
        assert!(answer.contains("record-a"), "{answer}");
    }
    chmod(&folder.join("record-a"), 0o600);
    assert_eq!(remote.ask("load a"), seen);
    remote.end();
}

#[test]
fn a_folder_that_is_read_only_can_be_read_and_not_written() {
    let other = Unprivileged::new();
    let folder = other.path("store");
    let mut remote = other.start(&folder);
    for key in ["a", "b"] {
        assert_eq!(remote.ask(&format!("swap {key} 0 value")), "true");
    }
    let seen = remote.ask("load a");
    let revision = seen.split(' ').next().unwrap();
    fs::write(folder.join("record-b"), "damaged").unwrap();
    chmod(&folder, 0o500);
    assert_eq!(remote.ask(&format!("open {}", folder.display())), "open");
    assert_eq!(remote.ask("load a"), seen);
    for order in [&format!("swap a {revision} new"), "lock a 0", "file-key", "decide-keyring"] {
        let answer = remote.ask(order);
        assert!(answer.starts_with("store_denied no permission to "), "{order}: {answer}");
        assert!(answer.contains("PROOFKEY_STORE"), "{answer}");
    }
    // What is damaged is noticed all the same, although it cannot be set aside.
    let answer = remote.ask("load b");
    assert!(answer.starts_with("store_unreadable ") && answer.contains("could not be"), "{answer}");
    chmod(&folder, 0o700);
    assert_eq!(remote.ask("load a"), seen);
    remote.end();
}

#[test]
fn a_home_that_is_read_only_or_missing_is_an_error() {
    let other = Unprivileged::new();
    let home = other.path("home");
    fs::create_dir(&home).unwrap();
    other.give(&home);
    chmod(&home, 0o500);
    let mut remote = other.start(&home.join(".local/share/proofkey"));
    let answer = remote.ask("load a");
    assert!(answer.starts_with("store_denied no permission to make "), "{answer}");
    assert!(answer.contains(".local/share/proofkey"), "{answer}");
    chmod(&home, 0o700);
    remote.end();

    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(ARGUMENTS);
    for name in ["HOME", "XDG_DATA_HOME", "PROOFKEY_STORE"] {
        command.env_remove(name);
    }
    let answer = Remote::by(command, &home.join("store")).ask("folder");
    assert!(answer.starts_with("store_denied there is no folder for the store: "), "{answer}");
}
