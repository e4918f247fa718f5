# shellcheck shell=bash
# The stores that are servers of their own, each with a private server: the whole suite of the stores, races over two
# nodes, and what befalls a server. `tests/race` runs the races for as many codes as wanted.

suite_stores() {
    need_rust && need_python && need_postgres && need_redis || return
    counted "cargo test" cargo_counts cargo test -p proofkey-server --features test-databases --test databases --no-fail-fast
}
