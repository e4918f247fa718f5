#!/usr/bin/env bash
# Builds and runs the benchmarks in Swift (ios/Benches), below the folder PROOFKEY_TARGET:
#   bench-swift.sh --build   over the library of the release profile; runs nothing
#   bench-swift.sh FOLDER    over the library of the release profile; writes FOLDER/figures, crossings and versions
#   bench-swift.sh --smoke   over the library for development: checks the format, runs each job briefly, prints times
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${PROOFKEY_TARGET:?}"

fail() { echo "bench-swift: $*" >&2; }

# shellcheck source=tests/lib/setup.sh
. tests/lib/setup.sh
# shellcheck source=tests/lib/swift.sh
. tests/lib/swift.sh

case ${1-} in
    --smoke) profile=dev out=$PROOFKEY_TARGET/swift/smoke ;;
    --build) profile=release out= ;;
    "" | -*)
        sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
    *) profile=release out=$1 ;;
esac
if ! need_swift >&2 || ! need_apt pkg-config pkg-config >&2; then exit 1; fi

swift_install --profile "$profile"
if [ "$profile" = dev ]; then
    in_swift -- swift format lint --strict --recursive ios/Benches/Package.swift ios/Benches/Sources
fi
build=(swift build --package-path ios/Benches --scratch-path "$swift_build" -c release -Xswiftc -warnings-as-errors)
if ! in_swift -- "${build[@]}" >"$PROOFKEY_TARGET/swift/build.log" 2>&1; then
    cat "$PROOFKEY_TARGET/swift/build.log" >&2
    fail "ios/Benches could not be built"
    exit 1
fi
bench=$swift_build/release/Bench

# Stands before the library and counts the calls that come in.
python3 tests/lib/swift_crossings.py ios/Sources/CProofKey/CProofKey.h >"$PROOFKEY_TARGET/swift/counting.c"
# The header's words for null pointers are clang's.
in_swift -- cc -std=c11 -O1 -Wall -Werror -D_Nonnull= -D_Nullable= -shared -fPIC -I ios/Sources/CProofKey \
    "$PROOFKEY_TARGET/swift/counting.c" -o "$PROOFKEY_TARGET/swift/counting.so"

[ -n "$out" ] || exit 0
mkdir -p "$out"
# Nothing of an earlier run can get into the page.
rm -f "$out/figures" "$out/crossings" "$out/versions"

# counted JOB TIMES: calls, references and memory of a process that does it so often.
counted() { in_swift --env LD_PRELOAD="$PROOFKEY_TARGET/swift/counting.so" -- "$bench" --times "$1" "$2"; }

for job in sign_in pair verify; do
    # What belongs to the process and not to the job is in both.
    paste -d ' ' <(counted "$job" 1) <(counted "$job" 11) |
        awk -v job="$job" 'NF == 6 { print job, ($4 - $1) / 10, ($5 - $2) / 10, ($6 - $3) / 10 }'
done >"$out/crossings"
if [ "$(wc -l <"$out/crossings")" -ne 3 ]; then
    fail "what crosses the boundary could not be counted"
    exit 1
fi

{
    in_swift -- swift --version 2>/dev/null | sed -n 's/.*\(Swift version [^ ]*\).*/\1/p' | head -n 1
    echo "OpenSSL $(in_swift -- "$bench" --version)"
} >"$out/versions"

if [ "$profile" = dev ]; then
    in_swift -- "$bench" --smoke >"$out/figures"
    cat "$out/figures"
else
    in_swift -- "$bench" >"$out/figures"
fi
