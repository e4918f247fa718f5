# shellcheck shell=bash
# The C ABI: its header in both languages and by two compilers, every misuse under the sanitizers of both and valgrind,
# a panic in every function, an authorization server, a discovery, an access and keys in C++, the exported symbols, and
# a real sign-in and refreshes of the examples, the race for the codes of the one that issues them, and the suite for
# grant stores: the example passes it, and each fault of a store is found.

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
        for test in owners grant grant_checks discovery access possession; do
            for compiler in g++ clang++; do
                c_test "$compiler" -std=c++17 "$test" "$sanitizer" "$source/$test.cpp"
            done
        done
    done
    # Of a store's threads and locks ThreadSanitizer has its own view; the library is built without it.
    export TSAN_OPTIONS=suppressions=$PWD/$source/thread.supp
    c_test clang++ -std=c++17 grant_checks thread "$source/grant_checks.cpp"
    for sanitizer in address,undefined thread; do
        c_over_sqlite "the store of the example keeps its promises" clang "$sanitizer" bindings/c/examples/grant_checks.c
    done
    for compiler in "gcc none" "clang address,undefined"; do
        # shellcheck disable=SC2086 # a compiler and a sanitizer
        c_over_sqlite "each fault of a store is found, and nothing else" $compiler "$source/grant_faults.c"
        # shellcheck disable=SC2086 # the same
        c_over_sqlite "of 64 at once one redeems a code, and a naive store is found out" $compiler "$source/grant_race.c" 4
    done
    check "the suite for grant stores has the promises of the Python one" c_promises
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
    check "the C files are formatted" clang-format --dry-run -Werror "$source"/*.[ch] "$source"/*.[ch]pp \
        bindings/c/examples/*.[ch] include/proofkey.hpp include/proofkey/*.hpp include/proofkey/testing/*.h \
        include/proofkey/testing/detail/*.h
    check "the C of the program's tests is formatted" clang-format --style=file:bindings/c/.clang-format --dry-run \
        -Werror cli/tests/killed/*.c

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
        check "the example of a store's test passes" c_in_folder "$out/cmake/grant_checks"
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

# c_over_sqlite WHAT COMPILER SANITIZER SOURCE ARGUMENT…: a program over a database of its own.
c_over_sqlite() {
    local what=$1 compiler=$2 sanitizer=$3 file=$4 name
    shift 4
    name=$(basename "$file" .c)
    local program=$out/$compiler-$name-${sanitizer%%,*}
    check "$compiler builds $name ($sanitizer)" c_build "$program" "$compiler" -std=c99 "$sanitizer" "$file" -lsqlite3 &&
        check "$what ($compiler, $sanitizer)" c_in_folder "$program" "$@"
}

# c_in_folder PROGRAM ARGUMENT…: with a database in a folder that goes when the program has ended.
c_in_folder() {
    local program=$1 folder code
    shift
    folder=$(mktemp -d) || return
    "$program" "$folder/grants.db" "$@"
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

c_promises() {
    diff <(sed -n 's/^    {"\([a-z_]*\)", pkt_.*/\1/p' include/proofkey/testing/grant_store.h | grep -v newer_library) \
        <(sed -n '/^CHECKS/,/^)/s/^ *\(grants\.\|tokens\.\)\{0,1\}\([a-z_]*\),$/\2/p' python/src/proofkey/server/testing.py)
}

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
        -x c++ - <<<$'#include <proofkey.hpp>\n#include <proofkey/testing/grant_store.h>'
}

c_pkg_config() {
    export PKG_CONFIG_PATH=$1/lib/pkgconfig
    # shellcheck disable=SC2046 # the flags are words
    gcc -std=c99 bindings/c/examples/sign_in.c $(pkg-config --cflags --libs proofkey libcurl) "-Wl,-rpath,$1/lib" -o "$2"
}
