# shellcheck shell=bash
# Every language writes one line a vector and a transcript; the lines must be the expected ones, and one
# that was altered must be noticed. A language joins with its runner here.

suite_vectors() {
    need_rust && need_python || return
    local canonical=$PROOFKEY_TARGET/canonical
    # As the suite rust builds it, so that nothing is built twice.
    local features rust
    features=$(python3 tests/lib/features.py) || return
    rust=(cargo test --quiet --workspace --features "$features" --no-fail-fast --test vectors --test transcripts)
    rm -rf "$canonical"
    check "Rust runs the vectors and transcripts" "${rust[@]}"
    counted "what the languages say" closing_counts python3 tests/lib/compare_vectors.py lines "$canonical"
    PROOFKEY_CANONICAL_OUT=$canonical/altered/rust.txt counted "altered cases" closing_counts \
        python3 tests/lib/compare_vectors.py altered "${rust[@]}"
}
