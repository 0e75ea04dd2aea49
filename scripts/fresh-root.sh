# The parts of fresh.sh: making a root, and running commands in it. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2154  # directory, tarball, mirror, suite and repository are the caller's

# Inside the root: the home of its only user, and the clone in it.
home=/root
clone=$home/rkvoice

say() { printf 'fresh: %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 69
}

make_root() {
    local started=$SECONDS log=$repository/.build/debootstrap.log
    if [[ -f $tarball ]]; then
        tar -C "$directory" -xf "$tarball"
    else
        # shellcheck disable=SC2016  # apt's own variable; empty on a machine of another suite
        [[ -n $mirror ]] ||
            mirror=$(apt-get indextargets --format '$(SITE)' "Codename: $suite" | awk 'NR == 1')
        debootstrap --variant=minbase "$suite" "$directory" ${mirror:+"$mirror"} >"$log" 2>&1 ||
            stop "debootstrap failed, see $log: $(tail -1 "$log")"
        [[ -z $tarball ]] || tar -C "$directory" -cf "$tarball" .
    fi
    say "a bare root of $suite in $((SECONDS - started)) s"
}

# $1: a file or directory, copied to the same path if it is there.
copy_in() {
    [[ -e $1 ]] || return 0
    mkdir -p "$directory${1%/*}"
    cp -RLT --preserve=mode "$1" "$directory$1"
}

# The way to the network is the machine's, not the product's.
copy_network_settings() {
    local path
    for path in /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates \
        /etc/pip.conf /etc/apt/auth.conf.d; do
        copy_in "$path"
    done
    [[ ! -f $HOME/.config/pip/pip.conf ]] ||
        install -D -m 600 "$HOME/.config/pip/pip.conf" "$directory$home/.config/pip/pip.conf"
    apt-config dump | grep -E '^Acquire::(https?|Retries|Check-|Allow)' >"$directory/etc/apt/apt.conf.d/99host" || true
}

# Settings of the network in the environment, as NAME=VALUE. Nothing else of the environment enters the root.
network_environment() {
    local names='PIP_[A-Z_]+|[A-Z_]*CA_?(BUNDLE|INFO|CERTS)[A-Z_]*|SSL_CERT_(FILE|DIR)|[a-zA-Z]+_(proxy|PROXY)'
    env | grep -E "^($names)=" || true
}

# Local directories that git uses instead of the network.
package_copies() {
    git config --get-regexp '^url\..*\.insteadof$' | sed -E 's/^url\.(.*)\.insteadof .*/\1/' | sort -u |
        while read -r path; do
            [[ ! -d $path ]] || readlink -f -- "$path"
        done
}

copy_repository() {
    local key value
    git clone --quiet --no-local "$repository" "$directory$clone"
    git config --get-regexp '^url\..*\.insteadof$' | while read -r key value; do
        git config --file "$directory/etc/gitconfig" --add "$key" "$value"
    done || true
    # The mounted copies may belong to another user.
    git config --file "$directory/etc/gitconfig" safe.directory '*'
}

# $1: a directory, mounted read-only at the same path of the root.
mount_read_only() {
    mkdir -p "$directory$1"
    mount --bind "$1" "$directory$1"
    mount -o remount,bind,ro "$directory$1"
}

# Runs in the namespace. $1: the root. $2: the toolchain. $3: how many mounts follow, then they, then the commands.
run_inside() {
    directory=$1
    local toolchain=$2 count=$3 path command number=0 failed=0 started
    for path in "${@:4:count}"; do
        mount_read_only "$path"
    done
    mount -t proc proc "$directory/proc"
    mount -t tmpfs tmpfs "$directory/dev/shm"
    mkdir -p "$directory/dev/pts"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$directory/dev/pts"
    ln -sf pts/ptmx "$directory/dev/ptmx"
    touch "$directory/var/before"
    for command in "${@:4+count}"; do
        started=$SECONDS
        printf '$ %s\n' "$command"
        # Not counted inside the pipeline, whose parts are processes of their own.
        number=$((number + 1))
        in_root "$toolchain" "$command" 2>&1 | tee "$directory/var/output-$number" || failed=1
        printf 'fresh: %s s: %s\n' "$((SECONDS - started))" "$command"
        ((failed == 0)) || stop "that command failed"
    done
    expect_fox "$directory/var/output-1" "${@:4+count:1}"
    expect_tidy
}

# $1: the toolchain. $2: a line of shell.
in_root() {
    local -a network
    mapfile -t network < <(network_environment)
    env -i "${network[@]}" HOME=$home LANG=C.UTF-8 PATH="$1/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        chroot "$directory" /bin/bash -c "cd $clone && $2" </dev/null
}

# What was said has to be what was heard. $1: the output. $2: the command.
expect_fox() {
    [[ $2 != *"quick brown fox"* ]] || grep -qi 'quick brown fox jumps over the lazy dog' "$1" ||
        stop "the transcript is not the sentence that was spoken"
}

# Outside the clone and RKVOICE_HOME, nothing may be left in the home or among the temporary files.
expect_tidy() {
    local strays
    strays=$(cd "$directory" && find ".$home" ./tmp ./var/tmp -newer var/before ! -type d \
        ! -path ".$clone/*" ! -path ".$home/.local/share/rkvoice/*")
    [[ -z $strays ]] || stop "files written outside RKVOICE_HOME and .build: ${strays//$'\n'/, }"
    say "nothing was written outside RKVOICE_HOME, the clone and Debian's database"
}
