//! The encrypted way to a database: the server's certificate is always checked, and its name.

use crate::store::StoreError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// With the system's roots of trust, or those of a file.
pub(super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let wrong = |detail: String| StoreError::Address { detail };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?;
    let builder = match roots {
        None => builder.with_platform_verifier().map_err(|error| {
            wrong(format!("the system's roots of trust cannot be read: {error}"))
        })?,
        Some(path) => builder.with_root_certificates(read(path)?),
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}

fn read(path: &Path) -> Result<RootCertStore, StoreError> {
    let wrong = |detail: &dyn std::fmt::Display| StoreError::Address {
        detail: format!("the file that sslrootcert names cannot be used: {detail}"),
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"it holds no certificate in PEM"));
    }
    Ok(roots)
}
