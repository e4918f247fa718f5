# shellcheck shell=bash
# docs/requirements.md, docs/threats.md and docs/errors.md against the tree, and the checker itself.

suite_requirements() {
    need_python || return
    check "the checker notices what is wrong" python3 -W error tests/lib/test_check_requirements.py
    counted "requirements" closing_counts python3 tests/check-requirements
}
