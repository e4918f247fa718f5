//! The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), asked over the session bus for
//! one entry. The entry is found by its attributes `service` and `username`, as `secret-tool` and Python's
//! `keyring` find it.
//!
//! The secret crosses the socket as it is (the session algorithm `plain`, Secret Service specification,
//! "Transfer of Secrets"): who could read that socket could ask for the secret as well.

mod bus;
mod wire;

use super::unavailable;
use bus::{Bus, Call, Failed, Message};
use proofkey::error::Error;
use proofkey::file_store::FileStore;
use std::time::{Duration, Instant};
use wire::Writer;
use zeroize::Zeroizing;

const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const ON_SERVICE: &str = "org.freedesktop.Secret.Service";
const ON_COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ON_ITEM: &str = "org.freedesktop.Secret.Item";
const ON_PROMPT: &str = "org.freedesktop.Secret.Prompt";
/// The path that stands for none.
const NONE: &str = "/";

/// How long all may take where nobody is asked: a service that hangs must not hang us.
const TIME: Duration = Duration::from_secs(5);
/// How long the user may take to unlock it.
const PROMPT: Duration = Duration::from_secs(60);

const ATTRIBUTES: [(&str, &str); 2] =
    [("service", FileStore::KEYRING_SERVICE), ("username", FileStore::KEYRING_ACCOUNT)];

/// The entry's text.
pub(super) fn read(ask: bool) -> Result<Option<Zeroizing<String>>, Error> {
    find(ask).map_err(unavailable)
}

/// Makes the entry, in the keyring that is the default one.
pub(super) fn write(text: &str) -> Result<(), Error> {
    create(text).map_err(unavailable)
}

fn find(ask: bool) -> Result<Option<Zeroizing<String>>, Failed> {
    let mut service = Service::open()?;
    let mut arguments = Writer::new();
    arguments.texts(&ATTRIBUTES);
    let found = service.call(ROOT, ON_SERVICE, "SearchItems", "a{ss}", arguments)?;
    let mut read = found.body();
    let (Some(open), Some(locked)) = (read.paths(), read.paths()) else { return Err(broken()) };
    let item = match (open.first(), locked.first()) {
        (Some(open), _) => open,
        (None, None) => return Ok(None),
        (None, Some(_)) if !ask => return Err("it is locked".into()),
        (None, Some(locked)) => {
            service.unlock(locked)?;
            locked
        }
    };
    let mut arguments = Writer::new();
    arguments.text(&service.session);
    let secret = service.call(item, ON_ITEM, "GetSecret", "o", arguments)?;
    // (oayays): the session, its parameters, which `plain` has not, the secret, its media type.
    let mut read = secret.body();
    let (Some(_), Some(_), Some(value)) = (read.align(8).text(), read.bytes(), read.bytes()) else {
        return Err(broken());
    };
    let text = String::from_utf8(value.to_vec()).map_err(|_| broken())?;
    Ok(Some(Zeroizing::new(text)))
}

fn create(text: &str) -> Result<(), Failed> {
    let mut service = Service::open()?;
    let mut arguments = Writer::new();
    arguments.text("default");
    let alias = service.call(ROOT, ON_SERVICE, "ReadAlias", "s", arguments)?;
    let collection = alias.body().text().filter(|path| *path != NONE).map(str::to_owned);
    let collection = collection.ok_or("it has no default keyring")?;
    if service.is_locked(&collection)? {
        return Err("it is locked".into());
    }
    let mut arguments = Writer::new();
    arguments.array(8, |out| {
        out.align(8).text("org.freedesktop.Secret.Item.Label").signature("s");
        out.text("ProofKey: the key of its token store");
        out.align(8).text("org.freedesktop.Secret.Item.Attributes").signature("a{ss}");
        out.texts(&ATTRIBUTES);
    });
    arguments.align(8).text(&service.session).bytes(&[]).bytes(text.as_bytes()).text("text/plain");
    arguments.boolean(true);
    let made =
        service.call(&collection, ON_COLLECTION, "CreateItem", "a{sv}(oayays)b", arguments)?;
    let mut read = made.body();
    match (read.text(), read.text()) {
        (Some(item), Some(NONE)) if item != NONE => Ok(()),
        (Some(_), Some(_)) => Err("it wants to ask the user".into()),
        _ => Err(broken()),
    }
}

struct Service {
    bus: Bus,
    session: String,
}

impl Service {
    fn open() -> Result<Self, Failed> {
        let bus = Bus::connect(TIME)?;
        let mut service = Self { bus, session: String::new() };
        let mut arguments = Writer::new();
        arguments.text("plain").signature("s").text("");
        let opened = service.call(ROOT, ON_SERVICE, "OpenSession", "sv", arguments)?;
        // (v o): the answer's half of the algorithm, an empty text, and the session.
        let mut read = opened.body();
        let (Some("s"), Some(_), Some(session)) = (read.signature(), read.text(), read.text())
        else {
            return Err(broken());
        };
        service.session = session.to_owned();
        Ok(service)
    }

    fn call(
        &mut self,
        path: &str,
        interface: &str,
        member: &str,
        signature: &str,
        arguments: Writer,
    ) -> Result<Message, Failed> {
        let call = Call { destination: NAME, path, interface, member, signature };
        self.bus.call(&call, arguments)
    }

    fn is_locked(&mut self, collection: &str) -> Result<bool, Failed> {
        let mut arguments = Writer::new();
        arguments.text(ON_COLLECTION).text("Locked");
        let properties = "org.freedesktop.DBus.Properties";
        let answer = self.call(collection, properties, "Get", "ss", arguments)?;
        let mut read = answer.body();
        match (read.signature(), read.boolean()) {
            (Some("b"), Some(locked)) => Ok(locked),
            _ => Err(broken()),
        }
    }

    /// Lets the user unlock it.
    fn unlock(&mut self, item: &str) -> Result<(), Failed> {
        let mut arguments = Writer::new();
        arguments.array(4, |out| {
            out.text(item);
        });
        let answer = self.call(ROOT, ON_SERVICE, "Unlock", "ao", arguments)?;
        let mut read = answer.body();
        let (Some(_), Some(prompt)) = (read.paths(), read.text()) else { return Err(broken()) };
        if prompt == NONE {
            return Ok(());
        }
        self.bus.wait_until(Instant::now() + PROMPT);
        let mut arguments = Writer::new();
        arguments.text(&format!("type='signal',interface='{ON_PROMPT}',path='{prompt}'"));
        let bus = "org.freedesktop.DBus";
        let path = "/org/freedesktop/DBus";
        let watch =
            Call { destination: bus, path, interface: bus, member: "AddMatch", signature: "s" };
        self.bus.call(&watch, arguments)?;
        // No window of ours for its dialog to stand before.
        let mut arguments = Writer::new();
        arguments.text("");
        self.call(prompt, ON_PROMPT, "Prompt", "s", arguments)?;
        match self.bus.signal(prompt, "Completed")?.body().boolean() {
            Some(false) => Ok(()),
            _ => Err("it stayed locked".into()),
        }
    }
}

fn broken() -> Failed {
    "the Secret Service answered what its specification does not allow".into()
}
