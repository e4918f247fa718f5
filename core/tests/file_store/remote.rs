//! The other process: this program once more, which does with a store of its own what it is told to.

use crate::LONG;
use proofkey::file_store::{FileStore, StoreError};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What its lines begin with, among those of the test program.
const MARK: &str = "@ ";
const FOLDER: &str = "PROOFKEY_TEST_FOLDER";

pub struct Remote {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

const NAME: &str = "remote::the_other_process";

/// The arguments that make a test program this one.
pub const ARGUMENTS: [&str; 4] = ["--exact", NAME, "--ignored", "--nocapture"];

impl Remote {
    /// Starts it with a store in that folder.
    pub fn start(folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(ARGUMENTS);
        Self::by(command, folder)
    }

    pub fn by(mut command: Command, folder: &Path) -> Self {
        command.env(FOLDER, folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, orders, answers }
    }

    pub fn tell(&mut self, order: &str) {
        writeln!(self.orders.as_ref().unwrap(), "{order}").unwrap();
    }

    /// Its next line; `None` when it has ended.
    pub fn hear(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            // A line that was cut by a kill is none.
            if let Some((_, said)) = line.split_once(MARK)
                && let Some(said) = said.strip_suffix('\n')
            {
                return Some(said.to_owned());
            }
        }
    }

    pub fn ask(&mut self, order: &str) -> String {
        self.tell(order);
        self.hear().expect("it has ended")
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// No more orders come; it ends as it should.
    pub fn end(mut self) {
        drop(self.orders.take());
        let mut rest = String::new();
        self.answers.read_to_string(&mut rest).unwrap();
        assert!(self.process.wait().unwrap().success(), "{rest}");
        // Whoever counts the tests must see that the ignored one ran; `println` would be caught.
        let ran = format!("\ntest {NAME} ... ok\n");
        std::io::stdout().lock().write_all(ran.as_bytes()).unwrap();
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "the other process of the tests here, which start it"]
fn the_other_process() {
    let folder = std::env::var_os(FOLDER).expect("started by a test");
    let mut store = FileStore::open(Path::new(&folder));
    let mut locks = Vec::new();
    for order in std::io::stdin().lines() {
        let order = order.unwrap();
        let words: Vec<&str> = order.split(' ').collect();
        let answer = match (&store, &words[..]) {
            (_, ["open", folder]) => {
                store = FileStore::open(Path::new(folder));
                store.as_ref().map(|_| "open".to_owned()).map_err(Clone::clone)
            }
            (_, ["fill", path]) => Ok(fill(Path::new(path))),
            (_, ["delete", path]) => Ok(format!("{:?}", std::fs::remove_file(path))),
            (_, ["spawn"]) => Ok(spawn()),
            (_, ["folder"]) => FileStore::default_folder().map(|path| path.display().to_string()),
            (Err(error), _) => Err(error.clone()),
            (Ok(store), words) => obey(store, words, &mut locks),
        };
        match answer {
            Ok(answer) => say(&answer),
            Err(error) => say(&format!("{} {error}", error.code())),
        }
    }
}

fn obey(
    store: &FileStore,
    words: &[&str],
    locks: &mut Vec<proofkey::file_store::Lock>,
) -> Result<String, StoreError> {
    Ok(match words {
        ["load", key] => match store.load(key)? {
            None => "0".to_owned(),
            Some(it) => format!("{} {}", it.revision, String::from_utf8_lossy(&it.value)),
        },
        ["swap", key, revision, value] => {
            store.swap(key, revision.parse::<u64>().unwrap(), Some(value.as_bytes()))?.to_string()
        }
        ["lock", key, wait_ms] => match store.lock(key, wait_ms.parse().unwrap())? {
            None => "busy".to_owned(),
            Some(lock) => {
                locks.push(lock);
                "locked".to_owned()
            }
        },
        ["file-key"] => format!("{:02x?}", *store.file_key()?),
        ["decide-keyring"] => store.decide_keyring()?.to_string(),
        ["increment", times] => crate::swap::increment(store, times.parse().unwrap())?,
        ["win", times, name] => crate::swap::win(store, times.parse().unwrap(), name)?,
        ["hold-for-ever"] => crate::lock::hold_for_ever(store),
        ["count-for-ever"] => crate::kills::count_for_ever(store)?,
        other => panic!("no such order: {other:?}"),
    })
}

/// One line to the test that started this process.
pub fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{MARK}{text}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Writes until there is no room left.
fn fill(path: &Path) -> String {
    let mut file = std::fs::File::create(path).unwrap();
    let mut written = 0;
    loop {
        match file.write(&[b'x'; 512]) {
            Ok(more) => written += more,
            Err(error) => return format!("{} {written}", error.raw_os_error().unwrap()),
        }
    }
}

/// Starts a program that outlives this one and answers once it is told a line more.
#[expect(clippy::zombie_processes, reason = "that it is not waited for is what it is for")]
fn spawn() -> String {
    let script = format!("read line && echo && echo '{MARK}'alive");
    Command::new("sh").args(["-c", &script]).spawn().unwrap();
    "spawned".to_owned()
}

#[test]
fn another_process_sees_what_this_one_stored() {
    let own = crate::Own::new();
    own.put("a", b"value");
    let mut remote = Remote::start(&own.path());
    let revision = own.revision("a");
    assert_eq!(remote.ask("load a"), format!("{revision} value"));
    assert_eq!(remote.ask(&format!("swap a {revision} other")), "true");
    assert_eq!(remote.ask(&format!("lock a {LONG}")), "locked");
    remote.end();
    assert_eq!(own.value("a").unwrap(), b"other");
}
