# shellcheck shell=bash
# Every language writes one line a vector and a transcript; the lines must be the expected ones, and one
# that was altered must be noticed by all. A language joins with its runner here.

suite_vectors() {
    need_rust && need_python || return
    local canonical=$PROOFKEY_TARGET/canonical
    # As the suite rust builds it, so that nothing is built twice.
    local features rust c python
    features=$(python3 tests/lib/features.py) || return
    rust=(cargo test --quiet --workspace --features "$features" --no-fail-fast --test vectors --test transcripts)
    c=(cargo test --quiet --workspace --features "$features" --test replay)
    python=(in_python "$PROOFKEY_TARGET/python/venv/bin/python" -m pytest -q -p no:cacheprovider tests/test_vectors.py)
    rm -rf "$canonical"
    check "Rust runs the vectors and transcripts" "${rust[@]}"
    check "C runs them" "${c[@]}"
    # shellcheck source=tests/lib/suites/python.sh
    . "${lib:?}/suites/python.sh"
    if need_python_package; then
        check "Python runs them" "${python[@]}"
    fi
    counted "what the languages say" closing_counts python3 tests/lib/compare_vectors.py lines "$canonical" rust c python
    PROOFKEY_CANONICAL_OUT=$canonical/altered/rust.txt counted "altered cases, Rust" closing_counts \
        python3 tests/lib/compare_vectors.py altered "${rust[@]}"
    PROOFKEY_CANONICAL_OUT=$canonical/altered/c.txt counted "altered cases, C" closing_counts \
        python3 tests/lib/compare_vectors.py altered "${c[@]}"
    PROOFKEY_CANONICAL_OUT=$canonical/altered/python.txt counted "altered cases, Python" closing_counts \
        python3 tests/lib/compare_vectors.py altered env -C python "${python[@]:1}"
}
