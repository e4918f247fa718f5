//! The measurements. Names are `job/side`; `tests/lib/bench_table.py` reads them.
#![allow(clippy::expect_used, reason = "a job that fails must stop the run, not be measured")]
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use proofkey::challenge::CodeChallenge;
use proofkey_bench::server::{Server, WAITING};
use proofkey_bench::{dpop, id_token, inputs, oidc, ours, peer};
use proofkey_bench_alone::id_token::Input;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The system's generator alone.
fn generator<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the system's generator works");
    bytes
}

fn pair(c: &mut Criterion) {
    let mut group = c.benchmark_group("pair");
    group.bench_function("generator", |b| b.iter(generator::<32>));
    group.bench_function("proofkey", |b| b.iter(|| ours::pair().expect("a pair")));
    group.bench_function("oauth2", |b| b.iter(peer::pair));
}

fn authorization_url(c: &mut Criterion) {
    let mut group = c.benchmark_group("authorization_url");
    let request = ours::request();
    group.bench_function("generator", |b| b.iter(generator::<96>));
    group.bench_function("proofkey", |b| {
        b.iter(|| ours::authorization_url(black_box(&request)).expect("a URL"));
    });
    let client = peer::client().expect("a client");
    group.bench_function("oauth2", |b| b.iter(|| peer::authorization_url(black_box(&client))));
}

fn verify(c: &mut Criterion) {
    let mut group = c.benchmark_group("verify");
    let challenge = CodeChallenge::parse(inputs::CHALLENGE).expect("a challenge");
    group.bench_function("sha256", |b| {
        b.iter(|| -> [u8; 32] { Sha256::digest(black_box(inputs::VERIFIER)).into() });
    });
    group.bench_function("proofkey", |b| {
        b.iter(|| {
            let right = proofkey::verify(black_box(inputs::VERIFIER), black_box(&challenge));
            assert_eq!(right, Ok(true));
        });
    });
}

fn sign_in(c: &mut Criterion) {
    let mut group = c.benchmark_group("sign_in");
    let config = ours::config();
    group.bench_function("proofkey", |b| {
        b.iter(|| ours::sign_in(black_box(&config)).expect("tokens"));
    });
    group.bench_function("oauth2", |b| b.iter(|| peer::sign_in().expect("tokens")));
    group.bench_function("openidconnect", |b| b.iter(|| oidc::sign_in().expect("tokens")));
}

fn documents(c: &mut Criterion) {
    let mut group = c.benchmark_group("discovery");
    group.bench_function("proofkey", |b| b.iter(|| ours::discovery().expect("metadata")));
    group.bench_function("openidconnect", |b| b.iter(|| oidc::discovery().expect("metadata")));
    group.finish();

    let mut group = c.benchmark_group("token_response");
    let answer = ours::answer();
    group.bench_function("proofkey", |b| {
        // A request reads one answer; it is made outside of the measured time.
        b.iter_batched(
            || ours::token_request().expect("a request"),
            |request| request.into_tokens(black_box(&answer), inputs::NOW).expect("tokens"),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("openidconnect", |b| b.iter(|| oidc::token_response().expect("tokens")));
}

fn id_token(c: &mut Criterion) {
    for algorithm in ["rs256", "es256"] {
        let mut group = c.benchmark_group(format!("id_token_{algorithm}"));
        let input = Input::signed_by(algorithm).expect("a token");
        let side = id_token::OpenIdConnect::new(input.clone()).expect("keys");
        group.bench_function("openidconnect", |b| b.iter(|| side.subject().expect("a subject")));
        let side = id_token::JsonWebToken::new(input).expect("keys");
        group.bench_function("jsonwebtoken", |b| b.iter(|| side.subject().expect("a subject")));
    }
}

fn possession(c: &mut Criterion) {
    let side = dpop::Peer::new().expect("a key");
    c.benchmark_group("dpop_proof")
        .bench_function("jsonwebtoken", |b| b.iter(|| side.fields().expect("a proof")));
    let (_, proof) = side.fields().expect("a proof");
    c.benchmark_group("dpop_check").bench_function("jsonwebtoken", |b| {
        b.iter(|| dpop::check_by_peer(black_box(&proof)).expect("a thumbprint"));
    });
}

fn redeem(c: &mut Criterion) {
    let server = Server::new().expect("a server");
    // Codes are issued outside of the measured time, a few at once.
    c.benchmark_group("redeem").bench_function("proofkey", |b| {
        b.iter_custom(|iterations| {
            let mut measured = Duration::ZERO;
            let mut left = iterations;
            while left > 0 {
                let codes = left.min(WAITING);
                let bodies: Vec<String> =
                    (0..codes).map(|_| server.issue().expect("a code")).collect();
                let begun = Instant::now();
                for body in &bodies {
                    black_box(server.redeem(black_box(body)).expect("a token"));
                }
                measured += begun.elapsed();
                left -= codes;
            }
            measured
        });
    });
    c.benchmark_group("issue_and_redeem").bench_function("proofkey", |b| {
        b.iter(|| server.redeem(&server.issue().expect("a code")).expect("a token"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .without_plots();
    targets = pair, authorization_url, verify, documents, sign_in, id_token, possession, redeem
}
criterion_main!(benches);
