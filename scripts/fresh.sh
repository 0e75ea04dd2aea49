#!/usr/bin/env bash
# A stranger's first hour: runs commands in a clone of this repository, in a new Debian 12 root that holds nothing else.
#
#   scripts/fresh.sh [--root DIR] [--keep] [--tarball FILE] [--mirror URL] [-- COMMAND...]
#
# Each COMMAND is one argument, a line of shell. Without any: the two commands of the README.
#   --root DIR      make the root there; it must be new or empty (default: a directory of its own in .build)
#   --keep          leave the root there at the end
#   --tarball FILE  the bare root as a tar: read when it exists, written when it does not
#   --mirror URL    the Debian mirror (default: this machine's)
#
# Mounted, read-only: the Swift toolchain, and the local copies of Swift packages that git is told to use instead of
# the network (url.DIR.insteadOf), if any. Copied: the committed state of this repository, and how this machine
# reaches the network (resolver, certificates, pip, apt). Everything else, the commands have to install.
# Prints how long each command took, and fails when one does, or when one writes where it should not.
# Needs root, debootstrap and git. The mounts live in a namespace of their own and end with it.
set -euo pipefail

script=$(readlink -f -- "${BASH_SOURCE[0]}")
repository=${script%/scripts/*}
suite=bookworm
# shellcheck source=scripts/fresh-root.sh
source "$repository/scripts/fresh-root.sh"

readme_commands=(
    './rkvoice say "The quick brown fox jumps over the lazy dog." -o fox.wav && ./rkvoice transcribe fox.wav'
    './rkvoice test'
)
directory="" keep=0 tarball="" mirror=""

usage() {
    sed -n '2,/^set/{s/^# \{0,1\}//p}' "$script" >&2
    exit 64
}

while (($# > 0)); do
    case $1 in
        --inside) run_inside "${@:2}" && exit ;;
        --root | --tarball | --mirror) [[ -n ${2-} ]] || usage ;;&
        --root) directory=$(readlink -m -- "$2") && shift ;;
        --tarball) tarball=$(readlink -m -- "$2") && shift ;;
        --mirror) mirror=$2 && shift ;;
        --keep) keep=1 ;;
        --) shift && break ;;
        *) usage ;;
    esac
    shift
done
(($# > 0)) || set -- "${readme_commands[@]}"

((EUID == 0)) || stop "making and entering a root needs root: run this with sudo"
for tool in debootstrap git unshare swift; do
    command -v "$tool" >/dev/null || stop "$tool is needed, and is not on PATH"
done
[[ -z $(git -C "$repository" status --porcelain) ]] || say "what is not committed is left out"

mkdir -p "$repository/.build"
: "${directory:=$(mktemp -d "$repository/.build/fresh-XXXXXX")}"
mkdir -p "$directory"
[[ -z $(ls -A "$directory") ]] || stop "$directory is not empty"

# The namespace, and every mount with it, is gone when this runs.
leave() {
    if ((keep)); then
        say "the root is left at $directory"
    else
        rm -rf --one-file-system "$directory"
    fi
}
trap leave EXIT
trap 'exit 130' INT TERM

make_root
copy_network_settings
copy_repository
toolchain=$(readlink -f -- "$(command -v swift)")
mapfile -t mounts < <(printf '%s\n' "${toolchain%/bin/*}" && package_copies)
unshare --mount --pid --fork --kill-child --propagation private -- \
    "$script" --inside "$directory" "${toolchain%/bin/*}" "${#mounts[@]}" "${mounts[@]}" "$@"
