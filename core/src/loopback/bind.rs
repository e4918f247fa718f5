//! Opening the port.

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
    Error::ListenFailed { detail: e.to_string() }
}
