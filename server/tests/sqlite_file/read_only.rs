//! A file, and a folder, that may only be read.

use proofkey_server::store::{SqliteStore, StoreError};
use proofkey_server::testing::fixture::{issued, passes, redeem, refresh, signed_in};
use std::fs::{Permissions, metadata, read, set_permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

/// Says to the child that it is one.
const CHILD: &str = "PROOFKEY_READ_ONLY";

/// Runs a test again in a process that permissions hold for: root may write to whatever it likes, but for the
/// capability to do so (capabilities(7)).
fn in_a_child(test: &str) {
    let program = std::env::current_exe().unwrap();
    let mut command = if metadata("/proc/self").unwrap().uid() == 0 {
        let mut command = Command::new("setpriv");
        command.arg("--bounding-set=-dac_override,-dac_read_search").arg(program);
        command
    } else {
        Command::new(program)
    };
    let child = command.args(["--exact", test, "--nocapture"]).env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{child:?}");
}

fn set(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// It is not opened, the reason is one line that says what to do, and nothing is written; as soon as it may be written
/// to, the same process opens it and all is there.
#[tokio::test]
async fn what_may_only_be_read_is_not_opened_until_it_may_be_written() {
    if std::env::var_os(CHILD).is_none() {
        return in_a_child(
            "read_only::what_may_only_be_read_is_not_opened_until_it_may_be_written",
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let missing = folder.path().join("new.db");
    let store = SqliteStore::open(&path).unwrap();
    let (verifier, code) = issued(&store).await;
    let kept = signed_in(&store).await;
    drop(store);
    let before = read(&path).unwrap();
    for (locked, mode, way_back, says) in
        [(&*path, 0o400, 0o600, "may only read it"), (folder.path(), 0o500, 0o700, "to its folder")]
    {
        set(locked, mode);
        let error = SqliteStore::open(&path).err().expect("it was opened");
        assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
        let words = error.to_string();
        assert!(words.contains(says) && words.lines().count() == 1, "{words}");
        if locked == folder.path() {
            let error = SqliteStore::open(&missing).err().expect("it was made");
            assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
        }
        set(locked, way_back);
        assert_eq!(read(&path).unwrap(), before);
        let store = SqliteStore::open(&path).unwrap();
        assert!(passes(&store, &kept.access).await);
    }
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(redeem(&store, &code, Some(verifier.expose_verifier())).await.status, 200);
}

/// A store that is open keeps what it has opened: rights that are taken away meanwhile lose nothing, and neither
/// does the end of the program, which then cannot tidy up.
#[tokio::test]
async fn rights_that_go_while_it_is_open_lose_nothing() {
    if std::env::var_os(CHILD).is_none() {
        return in_a_child("read_only::rights_that_go_while_it_is_open_lose_nothing");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    let before = signed_in(&store).await;
    set(&path, 0o400);
    set(folder.path(), 0o500);
    let meanwhile = signed_in(&store).await;
    assert_eq!(refresh(&store, &before.refresh, "", 0).await.status, 200);
    assert!(SqliteStore::open(&path).is_err());
    drop(store);
    set(folder.path(), 0o700);
    set(&path, 0o600);
    let store = SqliteStore::open(&path).unwrap();
    assert!(passes(&store, &before.access).await && passes(&store, &meanwhile.access).await);
    assert_eq!(refresh(&store, &before.refresh, "", 0).await.audit.name(), "reuse_revoked");
}
