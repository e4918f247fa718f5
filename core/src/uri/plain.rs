//! The form that most URIs here have, read in one pass: `https` or `http`, a host of lower-case letters, digits, `-`
//! and `.`, no percent-encoding. Nothing is judged by it: what does not have that form, or is no URI, is the parser's.

use super::Parts;

pub(super) fn read(text: &str) -> Option<Parts<'_>> {
    const HOST: u8 = 1;
    const DIGIT: u8 = 2;
    /// RFC 3986 §3.3, §3.4: pchar without percent-encoding, and the slash.
    const TAIL: u8 = 4;
    const KINDS: [u8; 256] = {
        let mut kinds = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let b = byte as u8;
            kinds[byte] = match b {
                b'0'..=b'9' => HOST | DIGIT | TAIL,
                b'a'..=b'z' | b'-' | b'.' => HOST | TAIL,
                b'A'..=b'Z'
                | b'_'
                | b'~'
                | b'/'
                | b':'
                | b'@'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'=' => TAIL,
                _ => 0,
            };
            byte += 1;
        }
        kinds
    };
    let is = |text: &str, kind| text.bytes().all(|byte| KINDS[usize::from(byte)] & kind != 0);
    let (scheme, rest) = text.split_once("://")?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    let is_plain = !host.is_empty()
        && is(host, HOST)
        && port.is_none_or(|port| !port.is_empty() && is(port, DIGIT))
        && is(path, TAIL)
        && query.is_none_or(|query| is(query, TAIL));
    is_plain.then_some(Parts { scheme, authority: Some(authority), host, port, path, query })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::uri::parse;

    /// What is read in one pass is what the parser says of it.
    #[test]
    fn the_plain_form_is_read_as_the_parser_reads_it() {
        let (mut plain_ones, mut others) = (0, 0);
        for scheme in ["https", "http", "HTTPS", "ftp", "https:", ""] {
            for host in [
                "as.example",
                "127.0.0.1",
                "a",
                "-.",
                "",
                "A.example",
                "[::1]",
                "u@h",
                "a_b",
                "%61",
                "ü",
            ] {
                for port in ["", ":", ":443", ":0", ":99999999", ":4a", ":1:2"] {
                    for path in [
                        "",
                        "/",
                        "/a/b",
                        "//x",
                        "/A~_-.!$&'()*+,;=:@",
                        "/%20",
                        "/a b",
                        "/[",
                        "/\\",
                        "/ü",
                        "/^",
                    ] {
                        for rest in [
                            "",
                            "?",
                            "?a=b&c=/d",
                            "?a?b",
                            "?%",
                            "?a b",
                            "#",
                            "#f",
                            "?a#f",
                            "?\"",
                            "?|",
                        ] {
                            let text = format!("{scheme}://{host}{port}{path}{rest}");
                            match read(&text) {
                                None => others += 1,
                                Some(parts) => {
                                    assert_eq!(Ok(parts), parse(&text), "{text}");
                                    plain_ones += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert!(plain_ones > 300 && others > 300, "{plain_ones} {others}");
    }
}
