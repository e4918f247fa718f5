# shellcheck shell=bash
# Each benchmark runs once, unmeasured, so that none of them rots. Figures come from tests/bench.

suite_bench_smoke() {
    need_rust && need_python || return
    counted "benchmarks" closing_counts tests/bench --smoke
}
