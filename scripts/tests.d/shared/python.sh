# A Python with the packages that a test wants. Sourced by scripts that have $RKVOICE.
# shellcheck shell=bash
: "${RKVOICE:?is the launcher, as scripts/test.sh sets it}"

# Sets $python to one with the packages of $1, a file of pinned requirements; the rest: options of pip. It is kept in
# .build for the next script and the next run. Skips the script, with the reason, when pip cannot install them.
# shellcheck disable=SC2034  # for those who source this
python_with() {
    local key folder log lock
    key=$({ python3 --version && cat "$1" && printf '%s' "${@:2}"; } | sha256sum)
    folder=$(dirname -- "$(readlink -f -- "$RKVOICE")")/.build/python/${key:0:16}
    python=$folder/bin/python
    [[ ! -e $folder/complete ]] || return 0
    # Scripts run side by side, and two may want the same.
    mkdir -p "${folder%/*}"
    exec {lock}>"$folder.lock"
    flock "$lock"
    if [[ -e $folder/complete ]]; then
        exec {lock}>&-
        return 0
    fi
    rm -rf "$folder"
    log=$(mktemp)
    if python3 -m venv "$folder" >"$log" 2>&1 &&
        "$folder/bin/pip" --quiet --disable-pip-version-check install --requirement "$@" >>"$log" 2>&1; then
        touch "$folder/complete"
        rm "$log"
        exec {lock}>&-
    else
        grep -vE '^\s*$' "$log" | tail -3
        printf 'not seen: anything, because pip cannot install %s\n' "${1##*/}"
        rm -rf "$folder" "$log"
        exit 77
    fi
}
