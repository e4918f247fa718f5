# shellcheck shell=bash
# Whole sign-ins against authorization servers that others wrote.

suite_interop() {
    need_rust && need_node || return
    counted "interop" closing_counts tests/interop/run
}
