//! Opening the port, and which paths a redirect can arrive on.

use crate::error::Error;
use crate::step::LoopbackHost;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// A port that the system chose for one family may be taken in the other: so often another is tried.
const TRIES: usize = 16;

/// The listeners of this host, all on one port, and that port.
pub(super) fn listeners(host: LoopbackHost, port: u16) -> Result<(Vec<TcpListener>, u16), Error> {
    let v4 = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let v6 = |port| TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
    let one = |bound: io::Result<TcpListener>| {
        let listener = bound.map_err(|e| named(&e, port))?;
        let port = listener.local_addr().map_err(|e| failed(&e))?.port();
        Ok((vec![listener], port))
    };
    match host {
        LoopbackHost::V4 => one(v4(port)),
        LoopbackHost::V6 => one(v6(port)),
        LoopbackHost::Localhost => {
            for _ in 0..TRIES {
                let (mut both, bound) = one(v4(port))?;
                match v6(bound) {
                    Ok(listener) => {
                        both.push(listener);
                        return Ok((both, bound));
                    }
                    Err(e) if port == 0 && e.kind() == ErrorKind::AddrInUse => {}
                    Err(e) => return Err(named(&e, port)),
                }
            }
            Err(Error::ListenFailed {
                detail: "no port is free on both 127.0.0.1 and [::1]".to_owned(),
            })
        }
    }
}

fn named(e: &io::Error, port: u16) -> Error {
    if e.kind() == ErrorKind::AddrInUse && port != 0 {
        Error::PortInUse { port }
    } else {
        failed(e)
    }
}

pub(super) fn failed(e: &io::Error) -> Error {
    Error::ListenFailed {
        detail: e.to_string(),
    }
}

/// A path is compared byte for byte with what the browser asks for, so it must be one that a browser
/// leaves as it is (RFC 3986 §3.3, §5.2.4).
pub(super) fn check_path(path: &str) -> Result<(), Error> {
    let refuse = |reason| {
        Err(Error::InvalidConfiguration {
            field: "redirect path",
            reason,
        })
    };
    if path.len() > 1024 {
        return refuse("is longer than 1024 bytes");
    }
    if !path.starts_with('/') {
        return refuse("does not begin with '/'; expected a path such as /callback");
    }
    if path.starts_with("//") {
        return refuse("begins with two slashes, which reads as a host; expected one");
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&b);
    if !path.bytes().all(plain) {
        return refuse("has a character that does not belong in a path (RFC 3986 §3.3)");
    }
    let whole = |tail: &str| tail.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if path.split('%').skip(1).any(|tail| !whole(tail)) {
        return refuse("has a '%' without two hexadecimal digits after it");
    }
    let dots = |segment: &str| {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        plain == "." || plain == ".."
    };
    if path.split('/').any(dots) {
        return refuse("has a segment '.' or '..', which a browser removes");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::check_path;

    #[test]
    fn a_path_is_one_that_a_browser_leaves_alone() {
        for good in [
            "/",
            "/callback",
            "/a/b",
            "/a%20b",
            "/a;b=c",
            "/...",
            "/a//b",
        ] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        let long = format!("/{}", "a".repeat(1024));
        for bad in [
            "",
            "callback",
            "//evil",
            "/a?b",
            "/a#b",
            "/a b",
            "/ä",
            "/a\\b",
            "/%",
            "/%2",
            "/%zz",
            "/a%",
            "/..",
            "/a/../b",
            "/./a",
            "/%2e%2E/a",
            "/.%2e",
            "/a\r\nb",
            "/a\0",
            &long,
        ] {
            assert_eq!(
                check_path(bad).unwrap_err().code(),
                "invalid_configuration",
                "{bad:?}"
            );
        }
    }
}
