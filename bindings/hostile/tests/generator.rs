//! Threat "generator fails": an error, never a fallback (P2).
#![cfg(target_os = "linux")]

mod support;

use proofkey::Error;
use proofkey::session::{AuthorizationRequest, PkceSession};
use proofkey::verifier::CodeVerifier;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;

/// From here on the system's generator fails in this process, whichever way it is asked: `getrandom`
/// gives EIO, and no file can be opened, so `/dev/urandom` is no way out.
fn break_the_generator() {
    let calls = [libc::SYS_getrandom, libc::SYS_open, libc::SYS_openat];
    let rules: BTreeMap<i64, Vec<_>> = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EIO as u32),
        TargetArch::try_from(std::env::consts::ARCH).expect("a known architecture"),
    );
    let program: BpfProgram = filter.expect("a filter").try_into().expect("a program");
    seccompiler::apply_filter(&program).expect("seccomp");
}

fn name(result: Result<impl Sized, Error>) -> String {
    result.map_or_else(|error| error.code().to_owned(), |_| "made".to_owned())
}

fn begin() -> Result<PkceSession, Error> {
    PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: "http://127.0.0.1:4711/cb".into(),
        scopes: Vec::new(),
        resource: None,
        extra_parameters: vec![],
    })
}

#[test]
fn a_failing_generator_is_an_error_and_never_a_verifier() {
    let words = support::fork(|| {
        let before = name(CodeVerifier::generate());
        break_the_generator();
        [before, name(CodeVerifier::generate()), name(begin())].join(" ")
    });
    assert_eq!(words.words(), "made random_unavailable random_unavailable");
}
