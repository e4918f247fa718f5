#!/usr/bin/env bash
# Runs a command with Swift on its PATH:
#   swift-run.sh [--bind DIR]... [--at DIR PLACE]... [--net] [--env K=V]... -- COMMAND...
# The machine's own swift if it has one, else the one in the root that swift-root.sh makes: there the command
# sees that root, this folder, where it runs, and each DIR, at its own path or at PLACE; nothing else of the
# machine. Without --net it has no network but a loopback address of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
places=()
sets=()
net=(--unshare-net)
while [ $# -gt 0 ]; do
    case $1 in
        --bind)
            dir=$(realpath "$2")
            places+=(--bind "$dir" "$dir")
            shift 2
            ;;
        --at)
            places+=(--bind "$(realpath "$2")" "$3")
            shift 3
            ;;
        --env)
            sets+=("$2")
            shift 2
            ;;
        --net)
            net=()
            shift
            ;;
        --)
            shift
            break
            ;;
        *) break ;;
    esac
done
[ $# -gt 0 ] || {
    sed -n '2,6p' "$0" >&2
    exit 2
}

if [ -z "${PROOFKEY_SWIFT_ROOT:-}" ] && command -v swift >/dev/null; then
    exec env "${sets[@]}" "$@"
fi
root=${PROOFKEY_SWIFT_ROOT:-$("$here/swift-root.sh")}
temporary=$(dirname "$(mktemp -u)")
# SwiftPM writes there, whatever HOME says.
home=$(getent passwd 0 | cut -d: -f6)
environment=(--setenv HOME "$home" --setenv TMPDIR "$temporary" --setenv LANG C.UTF-8
    --setenv PATH /usr/local/bin:/usr/bin:/bin)
for set in "${sets[@]}"; do environment+=(--setenv "${set%%=*}" "${set#*=}"); done

# Each folder of the root for itself, so that a place which it does not have can be made beside them.
view=()
for entry in "$root"/*; do
    name=/${entry##*/}
    case $name in /proc | /dev | "$temporary" | "$home") continue ;; esac
    # What this folder lies below must be writable for the place of it.
    case $PWD/ in "$name"/*) continue ;; esac
    if [ -L "$entry" ]; then
        view+=(--symlink "$(readlink "$entry")" "$name")
    else
        view+=(--ro-bind "$entry" "$name")
    fi
done
[ ${#net[@]} -gt 0 ] || view+=(--ro-bind /etc/resolv.conf /etc/resolv.conf)
exec bwrap "${view[@]}" --proc /proc --dev /dev --tmpfs "$temporary" --tmpfs "$home" \
    --bind "$PWD" "$PWD" "${places[@]}" --chdir "$PWD" --unshare-pid --unshare-ipc "${net[@]}" --die-with-parent --clearenv "${environment[@]}" "$@"
