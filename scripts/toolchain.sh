# The Swift toolchain, kept from writing anywhere but in .build. Sourced; `root` is the caller's.
# shellcheck shell=bash
# shellcheck disable=SC2154

# Runs swift in the package. The toolchain keeps caches, configuration, locks and temporary files in the user's home and
# in /tmp unless told otherwise; all of it is turned into .build. HOME stays, because git and .netrc need it.
# $@: arguments of swift.
run_swift() {
    local own=$root/.build/swiftpm git=${XDG_CONFIG_HOME:-${HOME:-~}/.config}/git
    mkdir -p "$own/tmp" "$own/config"
    # git has a second place for its settings, which moves with XDG_CONFIG_HOME.
    [[ ! -d $git ]] || ln -sfn "$git" "$own/config/git"
    env -C "$root" TMPDIR="$own/tmp" CLANG_MODULE_CACHE_PATH="$own/clang-modules" \
        XDG_CACHE_HOME="$own/cache" XDG_DATA_HOME="$own/data" XDG_CONFIG_HOME="$own/config" swift "$@"
}

# Runs SwiftPM on the release build, always with the same flags, so that nothing is built twice.
# $1: subcommand. The rest: its options.
swiftpm() {
    local own=$root/.build/swiftpm settings=${HOME:-~}/.swiftpm/configuration
    # Registries and mirrors that the user has set up are honored.
    [[ -d $settings ]] || settings=$own/configuration
    run_swift "$1" --scratch-path .build --cache-path "$own/cache" --config-path "$settings" \
        --security-path "$own/security" -c release "${@:2}"
}

# Prints the path of the library that a built executable needs at run time: it changes when the toolchain does.
swift_runtime() {
    local directory
    directory=$(run_swift -print-target-info | sed -n '/"runtimeLibraryPaths"/{n;s/^[^"]*"\([^"]*\)".*/\1/p;}')
    printf '%s/libswiftCore.so\n' "$directory"
}
