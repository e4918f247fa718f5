//! Where the loopback receiver listens.

/// Where the loopback receiver listens (RFC 8252 §7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// `127.0.0.1`, `[::1]`, or `localhost` where that was configured.
    pub host: LoopbackHost,
    /// The port; 0 leaves the choice to the system.
    pub port: u16,
    /// The path, with its leading slash.
    pub path: String,
}

impl Listen {
    /// The redirect URI with this port.
    #[must_use]
    pub fn redirect_uri(&self, port: u16) -> String {
        format!("http://{}:{port}{}", self.host.as_str(), self.path)
    }
}

/// The host of a loopback redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LoopbackHost {
    /// `127.0.0.1`
    #[default]
    V4,
    /// `[::1]`
    V6,
    /// `localhost`, on both families and one port. Only where a server accepts nothing else
    /// (RFC 8252 §8.3).
    Localhost,
}

impl LoopbackHost {
    /// The host as it stands in a URI.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "127.0.0.1",
            Self::V6 => "[::1]",
            Self::Localhost => "localhost",
        }
    }
}
