# shellcheck shell=bash
# The native libraries for phones and other desktops: one of each kind is built and read, and what can
# run here runs. Nothing here was ever run on a phone, on macOS or on Windows.
: "${tools:?}"

suite_natives() {
    need_rust && need_python || return
    local natives=$PROOFKEY_TARGET/natives android='' apple=''
    builds "Android, arm64-v8a" android/build-natives arm64-v8a && android=1
    builds "the XCFramework's slice for iOS" ios/make-xcframework ios && apple=1
    if [ "$android" ]; then
        refuses "what is linked to stubs is not shippable" \
            android/build-natives --shippable "$natives/android-stub"
    fi
    if [ "$android$apple" = 11 ]; then
        counted "the checks notice what is wrong" unittest_counts \
            python3 -W error tests/natives/test_checks.py "$natives"
    fi
    desktops
}

# builds WHAT COMMAND…: one test, unless this machine lacks something that could not be installed.
builds() {
    local what=$1 output status
    shift
    output=$("$@" 2>&1)
    status=$?
    case $status in
        0) ok "$what" ;;
        3) not_checked "$what: $(printf '%s' "$output" | tail -n 4 | tr -s '\n ' ' ')" ;;
        *) fail "$what" ;;
    esac
    [ "$status" -eq 0 ] || printf '%s\n' "$output" | sed 's/^/    /'
    return "$status"
}

# The library for other machines' processors runs, and so do the core's vectors.
desktops() {
    builds "Linux on aarch64, glibc 2.17" release/natives linux-aarch64 || return
    local under=qemu-aarch64-static root=/usr/aarch64-linux-gnu
    if [ "$(uname -m)" = aarch64 ]; then
        under=env root=/
    elif ! have $under || [ ! -f $root/lib/libgcc_s.so.1 ]; then
        apt_install qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross
        hash -r
        if ! have $under || [ ! -f $root/lib/libgcc_s.so.1 ]; then
            not_checked "running on aarch64; on Debian, as root: apt-get install qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross"
            return
        fi
    fi
    [ $under = env ] || under="$under -L $root"
    check "the library for aarch64 loads and judges" tests/natives/run loads "$under" || return
    counted "the core's vectors on aarch64" cargo_counts tests/natives/run vectors "$under"
}

# "Ran 26 tests in 1.5s" and "FAILED (failures=1, errors=2)". A test that is skipped proves nothing.
unittest_counts() {
    awk '
        /^Ran [0-9]+ tests?/ { ran = $2 }
        /^(FAILED|OK) \(/ {
            while (match($0, /[a-z]+=[0-9]+/)) {
                split(substr($0, RSTART, RLENGTH), pair, "=")
                failed += pair[2]
                $0 = substr($0, RSTART + RLENGTH)
            }
        }
        END { print ran - failed, failed + 0 }' "$1"
}
