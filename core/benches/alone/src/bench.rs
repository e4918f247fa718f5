//! The measurements. Names are `job/side`; `tests/lib/bench_table.py` reads them.
#![allow(clippy::expect_used, reason = "a job that fails must stop the run, not be measured")]
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use criterion::{Criterion, criterion_group, criterion_main};
use proofkey_bench_alone::{dpop, id_token};
use std::hint::black_box;
use std::time::Duration;

fn id_token(c: &mut Criterion) {
    for algorithm in ["rs256", "es256"] {
        let input = id_token::Input::signed_by(algorithm).expect("a token");
        let side = id_token::Ours::new(input).expect("keys");
        c.benchmark_group(format!("id_token_{algorithm}"))
            .bench_function("proofkey", |b| b.iter(|| side.subject().expect("a subject")));
    }
}

fn possession(c: &mut Criterion) {
    let side = dpop::Ours::new().expect("tokens");
    c.benchmark_group("dpop_proof")
        .bench_function("proofkey", |b| b.iter(|| side.fields().expect("a proof")));
    let proof = side.fields().expect("a proof").dpop.expect("a proof");
    c.benchmark_group("dpop_check").bench_function("proofkey", |b| {
        b.iter(|| dpop::check(black_box(proof.expose())).expect("a thumbprint"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .without_plots();
    targets = id_token, possession
}
criterion_main!(benches);
