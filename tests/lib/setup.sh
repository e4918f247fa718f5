# shellcheck shell=bash
# Installs what a suite needs and this machine lacks. Debian packages come by apt-get (as root or by
# sudo); everything else goes below target/ and leaves the machine as it was. Each function fails with
# one line that says what to install by hand. Sourced by suite.sh.

tools=$PROOFKEY_TARGET/tools
PATH=$tools/bin:$HOME/.cargo/bin:$PATH

# Pinned, so that the same tree gives the same verdict. cargo-deny builds with the toolchain of
# rust-toolchain.toml.
ruff_version=0.17.6
cargo_deny_version=0.20.2
cargo_c_version=0.10.24
cargo_fuzz_version=0.13.2

have() { command -v "$1" >/dev/null 2>&1; }

# apt_install PACKAGE…: quietly; the log is $tools/apt.log. Suites run beside each other, and apt-get does not.
apt_install() {
    local apt=(flock --close --timeout 900 "$tools/apt.lock")
    have apt-get || return 1
    [ "$(id -u)" -eq 0 ] || apt+=(sudo -n)
    mkdir -p "$tools"
    # One update a day is enough for all suites.
    if [ -z "$(find "$tools/apt-updated" -mtime -1 2>/dev/null)" ]; then
        "${apt[@]}" apt-get update -qq >"$tools/apt.log" 2>&1 && touch "$tools/apt-updated"
    fi
    echo "installing $*"
    "${apt[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >>"$tools/apt.log" 2>&1
}

# need_apt PROGRAM PACKAGE…: the program is there, or its packages are installed.
need_apt() {
    local program=$1
    shift
    have "$program" || apt_install "$@"
    hash -r
    have "$program" && return 0
    fail "$program is missing and could not be installed; on Debian, as root: apt-get install $*"
    return 1
}

# Rust by rustup, with the toolchain and components of rust-toolchain.toml, and a C compiler for the
# linker and for SQLite, which is built from its source.
need_rust() {
    need_apt cc gcc libc6-dev || return 1
    if ! have cargo; then
        need_apt curl curl ca-certificates || return 1
        echo "installing Rust by rustup"
        if ! curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y -q --profile minimal --default-toolchain none --no-modify-path; then
            fail "Rust could not be installed; see https://rustup.rs"
            return 1
        fi
    fi
    # rustup fetches what rust-toolchain.toml names on the first call.
    if ! cargo --version || ! cargo fmt --version || ! cargo clippy --version; then
        fail "the toolchain of rust-toolchain.toml could not be installed; try: rustup toolchain install"
        return 1
    fi
}

need_python() { need_apt python3 python3; }

# A real keyring for the program's tests: it runs without a screen, on a bus of the test's own.
need_keyring() {
    need_apt dbus-daemon dbus-daemon && need_apt dbus-send dbus-bin &&
        need_apt gnome-keyring-daemon gnome-keyring && need_apt secret-tool libsecret-tools
}

# Debian's packages start a server of the machine's at once; ours are private, so that one is left out.
need_postgres() {
    need_apt setpriv util-linux || return 1
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || have postgres || apt_install postgresql-15
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || have postgres && return 0
    fail "PostgreSQL's server is missing and could not be installed; on Debian, as root: apt-get install postgresql-15"
    return 1
}

# Redis, or Valkey where that is there.
need_redis() {
    need_apt setpriv util-linux || return 1
    have valkey-server || need_apt redis-server redis-server
}

need_shellcheck() { need_apt shellcheck shellcheck; }

need_ruff() {
    [ "$("$tools/python/bin/ruff" --version 2>/dev/null)" = "ruff $ruff_version" ] && return 0
    need_python || return 1
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    if ! python3 -m venv "$tools/python" || ! "$tools/python/bin/pip" install -q "ruff==$ruff_version"; then
        fail "ruff $ruff_version could not be installed; try: pip install ruff==$ruff_version"
        return 1
    fi
}

ruff() { "$tools/python/bin/ruff" "$1" --no-cache --config tests/lib/ruff.toml "${@:2}"; }

need_cargo_deny() {
    need_rust || return 1
    [ "$(cargo-deny --version 2>/dev/null)" = "cargo-deny $cargo_deny_version" ] && return 0
    echo "building cargo-deny $cargo_deny_version (about three minutes, once)"
    # A development build: the tool runs for seconds, an optimised one would cost many minutes.
    if ! env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1 \
        cargo install --quiet --locked --debug --root "$tools" "cargo-deny@$cargo_deny_version"; then
        fail "cargo-deny could not be installed; try: cargo install --locked cargo-deny@$cargo_deny_version"
        return 1
    fi
}

# cargo-c holds cargo itself, which builds on the system's OpenSSL and curl. Two suites may want it at once: the second
# waits for what the first builds.
need_cargo_c() {
    local lock status
    mkdir -p "$tools" && exec {lock}>"$tools/cargo-c.lock" && flock --timeout 2400 "$lock" || return 1
    build_cargo_c
    status=$?
    exec {lock}>&-
    return "$status"
}

build_cargo_c() {
    need_rust && need_apt pkg-config pkg-config || return 1
    case "$(cargo-cinstall --version 2>/dev/null)" in "cargo-c $cargo_c_version"*) return 0 ;; esac
    [ -f /usr/include/openssl/ssl.h ] || apt_install libssl-dev
    echo "building cargo-c $cargo_c_version (some minutes, once)"
    if ! env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=0 \
        cargo install --quiet --locked --debug --root "$tools" "cargo-c@$cargo_c_version"; then
        fail "cargo-c could not be installed; try: cargo install --locked cargo-c@$cargo_c_version"
        return 1
    fi
}

need_node() {
    need_apt node nodejs && need_apt npm npm
}

# cargo-fuzz and the nightly toolchain that it builds with.
need_cargo_fuzz() {
    need_rust || return 1
    if ! cargo +nightly --version >/dev/null 2>&1; then
        rustup toolchain install nightly --profile minimal --no-self-update
    fi
    need_apt c++ g++ || return 1
    [ "$(cargo-fuzz --version 2>/dev/null)" = "cargo-fuzz $cargo_fuzz_version" ] && return 0
    echo "building cargo-fuzz $cargo_fuzz_version (a minute, once)"
    if ! env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=0 \
        cargo install --quiet --locked --debug --root "$tools" "cargo-fuzz@$cargo_fuzz_version"; then
        fail "cargo-fuzz could not be installed; try: cargo install --locked cargo-fuzz@$cargo_fuzz_version"
        return 1
    fi
}
