# shellcheck shell=bash
# The C ABI: its header in both languages and by two compilers, every misuse under the sanitizers of both and valgrind,
# a panic in every function, an authorization server, a discovery, an access and keys in C++, the exported symbols, and
# a real sign-in and refreshes of the examples, and the race for the codes of the one that issues them.

suite_c() {
    need_rust && need_python && need_apt clang clang && need_apt g++ g++ && need_apt valgrind valgrind || return
    need_apt cmake cmake && need_apt pkg-config pkg-config && need_apt curl curl && need_apt clang-format clang-format || return
    [ -f /usr/include/sqlite3.h ] || pkg-config --exists sqlite3 || apt_install libsqlite3-dev
    [ -f /usr/include/curl/curl.h ] || pkg-config --exists libcurl || apt_install libcurl4-openssl-dev
    local out=$PROOFKEY_TARGET/c-tests lib=$PROOFKEY_TARGET/c/debug source=bindings/c/tests
    mkdir -p "$out" || return
    # A folder of its own: the library with panics in it must not be taken for the real one.
    check "the library is built with panics to be injected" cargo rustc --quiet -p proofkey-c --lib \
        --features test-panic --crate-type cdylib,staticlib --target-dir "$PROOFKEY_TARGET/c" || return

    # Debian packs clang's sanitizers apart from clang.
    c_clang_sanitizes "$out/sanitized" || apt_install "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"

    local compiler test sanitizer
    for sanitizer in none address,undefined; do
        for test in misuse panics threads canary; do
            for compiler in gcc clang; do
                c_test "$compiler" -std=c99 "$test" "$sanitizer" "$source/$test.c" "$source"/functions*.c
            done
        done
        for test in owners grant discovery access possession; do
            for compiler in g++ clang++; do
                c_test "$compiler" -std=c++17 "$test" "$sanitizer" "$source/$test.cpp"
            done
        done
    done
    for compiler in gcc clang; do
        for sanitizer in none address,undefined; do
            c_race "$compiler" "$sanitizer"
        done
    done
    for compiler in g++ clang++; do
        check "$compiler takes proofkey.h alone as C++17" "$compiler" -std=c++17 -Wall -Wextra -Wpedantic -Werror \
            -fsyntax-only -x c++ include/proofkey.h -Wno-pragma-once-outside-header
    done
    # Valgrind runs one thread at a time: few rounds.
    for test in "misuse all" "panics all" "threads 5"; do
        # shellcheck disable=SC2086 # a name and its argument
        check "valgrind finds nothing in ${test% *}" valgrind --quiet --error-exitcode=9 --leak-check=full \
            --errors-for-leak-kinds=definite,possible $out/gcc-${test%% *}-none ${test#* }
    done
    check "every function of the header is in the table of the tests" c_table "$out/gcc-misuse-none"
    check "the C files are formatted" clang-format --dry-run -Werror "$source"/*.[ch] "$source"/*.cpp \
        bindings/c/examples/*.[ch] include/proofkey.hpp include/proofkey/*.hpp

    check "the program proofkey is built" cargo build --quiet -p proofkey-cli || return
    # Not below a folder that has been installed to before.
    local prefix
    prefix=$(mktemp -d) || return
    if check "CMake builds and installs the library" c_cmake "$out/cmake" "$prefix"; then
        check "no symbol is exported beyond pk_, and none is missing" c_symbols "$prefix" "$out/gcc-misuse-none"
        check "the example of CMake signs in" python3 $source/sign_in.py "$PROOFKEY_TARGET/debug/proofkey" "$out/cmake/sign_in"
        check "a line that is cut brings one token request, not two" python3 $source/cut_line.py "$out/cmake/sign_in"
        check "the example that keeps tokens refreshes them, once for all" \
            python3 $source/token.py "$PROOFKEY_TARGET/debug/proofkey" "$out/cmake/token"
        check "the example that issues tokens does so once a code, in many processes" \
            python3 $source/grant_cgi.py "$out/cmake/grant_sqlite"
        check "C++ takes the installed headers" c_installed_cpp "$prefix"
        check "one line of pkg-config builds the example" c_pkg_config "$prefix" "$out/sign_in" &&
            check "the example of pkg-config signs in" python3 $source/sign_in.py "$PROOFKEY_TARGET/debug/proofkey" "$out/sign_in"
        check "the C of README.md compiles and runs" c_readme "$prefix" "$out/readme"
    fi
    rm -rf "$prefix"
    need_cargo_c || return
    prefix=$(mktemp -d) || return
    check "cargo cinstall installs the library" cargo cinstall --debug -p proofkey-c --prefix "$prefix" --libdir lib \
        --target-dir "$PROOFKEY_TARGET/c-install" &&
        check "C++ takes the headers of cargo cinstall" c_installed_cpp "$prefix" &&
        check "one line of pkg-config builds the example after cargo cinstall" c_pkg_config "$prefix" "$out/sign_in-capi" &&
        check "the example of cargo cinstall signs in" python3 $source/sign_in.py "$PROOFKEY_TARGET/debug/proofkey" "$out/sign_in-capi"
    rm -rf "$prefix"
}

# c_test COMPILER STANDARD NAME SANITIZER SOURCE…: built without a warning, run without a complaint or a word on
# standard error.
c_test() {
    local compiler=$1 standard=$2 name=$3 sanitizer=$4 program
    shift 4
    program=$out/$compiler-$name-${sanitizer%%,*}
    check "$compiler $standard builds $name ($sanitizer)" c_build "$program" "$compiler" "$standard" "$sanitizer" "$@" &&
        check "$name runs ($compiler, $sanitizer)" c_silent "$program"
}

c_build() {
    local program=$1 compiler=$2 standard=$3 sanitizer=$4 extra=()
    shift 4
    [ "$sanitizer" = none ] || extra=("-fsanitize=$sanitizer" -fno-sanitize-recover=all)
    "$compiler" "$standard" -g -O1 -Wall -Wextra -Wpedantic -Werror "${extra[@]}" -I include "$@" -o "$program" \
        "$lib/libproofkey_c.so" "-Wl,-rpath,$lib" -pthread
}

# c_race COMPILER SANITIZER: 64 at once for each of a few codes, over the store of the example.
c_race() {
    local program=$out/$1-grant_race-${2%%,*}
    check "$1 builds the race for codes ($2)" c_build "$program" "$1" -std=c99 "$2" "$source/grant_race.c" -lsqlite3 &&
        check "of 64 at once one redeems a code, and a naive store is found out ($1, $2)" c_raced "$program"
}

c_raced() {
    local folder code
    folder=$(mktemp -d) || return
    "$1" "$folder/grants.db" 4
    code=$?
    rm -rf "$folder"
    return "$code"
}

c_clang_sanitizes() { clang -fsanitize=address,undefined -x c - -o "$1" <<<'int main(void) { return 0; }' 2>/dev/null; }

c_silent() {
    local said
    said=$("$1" 2>&1 >/dev/null) && [ -z "$said" ] && return
    printf '%s\n' "$said"
    return 1
}

c_table() { diff <("$1" --names | sort) <(c_declared); }

c_declared() { sed -n 's/^pk_status \(pk_[a-z0-9_]*\)(.*/\1/p' include/proofkey.h | sort; }

c_cmake() {
    cmake -S bindings/c -B "$1" -DPROOFKEY_PROFILE=dev -DPROOFKEY_EXAMPLES=ON -DPROOFKEY_TARGET_DIR="$PROOFKEY_TARGET/c-install" \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$2" -DCMAKE_C_FLAGS="-Wall -Wextra -Wpedantic -Werror" &&
        cmake --build "$1" && cmake --install "$1"
}

c_symbols() { diff <(nm -D --defined-only "$1/lib/libproofkey.so" | awk '{print $3}' | sort) <("$2" --names | sort); }

c_readme() {
    python3 tests/lib/readme_snippet.py c >"$2.c" || return
    # shellcheck disable=SC2046 # the flags are words
    PKG_CONFIG_PATH=$1/lib/pkgconfig gcc -std=c99 -Wall -Wextra -Wpedantic -Werror "$2.c" \
        $(PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --cflags --libs proofkey) "-Wl,-rpath,$1/lib" -o "$2" && "$2"
}

c_installed_cpp() {
    # shellcheck disable=SC2046 # the flags are words
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only $(PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --cflags proofkey) \
        -x c++ - <<<'#include <proofkey.hpp>'
}

c_pkg_config() {
    export PKG_CONFIG_PATH=$1/lib/pkgconfig
    # shellcheck disable=SC2046 # the flags are words
    gcc -std=c99 bindings/c/examples/sign_in.c $(pkg-config --cflags --libs proofkey libcurl) "-Wl,-rpath,$1/lib" -o "$2"
}
