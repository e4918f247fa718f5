# shellcheck shell=bash
# The Python package: built as a wheel, installed, tested, typed. The wheel of the tests is a development
# build; how long a sign-in takes is not asked here.

# Pinned, so that the same tree gives the same verdict. maturin's version stands in python/pyproject.toml too.
# httpx and httpx2 are what the package can work with; it needs neither. This httpx2 takes Python 3.10 too.
# Django is what the example of a server needs; its version stands in python/examples/django_server too.
python_tools=(maturin==1.16.0 pytest==9.2.0 mypy==2.4.1 httpx==0.28.1 httpx2==2.14.0 Django==5.2.19)

# The last line of pytest, "3 failed, 1 error, 200 passed in 4.56s". A test that is skipped proves nothing.
pytest_counts() {
    grep -E '^[0-9]+ .* in [0-9.]+s' "$1" | tail -n 1 | awk '
        {
            for (i = 1; i < NF; i++) {
                kind = $(i + 1)
                if (kind ~ /^passed/) p += $i
                if (kind ~ /^(failed|error|skipped|xfailed|xpassed)/) f += $i
            }
        }
        END { print p + 0, f + 0 }'
}

need_python_venv() {
    need_python || return 1
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
        fail "Python $(python3 -V | cut -d' ' -f2) is too old; the package needs 3.10 or later"
        return 1
    fi
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    if ! python3 -m venv "$1"; then
        fail "no virtual environment could be made; on Debian, as root: apt-get install python3-venv"
        return 1
    fi
}

# The package, installed from its wheel into the environment $PROOFKEY_TARGET/python/venv.
need_python_package() {
    local folder=$PROOFKEY_TARGET/python
    local venv=$folder/venv wheels=$folder/wheels
    need_python_venv "$venv" || return
    if ! "$venv/bin/pip" install -q "${python_tools[@]}"; then
        fail "the tools could not be installed; try: pip install ${python_tools[*]}"
        return 1
    fi
    rm -rf "$wheels"
    check "the wheel builds" wheel_into "$wheels" || return
    check "the wheel installs" "$venv/bin/pip" install -q --no-index --no-deps --force-reinstall \
        "$wheels"/proofkey-*.whl
}

# wheel_into FOLDER OPTION…: in the profile of all suites.
wheel_into() {
    in_python env PATH="$venv/bin:$PATH" CARGO_TARGET_DIR="$PROOFKEY_TARGET" \
        maturin build --quiet --profile dev --compatibility linux --out "$@"
}

# The package whose exports panic on demand, beside the one for people and never in its place.
need_panicking_package() {
    rm -rf "$folder/panics" "$folder/panics-wheel"
    check "the wheel for panics builds" wheel_into "$folder/panics-wheel" --features test-panic &&
        check "the wheel for panics installs" "$venv/bin/pip" install -q --no-index --no-deps \
            --target "$folder/panics" "$folder"/panics-wheel/proofkey-*.whl
    # What stays in the target folder is the library for people.
    cargo build --quiet -p proofkey-uniffi
}

suite_python() {
    need_rust && need_ruff || return
    local folder=$PROOFKEY_TARGET/python
    local venv=$folder/venv wheels=$folder/wheels
    need_python_package && need_panicking_package || return
    check "the development server builds" cargo build --quiet -p proofkey-cli || return

    counted "pytest" pytest_counts in_python env PROOFKEY_WHEELS="$wheels" \
        "$venv/bin/python" -X dev -W error -m pytest -p no:cacheprovider tests
    check "mypy --strict" in_python "$venv/bin/mypy" --cache-dir "$folder/mypy" src
    # pyright runs on Node, which its package fetches where there is none.
    if "$venv/bin/pip" install -q pyright==1.1.414 && "$venv/bin/pyright" --version >/dev/null 2>&1; then
        check "pyright: the public types are complete" env PATH="$venv/bin:$PATH" \
            pyright --verifytypes proofkey --ignoreexternal
    else
        not_checked "pyright --verifytypes: pyright cannot be installed on this machine"
    fi
    check "the Python of README.md is typed right" python_readme README.md
    check "the Python of python/README.md is typed right" python_readme python/README.md
    check "the Python of docs/grants.md is typed right" python_readme docs/grants.md proofkey.server
    check "ruff check" ruff check python
    check "ruff format" ruff format --check python
}

# python_readme PAGE [TEXT]: its snippets, or those that TEXT stands in.
python_readme() {
    python3 tests/lib/readme_snippet.py python "$@" >"$folder/readme.py" || return
    "$venv/bin/mypy" --strict --cache-dir "$folder/mypy" --python-executable "$venv/bin/python" "$folder/readme.py"
}

in_python() { (cd python && "$@"); }
