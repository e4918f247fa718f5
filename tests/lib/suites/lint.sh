# shellcheck shell=bash
# Format and lints of every language in the tree, and what no file of it may hold.

suite_lint() {
    need_apt git git || return
    check "no file names a path or an address of one machine" tests/lib/no-machine-paths
    check "no hand-written layer of a language knows the protocol" tests/lib/no-protocol-in-bindings

    if need_shellcheck; then
        local scripts=()
        mapfile -t scripts < <(git ls-files -co --exclude-standard -z | xargs -0 grep -slE '^#!.*bash$|^# shellcheck shell=' --)
        check "shellcheck, ${#scripts[@]} scripts" shellcheck --source-path=SCRIPTDIR/.. "${scripts[@]}"
    fi

    if need_ruff; then
        local python=()
        mapfile -t python < <(git ls-files -co --exclude-standard -z | xargs -0 grep -slE '^#!.*python3$' --
            git ls-files -co --exclude-standard -- '*.py')
        mapfile -t python < <(printf '%s\n' "${python[@]}" | sort -u)
        check "ruff check, ${#python[@]} files" ruff check "${python[@]}"
        check "ruff format" ruff format --check "${python[@]}"
    fi

    need_rust || return
    check "cargo fmt" cargo fmt --all --check
    check "cargo clippy" cargo clippy --quiet --workspace --all-targets --test databases --all-features -- -D warnings
    check "cargo doc" env RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --all-features --no-deps
}
