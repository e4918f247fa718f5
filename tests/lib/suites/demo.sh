# shellcheck shell=bash
# The demo as README shows it, from the profile that the tests have built already.

suite_demo() {
    need_rust && need_python || return
    check "the program builds" cargo build --quiet -p proofkey-cli || return
    counted "demo" closing_counts python3 tests/lib/check_demo.py "$PROOFKEY_TARGET/debug/proofkey"
}
