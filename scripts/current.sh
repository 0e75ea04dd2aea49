# Whether the Debian packages and the build are up to date: the only part of the launcher that runs every time.
# Together these start two short processes and write nothing. Sourced; `root`, `state` and `binary` are the caller's.
# shellcheck shell=bash
# shellcheck disable=SC2154

# One line that changes when anything the executables are made of does: the place of this directory, the sources, and
# the Swift runtime they are linked to. Names, sizes and times are enough, and are read in a few milliseconds.
# $1: path of the Swift runtime library.
fingerprint() {
    {
        printf '%s\n' "$root"
        # A file that disappears while find runs changes the line, which is all that is needed.
        find "$1" "$root/Package.swift" "$root/scripts/toolchain.sh" "$root/Sources" "$root/ModelPrep" \
            "$root/Simulator" \
            -name __pycache__ -prune -o \( -type f -o -type l \) -printf '%p %s %T@\n' || true
    } 2>/dev/null | cksum
}

build_is_current() {
    local runtime recorded
    [[ -x $binary && -x $binary-espeak && -f $state/built ]] || return 1
    { read -r runtime && read -r recorded; } <"$state/built" || return 1
    [[ -f $runtime && $(fingerprint "$runtime") == "$recorded" ]]
}

# The packages were all there the last time, and Debian's database has not changed since.
packages_are_current() {
    [[ -f $state/packages && ! /var/lib/dpkg/status -nt $state/packages ]]
}
