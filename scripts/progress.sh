# Long output on stderr in little space. Sourced; says how far things are, keeps everything in a log.
# shellcheck shell=bash

# Between two lines of progress where stderr is not a terminal.
progress_seconds=15

# Reads lines from stdin; keeps them in a file; shows the latest on one line of the terminal, or one now and then.
# $1: what is going on. $2: the log, replaced.
show_progress() {
    local line last=$SECONDS
    : >"$2"
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$2"
        if [[ -t 2 ]]; then
            printf '\r\033[K%.79s' "rkvoice: $1: $line" >&2
        elif ((SECONDS - last >= progress_seconds)); then
            last=$SECONDS
            printf 'rkvoice: %s: %s\n' "$1" "$line" >&2
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}
