//! The session bus: a socket of this user, a greeting, and calls that are answered one after the other
//! (D-Bus specification, "Authentication Protocol", "Message Protocol").

use super::wire::{Reader, Writer};
use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// What ended the talk, in words for the message.
pub(super) type Failed = String;

/// No answer that is waited for here is larger, in bytes.
const MAX: usize = 256 * 1024;

/// What is called.
pub(super) struct Call<'a> {
    pub(super) destination: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
    pub(super) member: &'a str,
    /// The types of the arguments.
    pub(super) signature: &'a str,
}

/// A message that came.
pub(super) struct Message {
    kind: u8,
    reply_to: Option<u32>,
    path: String,
    member: String,
    error: Option<String>,
    body: Zeroizing<Vec<u8>>,
    big_endian: bool,
}

const CALL: u8 = 1;
const ERROR: u8 = 3;
const SIGNAL: u8 = 4;

impl Message {
    /// Its arguments.
    pub(super) fn body(&self) -> Reader<'_> {
        Reader::new(&self.body, self.big_endian)
    }
}

pub(super) struct Bus {
    stream: UnixStream,
    serial: u32,
    end: Instant,
    /// What came while an answer was waited for.
    passed: VecDeque<Message>,
}

impl Bus {
    /// Connects to the bus of this session; all that follows must be done within this time.
    pub(super) fn connect(time: Duration) -> Result<Self, Failed> {
        let address =
            std::env::var("DBUS_SESSION_BUS_ADDRESS").ok().filter(|text| !text.is_empty());
        let address = address.or_else(|| {
            let runtime = std::env::var("XDG_RUNTIME_DIR").ok().filter(|text| !text.is_empty())?;
            Some(format!("unix:path={runtime}/bus"))
        });
        let address = address.ok_or("there is no session bus (DBUS_SESSION_BUS_ADDRESS)")?;
        let stream = open(&address).map_err(|e| format!("the session bus: {e}"))?;
        let mut bus =
            Self { stream, serial: 0, end: Instant::now() + time, passed: VecDeque::new() };
        bus.greet()?;
        Ok(bus)
    }

    /// Gives what follows more time: a user has to answer.
    pub(super) fn wait_until(&mut self, end: Instant) {
        self.end = end;
    }

    /// Who we are the bus sees by the socket.
    fn greet(&mut self) -> Result<(), Failed> {
        self.write(b"\0AUTH EXTERNAL\r\n")?;
        let mut line = self.line()?;
        if line.starts_with("DATA") {
            self.write(b"DATA\r\n")?;
            line = self.line()?;
        }
        if !line.starts_with("OK ") {
            return Err("the session bus does not let this user in".into());
        }
        self.write(b"BEGIN\r\n")?;
        let bus = "org.freedesktop.DBus";
        let hello = Call {
            destination: bus,
            path: "/org/freedesktop/DBus",
            interface: bus,
            member: "Hello",
            signature: "",
        };
        self.call(&hello, Writer::new()).map(drop)
    }

    /// Calls, and waits for the answer.
    pub(super) fn call(&mut self, call: &Call<'_>, arguments: Writer) -> Result<Message, Failed> {
        self.serial += 1;
        let serial = self.serial;
        let body = arguments.finish();
        let head = head(call, serial, body.len())?;
        self.write(&head)?;
        self.write(&body)?;
        loop {
            let message = self.receive()?;
            if message.reply_to != Some(serial) {
                self.passed.push_back(message);
                continue;
            }
            if message.kind == ERROR {
                let name = message.error.as_deref().unwrap_or("an error without a name");
                let words = message.body().text().unwrap_or_default().to_owned();
                return Err(format!("{}: {name} {words}", call.member).trim_end().to_owned());
            }
            return Ok(message);
        }
    }

    /// Waits for this signal of this object.
    pub(super) fn signal(&mut self, path: &str, member: &str) -> Result<Message, Failed> {
        loop {
            let message = match self.passed.pop_front() {
                Some(message) => message,
                None => self.receive()?,
            };
            if (message.kind, message.path.as_str(), message.member.as_str())
                == (SIGNAL, path, member)
            {
                return Ok(message);
            }
        }
    }

    /// The next message, whatever it is.
    fn receive(&mut self) -> Result<Message, Failed> {
        let broken = || "the session bus sent what is no message".to_owned();
        let mut fixed = [0; 16];
        self.read(&mut fixed)?;
        let big_endian = fixed[0] == b'B';
        let mut read = Reader::new(&fixed, big_endian);
        let (_, kind, _, version) = (read.byte(), read.byte(), read.byte(), read.byte());
        let (Some(kind), Some(1), Some(body), Some(_), Some(fields)) =
            (kind, version, read.u32(), read.u32(), read.u32())
        else {
            return Err(broken());
        };
        let (body, fields) = (body as usize, fields as usize);
        // The head is padded to a multiple of eight.
        let padded = fields.next_multiple_of(8);
        if padded.saturating_add(body) > MAX {
            return Err("the session bus sent a message that is too large".into());
        }
        let mut rest = Zeroizing::new(vec![0; padded + body]);
        self.read(&mut rest)?;
        let mut message = Message {
            kind,
            reply_to: None,
            path: String::new(),
            member: String::new(),
            error: None,
            body: Zeroizing::new(rest.get(padded..).unwrap_or_default().to_vec()),
            big_endian,
        };
        // The fields begin at a multiple of eight, as their reader takes for granted.
        let fields = rest.get(..fields).unwrap_or_default();
        message.read_fields(Reader::new(fields, big_endian)).ok_or_else(broken)?;
        Ok(message)
    }

