//! One visitor: read the head, answer, close without an error in the browser.

use super::head::{self, MAX_HEAD, Verdict};
use super::page::Answer;
use super::shared::{Phase, Shared};
use crate::step::Listen;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread::Builder;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// After the answer so much more is read before the connection is cut.
const MAX_DRAIN: usize = 64 * 1024;

/// What every connection is compared with.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) redirect_uri: String,
    authority: String,
    path: String,
}

impl Facts {
    pub(super) fn new(listen: &Listen, port: u16) -> Self {
        Self {
            redirect_uri: listen.redirect_uri(port),
            authority: format!("{}:{port}", listen.host.as_str()),
            path: listen.path.clone(),
        }
    }
}

/// The place of a connection; given back however its thread ends.
struct Place<'a> {
    shared: &'a Shared,
    id: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.left(self.id);
    }
}

/// Serves the connection on a thread of its own, as soon as there is room for it.
pub(super) fn open(stream: TcpStream, shared: &Arc<Shared>, facts: &Arc<Facts>) {
    let stream = Arc::new(stream);
    let Some(id) = shared.admit(&stream) else {
        return;
    };
    let (inner, facts) = (Arc::clone(shared), Arc::clone(facts));
    let serve = move || {
        let place = Place { shared: &inner, id };
        serve(&stream, &place, &facts);
    };
    if Builder::new().name("proofkey-redirect".into()).spawn(serve).is_err() {
        shared.left(id); // no thread to be had: the visitor is turned away
    }
}

fn serve(stream: &TcpStream, place: &Place<'_>, facts: &Facts) {
    let Place { shared, id } = *place;
    let end = Instant::now() + shared.limits.head;
    let Some((answer, head_only, redirect)) = read(stream, place, facts, end) else {
        return;
    };
    if !shared.heard(id, Phase::Answering) {
        return;
    }
    // A page fits into the system's buffer: this does not wait for the browser.
    let written = stream.set_write_timeout(Some(shared.limits.head)).is_ok()
        && (&mut &*stream).write_all(&answer.to_bytes(head_only)).is_ok()
        && stream.shutdown(Shutdown::Write).is_ok();
    // Only now the flow may go on, and the program perhaps end: the page is on its way. A redirect
    // counts also when the browser has left already.
    if let Some(uri) = redirect {
        shared.deliver(uri, end);
    }
    if written && shared.heard(id, Phase::Draining) {
        drain(stream, shared.limits.drain);
    }
}

/// Reads the head and judges it. `None` when none came in time, or the visitor left, or was evicted.
fn read(
    stream: &TcpStream,
    place: &Place<'_>,
    facts: &Facts,
    end: Instant,
) -> Option<(Answer, bool, Option<String>)> {
    let mut head = Zeroizing::new(vec![0; MAX_HEAD]);
    let mut filled = 0;
    loop {
        let got = read_some(stream, head.get_mut(filled..)?, end)?;
        if !place.shared.heard(place.id, Phase::Reading) {
            return None;
        }
        filled += got;
        let so_far = head.get(..filled)?;
        if let Some(length) = head::end(so_far) {
            return Some(match head::judge(so_far.get(..length)?, &facts.authority, &facts.path) {
                Verdict::Refused { answer, head_only } => (answer, head_only, None),
                Verdict::Redirect(None) => (Answer::Page, false, Some(facts.redirect_uri.clone())),
                Verdict::Redirect(Some(query)) => {
                    (Answer::Page, false, Some(format!("{}?{query}", facts.redirect_uri)))
                }
            });
        }
        if filled == MAX_HEAD {
            return Some((head::too_large(so_far), false, None));
        }
    }
}

/// At least one byte, or `None`: the deadline, the end or an error.
fn read_some(stream: &TcpStream, room: &mut [u8], end: Instant) -> Option<usize> {
    loop {
        let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        stream.set_read_timeout(Some(left)).ok()?;
        match (&mut &*stream).read(room) {
            Ok(0) => return None,
            Ok(got) => return Some(got),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

/// Waits for the browser's end. A socket that is closed while unread bytes wait in it is reset, and
/// a reset can destroy the answer before the browser has read it (RFC 9112 §9.6).
fn drain(stream: &TcpStream, limit: Duration) {
    let end = Instant::now() + limit;
    let mut scratch = Zeroizing::new([0; 1024]);
    let mut drained = 0;
    while drained < MAX_DRAIN {
        match read_some(stream, scratch.as_mut_slice(), end) {
            Some(got) => drained += got,
            None => return,
        }
    }
}
