# shellcheck shell=bash
# README.md says what is true. Its Rust is compiled by the suite rust, its demo is run by the suite demo.

suite_readme() {
    need_python || return
    need_apt git git || return
    counted "README" closing_counts python3 tests/lib/check_readme.py
}