    fn line(&mut self) -> Result<String, Failed> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            self.read(&mut byte)?;
            line.extend_from_slice(&byte);
            if line.len() > 1024 {
                return Err("the session bus speaks another language".into());
            }
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    fn left(&self) -> Result<Duration, Failed> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err("it did not answer in time".into()) } else { Ok(left) }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<(), Failed> {
        let mut filled = 0;
        while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
            self.stream.set_read_timeout(Some(self.left()?)).map_err(|e| words(&e))?;
            match self.stream.read(free) {
                Ok(0) => return Err("the session bus closed the connection".into()),
                Ok(count) => filled += count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(words(&e)),
            }
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.stream.set_write_timeout(Some(self.left()?)).map_err(|e| words(&e))?;
        self.stream.write_all(bytes).map_err(|e| words(&e))
    }
}

impl Message {
    fn read_fields(&mut self, mut read: Reader<'_>) -> Option<()> {
        while !read.at_end() {
            let code = read.align(8).byte()?;
            // Each is a variant, and all that are defined are of these types.
            match read.signature()? {
                "u" => {
                    let number = read.u32()?;
                    if code == field::REPLY_SERIAL {
                        self.reply_to = Some(number);
                    }
                }
                "g" => drop(read.signature()?),
                "s" | "o" => {
                    let text = read.text()?.to_owned();
                    match code {
                        field::PATH => self.path = text,
                        field::MEMBER => self.member = text,
                        field::ERROR_NAME => self.error = Some(text),
                        _ => {}
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }
}

mod field {
    pub(super) const PATH: u8 = 1;
    pub(super) const INTERFACE: u8 = 2;
    pub(super) const MEMBER: u8 = 3;
    pub(super) const ERROR_NAME: u8 = 4;
    pub(super) const REPLY_SERIAL: u8 = 5;
    pub(super) const DESTINATION: u8 = 6;
    pub(super) const SIGNATURE: u8 = 8;
}

fn head(call: &Call<'_>, serial: u32, body: usize) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let body = u32::try_from(body).map_err(|_| "what is to be sent is too large".to_owned())?;
    let mut head = Writer::new();
    head.byte(b'l').byte(CALL).byte(0).byte(1).u32(body).u32(serial);
    head.array(8, |out| {
        for (code, signature, text) in [
            (field::PATH, "o", call.path),
            (field::INTERFACE, "s", call.interface),
            (field::MEMBER, "s", call.member),
            (field::DESTINATION, "s", call.destination),
        ] {
            out.align(8).byte(code).signature(signature).text(text);
        }
        if !call.signature.is_empty() {
            out.align(8).byte(field::SIGNATURE).signature("g").signature(call.signature);
        }
    });
    head.align(8);
    Ok(head.finish())
}

fn words(error: &io::Error) -> Failed {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "it did not answer in time".into(),
        _ => format!("the session bus: {error}"),
    }
}

/// The first of the addresses that can be used (D-Bus specification, "Server Addresses").
fn open(addresses: &str) -> io::Result<UnixStream> {
    let mut last = io::Error::other("none of its addresses is a socket of this machine");
    for address in addresses.split(';') {
        let Some(keys) = address.strip_prefix("unix:") else { continue };
        for pair in keys.split(',') {
            let opened = match pair.split_once('=') {
                Some(("path", value)) => UnixStream::connect(unescaped(value)),
                Some(("abstract", value)) => open_abstract(&unescaped(value)),
                _ => continue,
            };
            match opened {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
    }
    Err(last)
}

fn open_abstract(name: &std::ffi::OsStr) -> io::Result<UnixStream> {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::SocketAddr;
    UnixStream::connect_addr(&SocketAddr::from_abstract_name(name.as_bytes())?)
}

/// `%20` and the like become the byte that they stand for.
fn unescaped(value: &str) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt as _;
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| core::str::from_utf8(hex).ok());
        let byte = hex.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    std::ffi::OsString::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_may_escape_any_byte() {
        assert_eq!(unescaped("/run/a%20b%2fc"), "/run/a b/c");
        assert_eq!(unescaped("100%"), "100%");
        assert_eq!(unescaped("%zz%4"), "%zz%4");
    }

    #[test]
    fn what_is_no_socket_of_this_machine_is_refused() {
        for address in
            ["", "tcp:host=localhost,port=1", "unix:guid=1", "autolaunch:", "unix:path=/no"]
        {
            assert!(open(address).is_err(), "{address}");
        }
    }
}
