//! The address of a server: it may hold a password, and is shown without.

use crate::store::StoreError;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _};

#[derive(Clone)]
pub(super) struct Address {
    pub(super) info: ConnectionInfo,
    /// Without user and password.
    pub(super) shown: String,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        // The crate's own words may hold parts of what was given, and that may be a password.
        let info = url.into_connection_info().map_err(|_| unusable())?;
        let scheme = match info.addr() {
            // `#insecure`: TLS that takes whatever certificate comes.
            ConnectionAddr::TcpTls { insecure: true, .. } => return Err(unusable()),
            ConnectionAddr::TcpTls { .. } => "rediss",
            ConnectionAddr::Unix(_) => "redis+unix",
            _ => "redis",
        };
        let shown = format!("{scheme}://{}", info.addr());
        Ok(Self { info, shown })
    }

    pub(super) fn add_password(&mut self, password: &str) {
        let settings = self.info.redis_settings().clone();
        if settings.password().is_none() {
            self.info = self.info.clone().set_redis_settings(settings.set_password(password));
        }
    }

    pub(super) fn encrypted(&self) -> bool {
        matches!(self.info.addr(), ConnectionAddr::TcpTls { .. })
    }
}

fn unusable() -> StoreError {
    let detail = "expected redis://USER:PASSWORD@HOST:PORT/DATABASE, rediss:// for TLS, or redis+unix:// and the \
                  path of a socket";
    StoreError::Address { detail: detail.into() }
}
