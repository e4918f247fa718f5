# shellcheck shell=bash
# Ten seconds of fuzzing for each target: that they build, run, and stand what the vectors hold. Long runs are
# `tests/fuzz SECONDS`.

suite_fuzz() {
    need_cargo_fuzz && need_python || return
    counted "fuzzing" closing_counts tests/fuzz 10
}
