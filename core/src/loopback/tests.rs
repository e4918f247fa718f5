//! What needs shorter limits than a user would have: deadlines and caps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::step::LoopbackHost;
use std::io::{Read as _, Write as _};
use std::time::Instant;

const LONG: Duration = Duration::from_secs(60);

fn receiver(limits: Limits) -> LoopbackReceiver {
    let listen = Listen { host: LoopbackHost::V4, port: 0, path: "/cb".into() };
    LoopbackReceiver::bind_with(&listen, limits).unwrap()
}

fn connect(receiver: &LoopbackReceiver) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", receiver.port())).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

fn request(receiver: &LoopbackReceiver, query: &str) -> String {
    format!("GET /cb?{query} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", receiver.port())
}

/// Until the other side has closed, in whichever way.
fn closed(mut stream: &TcpStream) {
    let mut rest = Vec::new();
    if let Err(e) = stream.read_to_end(&mut rest) {
        let timed_out =
            matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        assert!(!timed_out, "it is still open");
    }
}

#[test]
fn a_slow_drip_and_a_silent_one_end_at_the_deadline() {
    let limits = Limits { head: Duration::from_millis(300), ..LIMITS };
    let receiver = receiver(limits);
    let silent = connect(&receiver);
    let began = Instant::now();
    let drip = connect(&receiver);
    // A byte each time that nothing has come back for 20 ms; far more bytes than the deadline allows.
    drip.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let text = request(&receiver, &"x".repeat(4000));
    let mut sent = 0;
    for byte in text.bytes() {
        if (&drip).write_all(&[byte]).is_err() {
            break;
        }
        sent += 1;
        let mut answer = [0];
        match (&drip).read(&mut answer) {
            Ok(0) => break,
            Ok(_) => panic!("a drip got an answer"),
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) => {}
            Err(_) => break,
        }
    }
    assert!(sent < 1000, "{sent} bytes were taken");
    closed(&silent);
    assert!(began.elapsed() >= Duration::from_millis(200));
    assert_eq!(receiver.wait(Duration::ZERO).unwrap(), Received::Elapsed);
}

#[test]
fn at_the_cap_the_one_that_was_quiet_for_longest_goes() {
    // With room for three: the first has begun to speak, the second and third are silent.
    let receiver = receiver(Limits { connections: 3, head: LONG, ..LIMITS });
    let speaks = connect(&receiver);
    let second = connect(&receiver);
    let third = connect(&receiver);
    let text = request(&receiver, "code=first");
    let (begin, rest) = text.split_at(20);
    // The eldest by age, but the last that was heard once all three are in.
    until(&receiver, |open| open.len() == 3);
    (&speaks).write_all(begin.as_bytes()).unwrap();
    until(&receiver, |open| open.first().is_some_and(|first| *first > open[2]));
    let fourth = connect(&receiver);
    closed(&second);
    // The third is still there and can be used, the fourth too, and the first ends what it began.
    for (mut stream, query) in [(&third, "third"), (&fourth, "fourth")] {
        stream.write_all(request(&receiver, query).as_bytes()).unwrap();
        closed(stream);
        let uri = format!("{}?{query}", receiver.redirect_uri());
        assert_eq!(receiver.wait(LONG).unwrap(), Received::Redirect(uri));
    }
    (&speaks).write_all(rest.as_bytes()).unwrap();
    let uri = format!("{}?code=first", receiver.redirect_uri());
    assert_eq!(receiver.wait(LONG).unwrap(), Received::Redirect(uri));
}

/// Waits until what was last heard of the open connections, in the order of their coming, is so.
fn until(receiver: &LoopbackReceiver, holds: impl Fn(&[Instant]) -> bool) {
    receiver.shared.until(LONG, |heard| holds(heard)).expect("it never came so far");
}

#[test]
fn unread_redirects_are_bounded_and_wait_for_their_reader() {
    let receiver = receiver(Limits { redirects: 4, connections: 8, head: LONG, ..LIMITS });
    let visitors: Vec<_> = (0..32)
        .map(|n| {
            let stream = connect(&receiver);
            (&stream).write_all(request(&receiver, &format!("n={n}")).as_bytes()).unwrap();
            stream
        })
        .collect();
    let mut seen: Vec<String> = (0..32)
        .map(|_| match receiver.wait(LONG).unwrap() {
            Received::Redirect(uri) => uri,
            other => format!("{other:?}"),
        })
        .collect();
    seen.sort();
    let mut sent: Vec<String> =
        (0..32).map(|n| format!("{}?n={n}", receiver.redirect_uri())).collect();
    sent.sort();
    assert_eq!(seen, sent);
    visitors.iter().for_each(closed);
}

#[test]
fn dropping_does_not_wait_for_visitors() {
    let receiver = receiver(Limits { head: LONG, drain: LONG, ..LIMITS });
    let silent = connect(&receiver);
    let answered = connect(&receiver);
    (&answered).write_all(request(&receiver, "x").as_bytes()).unwrap();
    assert_eq!(
        receiver.wait(LONG).unwrap(),
        Received::Redirect(format!("{}?x", receiver.redirect_uri()))
    );
    let began = Instant::now();
    drop(receiver);
    assert!(began.elapsed() < Duration::from_secs(20));
    closed(&silent);
    closed(&answered);
}
