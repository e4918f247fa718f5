# shellcheck shell=bash
# Each benchmark runs once, unmeasured, so that none of them rots. Figures come from tests/bench.

suite_bench_smoke() {
    need_rust && need_python && need_node && need_postgres && need_redis || return
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    need_apt cc gcc || return
    [ -f /usr/include/openssl/evp.h ] || apt_install libssl-dev
    counted "benchmarks" closing_counts tests/bench --smoke
    counted "the server's benchmark" closing_counts tests/bench-server --smoke
}
