# shellcheck shell=bash
# What the workspace depends upon, by the rules of deny.toml.

suite_deny() {
    need_cargo_deny || return
    local part
    for part in bans licenses sources; do
        check "cargo deny: $part" cargo deny --all-features --log-level warn check "$part"
    done
    # The database of advisories is a git repository that cannot be fetched everywhere.
    if GIT_TERMINAL_PROMPT=0 timeout 60 cargo deny fetch db; then
        check "cargo deny: advisories" cargo deny --offline --all-features check advisories
    else
        not_checked "advisories: the RustSec database cannot be fetched from this machine"
    fi
}
