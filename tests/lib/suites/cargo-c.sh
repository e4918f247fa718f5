# shellcheck shell=bash
# Builds cargo-c, which the suite `c` wants late: it takes minutes, and shares nothing with what is tested meanwhile.

suite_cargo_c() { check "cargo-c is there" need_cargo_c; }
