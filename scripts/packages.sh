# The Debian packages that rkvoice is built and run with. Sourced by setup.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154  # state is the caller's

# Names of Debian 12 and Ubuntu 22.04; after a bar, what a later release calls the same thing.
debian_packages=(
    g++ pkg-config                                  # C headers, start files, libstdc++ and libgcc for swiftc and clang
    'libcurl4|libcurl4t64' libncurses6 libsqlite3-0 # what SwiftPM and the linker of a Swift toolchain are linked to
    libxml2 tzdata                                  # the same, and Foundation
    git ca-certificates curl                        # fetching Swift packages and models
    libsndfile1-dev libsoxr-dev libespeak-ng-dev    # audio files, sample rates, phonemes
    zlib1g-dev                                      # texts that repeat themselves; HTTP compression of a Swift package
    python3 python3-venv                            # models out of wheels, model preparation
)

# How long to wait for another package manager, such as the unattended upgrades of a machine just started.
apt_patience_seconds=900

# Prints every name in entries of debian_packages, one a line. $@: entries.
names_in() { printf '%s\n' "$@" | tr '|' '\n'; }

# Prints the entries of debian_packages of which no name is installed.
missing_packages() {
    local entry name installed
    local -a names
    mapfile -t names < <(names_in "${debian_packages[@]}")
    # dpkg-query fails when it does not know a name, which is an answer too.
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${names[@]}" 2>/dev/null || true)
    for entry in "${debian_packages[@]}"; do
        for name in ${entry//|/ }; do
            [[ $'\n'$installed$'\n' != *$'\n'"installed $name"$'\n'* ]] || continue 2
        done
        printf '%s\n' "$entry"
    done
}

# Of every entry, prints the first name that apt can install, if any. $@: entries.
installable_names() {
    local entry name known
    local -a names
    mapfile -t names < <(names_in "$@")
    known=$(apt-cache policy "${names[@]}" 2>/dev/null |
        awk '/^[^ ]/ { name = $1 } / Candidate: [^(]/ { print name }')
    for entry in "$@"; do
        for name in ${entry//|/ }; do
            [[ $'\n'$known$'\n' != *$'\n'"$name:"$'\n'* ]] || { printf '%s\n' "$name" && continue 2; }
        done
    done
}

# Installs the packages that are missing, or says how to and exits with 69.
install_packages() {
    local -a missing prefix=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "this is not Debian or Ubuntu: install what these packages hold yourself: ${debian_packages[*]%%|*}"
        touch "$state/packages"
        return
    fi
    mapfile -t missing < <(missing_packages)
    if ((${#missing[@]} > 0)); then
        if ((EUID != 0)); then
            prefix=(sudo)
        fi
        may_install || ask_to_install "${missing[@]%%|*}"
        say "installing Debian packages: ${missing[*]%%|*}"
        install_with_apt "${missing[@]}"
        mapfile -t missing < <(missing_packages)
        ((${#missing[@]} == 0)) || ask_to_install "${missing[@]%%|*}"
    fi
    touch "$state/packages"
}

# As root, or through sudo: without a password, or with one when there is somebody to type it.
may_install() {
    [[ ${RKVOICE_NO_INSTALL:-0} == 0 ]] || return 1
    ((EUID == 0)) || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }; }
}

# $@: names of packages.
ask_to_install() {
    local apt="${prefix[*]:+sudo }apt-get"
    say "these Debian packages are missing. Install them, then run this again:"
    printf '  %s\n' "$apt update && $apt install -y --no-install-recommends $*" >&2
    exit 69
}

# $@: entries of debian_packages. Asks the network for fresh lists only when the present ones do not do.
install_with_apt() {
    local -a names
    mapfile -t names < <(installable_names "$@")
    if ((${#names[@]} == $#)) && apt_get install -y --no-install-recommends "${names[@]}"; then
        return
    fi
    apt_get update || stop 69 "apt-get update failed (see above): check the network and /etc/apt, then run this again"
    mapfile -t names < <(installable_names "$@")
    ((${#names[@]} == $#)) || stop 69 \
        "apt offers only \"${names[*]}\" of \"$*\": add the main section of Debian 12, or Ubuntu 22.04, to its sources"
    apt_get install -y --no-install-recommends "${names[@]}" ||
        stop 69 "apt-get install failed (see above): mend that, then run this again"
}

# Runs apt-get as root and waits while somebody else holds its locks. $@: its arguments.
apt_get() {
    local log=$state/apt.log status deadline=$((SECONDS + apt_patience_seconds))
    local -a settings=(DEBIAN_FRONTEND=noninteractive LC_ALL=C) proxy
    # sudo drops the settings of a proxy.
    mapfile -t proxy < <(env | grep -iE '^(https?|ftp|no)_proxy=')
    while true; do
        status=0
        "${prefix[@]}" env "${settings[@]}" "${proxy[@]}" apt-get "$@" </dev/null 2>&1 |
            show_progress "apt-get $1" "$log" || status=$?
        ((status != 0)) || return 0
        if ! grep -q 'Could not get lock' "$log" || ((SECONDS > deadline)); then
            grep -E '^(E|W): ' "$log" >&2 || tail -20 "$log" >&2
            return "$status"
        fi
        say "another package manager is at work ($(grep -om1 'held by process [^)]*)' "$log")): waiting for it"
        sleep 5
    done
}
