//! The address of a database: what of it may be said, and whether the way there is encrypted.

use crate::store::StoreError;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// How long a connection may take to come about, for each address that a host has.
const CONNECT: Duration = Duration::from_secs(5);

/// After so long without an answer of the other machine its connection is given up.
const SILENCE: Duration = Duration::from_secs(10);

/// What a URL says.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    /// Whether the way is encrypted, and to a server whose certificate is right.
    pub(super) encrypted: bool,
    /// A file with the roots of trust, in place of the system's.
    pub(super) roots: Option<PathBuf>,
    /// The address without user and password, for messages.
    pub(super) shown: String,
}

fn wrong(detail: &str) -> StoreError {
    StoreError::Address { detail: detail.to_owned() }
}

impl Address {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTIONS`.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        const EXPECTED: &str = "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, where what is not a \
                                letter or digit of user and password is percent-encoded";
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(wrong(EXPECTED));
        }
        // User and password end at the first `@`, as the parser of the rest sees it, whatever is before.
        let begin = url.find('@').unwrap_or_default();
        let end = url[begin..].find('?').map_or(url.len(), |at| begin + at);
        let (place, query) = (&url[..end], url[end..].trim_start_matches('?'));
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            // A plus is a plus in these addresses.
            match form_urlencoded::parse(pair.replace('+', "%2B").as_bytes()).next() {
                Some((name, value)) if name == "sslmode" => mode = Some(value.into_owned()),
                Some((name, value)) if name == "sslrootcert" => {
                    roots = Some(PathBuf::from(value.into_owned()));
                }
                _ => rest.push(pair),
            }
        }
        // The parser's own words may repeat a part of a password.
        let parsed: Result<Config, _> = format!("{place}?{}", rest.join("&")).parse();
        let mut config = parsed.map_err(|_| wrong(EXPECTED))?;
        // Of a password with an `@` the rest would be taken for the host, and be shown.
        if config.get_hosts().is_empty() || shown(&config).contains('@') {
            return Err(wrong(EXPECTED));
        }
        let encrypted = encryption(mode.as_deref(), roots.is_some(), is_local(&config))?;
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        config.connect_timeout(*config.get_connect_timeout().unwrap_or(&CONNECT));
        config.tcp_user_timeout(*config.get_tcp_user_timeout().unwrap_or(&SILENCE));
        if config.get_application_name().is_none() {
            config.application_name("proofkey");
        }
        let shown = shown(&config);
        Ok(Self { config, encrypted, roots, shown })
    }
}

/// What the address says of encryption; nothing is ever sent in plain text to another machine unless it says so.
fn encryption(mode: Option<&str>, roots: bool, local: bool) -> Result<bool, StoreError> {
    match mode {
        None => Ok(roots || !local),
        Some("disable") if !roots => Ok(false),
        Some("disable") => {
            Err(wrong("sslrootcert stands beside sslmode=disable: leave out one of them"))
        }
        // What is called so elsewhere believes every certificate, or at least every name; here each is checked.
        Some("require" | "verify-ca" | "verify-full") => Ok(true),
        Some("allow" | "prefer") => Err(wrong(
            "sslmode=allow and sslmode=prefer go on in plain text where the server wants that; \
             say verify-full, or disable",
        )),
        Some(_) => Err(wrong("sslmode is none of disable, require, verify-ca and verify-full")),
    }
}

/// Whether all of its hosts are this machine.
fn is_local(config: &Config) -> bool {
    let named = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn shown(config: &Config) -> String {
    let hosts = config.get_hosts().iter().enumerate().map(|(n, host)| {
        let ports = config.get_ports();
        let port = ports.get(n).or_else(|| ports.first()).unwrap_or(&5432);
        match host {
            Host::Tcp(name) if name.contains(':') => format!("[{name}]:{port}"),
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}:{port}", folder.display()),
        }
    });
    let hosts = hosts.collect::<Vec<_>>().join(",");
    format!("postgres://{hosts}/{}", config.get_dbname().unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_no_password() {
        for (url, expected) in [
            ("postgres://u:secret@localhost/grants", "postgres://localhost:5432/grants"),
            (
                "postgresql://u:secret@10.0.0.1:6000,db2:6001/g",
                "postgres://10.0.0.1:6000,db2:6001/g",
            ),
            ("postgres://u:secret@[::1]:7/g", "postgres://[::1]:7/g"),
            ("postgres://u:secret@%2Frun%2Fpg/g", "postgres:///run/pg:5432/g"),
            ("postgres://u:sec/ret?a@h/g", "postgres://h:5432/g"),
        ] {
            assert_eq!(Address::parse(url).unwrap().shown, expected);
        }
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_repeated() {
        for url in [
            "",
            "postgres",
            "postgres://",
            "mysql://u:secret@h/g",
            "host=h password=secret",
            "postgres://u:secret@h:port/g",
            "postgres://u:p@secret@h/g",
            "postgres://u:p@ss/secret@h/g",
            "postgres://u:secret@h/g?secret=1",
            "postgres://u:secret@h/g?connect_timeout=secret",
            "postgres://u:secret@h/g?sslmode=secret",
            "postgres://u:secret@h/g?sslmode=prefer",
            "postgres://u:secret@h/g?sslmode=disable&sslrootcert=secret",
        ] {
            let error = Address::parse(url).err().unwrap();
            assert!(matches!(error, StoreError::Address { .. }), "{url}: {error}");
            assert!(!error.to_string().contains("secret"), "{url}: {error}");
            assert_eq!(error.to_string().lines().count(), 1);
        }
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for (place, mode, encrypted) in [
            ("localhost", "", false),
            ("127.0.0.1", "", false),
            ("[::1]", "", false),
            ("%2Frun%2Fpg", "", false),
            ("localhost,db.example", "", true),
            ("127.0.0.1.example", "", true),
            ("10.0.0.1", "", true),
            ("db.example", "", true),
            ("localhost", "hostaddr=10.0.0.1", true),
            ("db.example", "sslmode=disable", false),
            ("localhost", "sslmode=require", true),
            ("localhost", "sslmode=verify-full", true),
            ("localhost", "sslrootcert=%2Fetc%2Froots.pem", true),
        ] {
            let address = Address::parse(&format!("postgres://u@{place}/g?{mode}")).unwrap();
            assert_eq!(address.encrypted, encrypted, "{place} {mode}");
            let expected = if encrypted { SslMode::Require } else { SslMode::Disable };
            assert_eq!(address.config.get_ssl_mode(), expected);
        }
        let address = Address::parse("postgres://u:p?w@localhost/g?sslmode=require").unwrap();
        assert!(address.encrypted, "a password with a question mark hides the mode");
    }
}
