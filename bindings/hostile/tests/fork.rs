//! Threat "fork": no generator state lies in user space, so a child never repeats its parent's verifiers
//! (P2; CVE-2022-31034 had one verifier for the process and a generator seeded by the time).
#![cfg(target_os = "linux")]

mod support;

use proofkey::verifier::CodeVerifier;
use std::collections::HashSet;

#[test]
fn a_thousand_forked_children_make_distinct_verifiers() {
    // One is made before the forks: whatever state a generator might keep is there to be copied.
    let mut seen = HashSet::from([CodeVerifier::generate().unwrap().expose_verifier().to_owned()]);
    let in_batches_of = 50;
    for _ in 0..1000 / in_batches_of {
        let children: Vec<_> = (0..in_batches_of)
            .map(|_| {
                support::fork(|| CodeVerifier::generate().unwrap().expose_verifier().to_owned())
            })
            .collect();
        for child in children {
            let verifier = child.words();
            assert_eq!(verifier.len(), 43);
            assert!(seen.insert(verifier), "two processes made the same verifier");
        }
    }
    assert_eq!(seen.len(), 1001);
}
