# shellcheck shell=bash
# Every Rust test of the workspace in one build: unit, integration, and the snippets of the docs.

suite_rust() {
    need_rust && need_python && need_keyring || return
    local features log=${result:?}.log
    features=$(python3 tests/lib/features.py) || return
    counted "cargo test" cargo_counts cargo test --workspace --features "$features" --no-fail-fast
    # A test may stand in the source and yet not run: behind a feature, or in a file that nobody includes.
    grep -q '^test result: ' "$log" || return
    check "every test that docs/ names has passed" tests/check-requirements --ran "$log"
}
