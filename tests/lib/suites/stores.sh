# shellcheck shell=bash
# The stores that are servers of their own, each with a private server: the whole suite of the stores, races over two
# nodes, what befalls a server, floods, and the program over them. `tests/race`, `tests/kill-stores`, `tests/outages` and
# `tests/flood` run these for as long as wanted.

suite_stores() {
    need_rust && need_python && need_postgres && need_redis && need_apt openssl openssl || return
    local features
    # The same features as in the suite `rust`, so that nothing is built a second time.
    features=$(python3 tests/lib/features.py) || return
    counted "cargo test" cargo_counts cargo test --workspace --features "$features" --test databases --no-fail-fast
    counted "the statements of docs/grants.md" closing_counts python3 -W error tests/statements/run.py
}
