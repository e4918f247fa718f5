//! Disks without room: nothing that was stored is lost.

use crate::Own;
use crate::remote::{ARGUMENTS, Remote};
use std::path::Path;
use std::process::{Command, Stdio};

/// The test program with these words before it.
fn wrapped(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(std::env::current_exe().unwrap()).args(ARGUMENTS);
    command
}

/// What must hold when there is no more room, however that came.
fn without_room(remote: &mut Remote, folder: &Path) {
    let large = "x".repeat(60_000);
    let seen = remote.ask("load a");
    let revision = seen.split(' ').next().unwrap().to_owned();
    for (order, file) in [
        (format!("swap a {revision} {large}"), "record-a"),
        (format!("swap b 0 {large}"), "record-b"),
    ] {
        let answer = remote.ask(&order);
        assert!(answer.starts_with("store_full no room to write "), "{answer}");
        assert!(answer.contains(folder.join(file).to_str().unwrap()), "{answer}");
    }
    assert_eq!(remote.ask("load a"), seen);
    assert_eq!(remote.ask("load b"), "0");
    assert_eq!(remote.ask(&format!("swap a 0 {large}")), "false");
    assert_eq!(remote.ask("lock a 0"), "locked");
}

/// Ignored, the signal becomes an error; what is ignored stays so when a program is started.
const LIMIT: [&str; 3] = ["sh", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""];

#[test]
fn a_limit_on_the_size_of_files_is_no_room_and_loses_nothing() {
    let own = Own::new();
    let mut remote = Remote::by(wrapped(&LIMIT), &own.path());
    assert_eq!(remote.ask("swap a 0 value"), "true");
    without_room(&mut remote, &own.path());
    assert_eq!(own.names("new-").len(), 0);
    let small = format!("swap a {} small", own.revision("a"));
    assert_eq!(remote.ask(&small), "true");
    remote.end();
    assert_eq!(own.value("a").unwrap(), b"small");
}

/// What makes a small disk in memory at that path, for one program and what it starts: as root, or as
/// root of a name space of its own. `None` where the system allows neither.
fn small_disk(path: &Path) -> Option<Vec<&str>> {
    const MOUNT: &str = "mount -t tmpfs -o size=128k,mode=700 none \"$0\" && exec \"$@\"";
    let spaces = [&["--mount"][..], &["--user", "--map-root-user", "--mount"]];
    let path = path.to_str().unwrap();
    let mut words = spaces.map(|s| [&["unshare"], s, &["--", "sh", "-c", MOUNT, path]].concat());
    let works = |words: &&mut Vec<&str>| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("true").stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    words.iter_mut().find(works).map(std::mem::take)
}

#[test]
fn a_full_disk_loses_nothing() {
    let mount = tempfile::tempdir().unwrap();
    let folder = mount.path().join("store");
    let filler = mount.path().join("filler");
    let disk = small_disk(mount.path());
    // Where no disk can be had, a limit on files stands for it: the same way with another number of
    // the system, and which numbers mean "no room" has a test of its own.
    let mut remote = Remote::by(wrapped(disk.as_deref().unwrap_or(&LIMIT)), &folder);
    assert_eq!(remote.ask("swap a 0 value"), "true");
    if disk.is_some() {
        let full = remote.ask(&format!("fill {}", filler.display()));
        assert!(full.starts_with("28 "), "not ENOSPC: {full}");
    }
    without_room(&mut remote, &folder);
    if disk.is_some() {
        assert_eq!(remote.ask(&format!("delete {}", filler.display())), "Ok(())");
    }
    assert_eq!(remote.ask("swap b 0 small"), "true");
    remote.end();
}
