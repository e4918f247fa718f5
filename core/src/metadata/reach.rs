//! Which hosts a document may point to (P11; threats: discovered URLs that point into the private
//! network).
//!
//! What the user typed may lie anywhere. What a document names may not lie nearer to this machine than
//! what it was asked from: a public server must not send requests into the network behind the client.
//! What a name resolves to is for the host's own network stack to check.

use crate::uri::{self, Parts, Reason};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How near to this machine a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A name, or an address of the public network.
    Public,
    /// An address of a private, link-local or otherwise special network.
    Private,
    /// This machine.
    Loopback,
}

/// The reach of an address, for those who look at what a name resolves to.
#[must_use]
pub fn of_address(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

/// The reach of a URL that was checked before; one that cannot be read is public, so that it opens
/// nothing.
pub(crate) fn of(url: &str) -> Reach {
    uri::parts(url).and_then(|uri| of_host(uri.host)).unwrap_or(Reach::Public)
}

/// Checks a URL that a document names: https, http on loopback alone, and not nearer than `from`.
pub(crate) fn check(url: &str, from: Reach) -> Result<(), Reason> {
    check_parts(&uri::parts(url)?, from)
}

/// [`check`] for a URL that was parsed.
pub(crate) fn check_parts(uri: &Parts<'_>, from: Reach) -> Result<(), Reason> {
    uri::check_web(uri)?;
    match of_host(uri.host)? {
        Reach::Loopback if from < Reach::Loopback => {
            Err("points to this machine, which the document has no right to")
        }
        Reach::Private if from < Reach::Private => {
            Err("points into a private network, which the document has no right to")
        }
        _ => Ok(()),
    }
}

fn of_host(host: &str) -> Result<Reach, Reason> {
    const NO_ADDRESS: Reason = "has a host that ends in a number and is not an IPv4 address";
    if let Some(literal) = host.strip_prefix('[') {
        let literal = literal.strip_suffix(']').unwrap_or(literal);
        let address = literal.parse().map_err(|_| "has a host that is not an IPv6 address")?;
        return Ok(of_v6(address));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    if name == "localhost" || name.ends_with(".localhost") {
        return Ok(Reach::Loopback); // RFC 6761 §6.3
    }
    // Resolvers read 127.1, 0x7f.1 and 2130706433 as addresses: only dotted quads are taken.
    let last = name.rsplit('.').next().unwrap_or_default();
    let hexadecimal =
        last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    if hexadecimal || (!last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())) {
        return host.parse().map(of_v4).map_err(|_| NO_ADDRESS);
    }
    Ok(Reach::Public)
}

fn of_v4(address: Ipv4Addr) -> Reach {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Reach::Loopback,
        // RFC 6890, RFC 6598; 0.0.0.0/8 reaches this machine on some systems.
        (0, ..) => Reach::Loopback,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) | (169, 254, _) | (100, 64..=127, _) => {
            Reach::Private
        }
        (192, 0, 0) | (198, 18..=19, _) | (224..=255, ..) => Reach::Private,
        _ => Reach::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Reach {
    let octets = address.octets();
    let v4 = |from: usize| {
        of_v4(Ipv4Addr::new(octets[from], octets[from + 1], octets[from + 2], octets[from + 3]))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Reach::Loopback,
        // An IPv4 address inside: mapped, compatible, translated (RFC 4291 §2.5.5, RFC 6052 §2.1, RFC 7915), 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4(12),
        [0x2002, ..] => v4(2),
        // Translated within a network, which may be to its own IPv4 addresses (RFC 8215).
        [0x64, 0xff9b, 1, ..] => Reach::Private,
        // Unique local, link-local, site-local, multicast.
        [0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..=0xffff, ..] => Reach::Private,
        _ => Reach::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_as_near_as_they_are() {
        for (host, reach) in [
            ("as.example", Reach::Public),
            ("8.8.8.8", Reach::Public),
            ("[2606:4700::1111]", Reach::Public),
            ("1.example", Reach::Public),
            ("0xa.example", Reach::Public),
            ("localhost", Reach::Loopback),
            ("localhost.", Reach::Loopback),
            ("a.localhost", Reach::Loopback),
            ("127.0.0.1", Reach::Loopback),
            ("127.255.0.9", Reach::Loopback),
            ("0.0.0.0", Reach::Loopback),
            ("[::1]", Reach::Loopback),
            ("[::]", Reach::Loopback),
            ("[::ffff:127.0.0.1]", Reach::Loopback),
            ("[::127.0.0.1]", Reach::Loopback),
            ("[64:ff9b::7f00:1]", Reach::Loopback),
            ("[2002:7f00:1::]", Reach::Loopback),
            ("10.0.0.1", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("172.32.0.1", Reach::Public),
            ("192.168.1.1", Reach::Private),
            ("169.254.169.254", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("224.0.0.1", Reach::Private),
            ("[fe80::1]", Reach::Private),
            ("[fd00::1]", Reach::Private),
            ("[ff02::1]", Reach::Private),
            ("[::ffff:10.0.0.1]", Reach::Private),
            ("[64:ff9b::a9fe:a9fe]", Reach::Private),
            ("[64:ff9b:1::a00:1]", Reach::Private),
            ("[64:ff9b:1:ffff::1]", Reach::Private),
            ("[::ffff:0:a00:1]", Reach::Private),
            ("[64:ff9b::808:808]", Reach::Public),
        ] {
            assert_eq!(of_host(host), Ok(reach), "{host}");
        }
        for host in
            ["127.1", "0x7f.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.2.3.4.5", "[v1.a]"]
        {
            assert!(of_host(host).is_err(), "{host}");
        }
    }

    #[test]
    fn a_document_points_no_nearer_than_it_came_from() {
        let public = "https://as.example/token";
        let private = "https://10.0.0.1/token";
        let loopback = "http://127.0.0.1:9000/token";
        for (url, from, allowed) in [
            (public, Reach::Public, true),
            (private, Reach::Public, false),
            (loopback, Reach::Public, false),
            ("https://localhost/token", Reach::Public, false),
            (public, Reach::Private, true),
            (private, Reach::Private, true),
            (loopback, Reach::Private, false),
            (public, Reach::Loopback, true),
            (private, Reach::Loopback, true),
            (loopback, Reach::Loopback, true),
            ("http://10.0.0.1/token", Reach::Loopback, false),
            ("http://127.0.0.2/token", Reach::Loopback, false),
        ] {
            assert_eq!(check(url, from).is_ok(), allowed, "{url} from {from:?}");
        }
    }
}
