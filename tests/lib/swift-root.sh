#!/usr/bin/env bash
# Makes, once, a Debian trixie root that holds Swift, and prints its path.
# A second run changes nothing. Needs root (or sudo) and network the first time only.
set -euo pipefail

SUITE=trixie
PACKAGES="swiftlang libc6-dev libstdc++-14-dev libcurl4-openssl-dev git ca-certificates"
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/proofkey
ROOT=$CACHE/swift-$SUITE
STAMP=.made-from                        # inside the root: what it was made from

want="1 $SUITE $PACKAGES"
if [ "$(cat "$ROOT/$STAMP" 2>/dev/null || true)" = "$want" ]; then echo "$ROOT"; exit 0; fi

mkdir -p "$CACHE"
exec 9>"$CACHE/swift-$SUITE.lock"; flock 9          # two at a time: the second waits, then finds it made
if [ "$(cat "$ROOT/$STAMP" 2>/dev/null || true)" = "$want" ]; then echo "$ROOT"; exit 0; fi

say() { echo "swift-root: $*" >&2; }
as_root=""; [ "$(id -u)" = 0 ] || as_root=sudo
export PATH="$PATH:/usr/sbin:/sbin"                  # debootstrap and chroot live there

missing=""
command -v debootstrap >/dev/null || missing+=" debootstrap"
command -v bwrap       >/dev/null || missing+=" bubblewrap"
if [ -n "$missing" ]; then
    say "installing$missing"
    $as_root apt-get -o DPkg::Lock::Timeout=300 update -qq >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >&2
fi

# The machine's own Debian mirror, in whichever format its sources are written.
mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' | sed -n 's/^Debian|//p' | head -1
}
url=$(mirror)
[ -n "$url" ] || { $as_root apt-get update -qq >&2; url=$(mirror); }   # LABEL is known only after an update
[ -n "$url" ] || { say "no Debian mirror in this machine's apt sources"; exit 1; }

new=$(mktemp -d "$CACHE/swift-$SUITE.XXXXXX")
trap '$as_root rm -rf --one-file-system "$new"' EXIT
chmod 755 "$new"

say "making a $SUITE root (about 2.7 GB, a minute or two)"
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
[ -z "${http_proxy:-}" ]  || export http_proxy
[ -z "${https_proxy:-}" ] || export https_proxy
$as_root debootstrap --variant=minbase "$SUITE" "$new" "$url" >"$CACHE/swift-root.log" 2>&1 ||
    { tail -20 "$CACHE/swift-root.log" >&2; exit 1; }

# Old snapshots and odd clocks: what the machine's apt tolerates, the root's apt tolerates too.
apt-config dump | grep -E '^Acquire::Check-(Valid-Until|Date) ' | $as_root tee "$new/etc/apt/apt.conf.d/90host" >/dev/null || true
# shellcheck disable=SC2016
$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$new" sh -euc '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends '"$PACKAGES"'
    apt-get clean
    rm -rf /var/lib/apt/lists/* /usr/share/doc/* /usr/share/man/* /usr/share/locale/*
' >>"$CACHE/swift-root.log" 2>&1 || { tail -20 "$CACHE/swift-root.log" >&2; exit 1; }

printf '%s\n' "$want" | $as_root tee "$new/$STAMP" >/dev/null
$as_root rm -rf --one-file-system "$ROOT"
$as_root mv -T "$new" "$ROOT"
trap - EXIT
say "made $ROOT ($(du -sh "$ROOT" 2>/dev/null | cut -f1))"
echo "$ROOT"
