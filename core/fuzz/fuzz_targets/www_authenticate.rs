//! Challenges of any bytes: read, counted, and never more of them than there are characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::www_authenticate::Challenges;

fuzz_target!(|fields: Vec<String>| {
    let length: usize = fields.iter().map(String::len).sum();
    let read = Challenges::parse(fields.iter().map(String::as_str));
    assert!(read.list.len() + read.defects.len() <= length + fields.len());
    for challenge in &read.list {
        assert!(!challenge.scheme.is_empty());
    }
    if let Some(demand) = read.demand() {
        for scope in demand.scopes.iter().flatten() {
            assert!(!scope.is_empty() && scope.is_ascii());
        }
    }
});
