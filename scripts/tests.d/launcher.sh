#!/usr/bin/env bash
# The launcher in all its situations, with stand-ins for the compiler and the package manager: it has to build when
# something changed and only then, wait for another one, resume, and say what to do when it cannot go on.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# Not in a home: the scenarios of another user have to get there.
area=$(TMPDIR=/tmp mktemp -d)
trap 'rm -rf "$area"' EXIT
export STAND_IN=$area/stand-in HOME="$area/home of somebody"
unset RKVOICE_HOME RKVOICE_NO_INSTALL XDG_CONFIG_HOME
clone="$area/a clone"
packages="g++ pkg-config libcurl4t64 libncurses6 libsqlite3-0 libxml2 tzdata git ca-certificates curl
    libsndfile1-dev libsoxr-dev libespeak-ng-dev zlib1g-dev python3 python3-venv"
mkdir -p "$STAND_IN/bin" "$HOME" "$clone"/{scripts,Sources/A,ModelPrep}
cp "$source_root/rkvoice" "$clone"
cp "$source_root"/scripts/*.sh "$clone/scripts"
cp "$source_root/scripts/tests.d/stand-ins/stand-in.sh" "$STAND_IN/bin/swift"
chmod +x "$STAND_IN/bin/swift"
for name in dpkg-query apt-cache apt-get sudo; do
    ln -s swift "$STAND_IN/bin/$name"
done
touch "$STAND_IN/libswiftCore.so" "$clone/Package.swift" "$clone/Sources/A/a.swift" "$clone/Sources/A/b.swift"
PATH=$STAND_IN/bin:$PATH

# Back to: everything installed, Swift 6.1, nothing built. Says what follows.
scenario() {
    echo "- $1"
    rm -rf "$clone/.build" "$STAND_IN"/{stale,locked,hold,broken}
    tr -s ' \n' '\n' <<<"$packages" >"$STAND_IN/installed"
    echo 6.1.2 >"$STAND_IN/swift-version"
    : >"$STAND_IN/calls"
}

# Runs the launcher. Leaves stdout, stderr and the exit code in $area/out, $area/err and $code.
launch() {
    code=0
    "${launcher:-$clone/rkvoice}" "$@" >"$area/out" 2>"$area/err" || code=$?
}

fail() {
    echo "  not so: $1"
    sed 's/^/  | /' "$area/out" "$area/err" "$STAND_IN/calls"
    exit 1
}

expect_code() { [[ $code == "$1" ]] || fail "exit code $1 (it is $code)"; }
expect_said() { grep -qF -- "$1" "$area/err" || fail "stderr says \"$1\""; }
expect_calls() { [[ $(grep -c -- "$2" "$STAND_IN/calls") == "$1" ]] || fail "$1 calls of \"$2\""; }

scenario "the first run builds both executables and the simulators, the second starts at once"
launch say "two words" ''
expect_code 0
expect_calls 4 '^swift build '
[[ $(<"$area/out") == "home=$HOME/.local/share/rkvoice"$'\n''say'$'\n''two words' ]] || fail "arguments arrive as given"
[[ -z $(ls -A "$HOME") ]] || fail "nothing is written in the home"
: >"$STAND_IN/calls"
launch --version
expect_code 0
[[ ! -s $STAND_IN/calls && ! -s $area/err ]] || fail "nothing is called and nothing is said"

echo "- a change, a removal and another toolchain are built; a cache of Python is not a change"
# shellcheck disable=SC2016  # expanded by eval
for change in 'echo x >>Sources/A/a.swift' 'rm Sources/A/b.swift' 'touch -d 2001-01-01 Package.swift' \
    'echo new >"$STAND_IN/libswiftCore.so"'; do
    : >"$STAND_IN/calls"
    (cd "$clone" && eval "$change")
    launch
    expect_calls 4 '^swift build '
done
: >"$STAND_IN/calls"
mkdir "$clone/ModelPrep/__pycache__"
touch "$clone/ModelPrep/__pycache__/a.pyc"
launch
expect_calls 0 swift

echo "- it works through a link, from elsewhere, and with a relative RKVOICE_HOME"
ln -s "$clone/rkvoice" "$area/link"
launcher=$area/link launch
expect_code 0
(cd "$area" && RKVOICE_HOME=models "$area/link") | grep -qx "home=$area/models" || fail "RKVOICE_HOME is absolute"

echo "- a directory that was moved is built again"
mv "$clone" "$area/moved clone"
clone="$area/moved clone"
launch
expect_calls 4 '^swift build '
expect_said "building again"

scenario "a build that fails shows the error, and is built the next time"
touch "$STAND_IN/broken"
launch
expect_code 70
expect_said "error: cannot find 'a' in scope"
[[ ! -s $area/out ]] || fail "stdout is empty"
rm "$STAND_IN/broken"
launch
expect_code 0

scenario "no Swift, or one that is too old"
echo 5.10.1 >"$STAND_IN/swift-version"
launch
expect_code 69
expect_said "Swift 6.1 or newer is needed; this is 5.10.1"

scenario "two at once: the second waits and builds nothing"
mkfifo "$STAND_IN/hold"
: >"$area/second-err"
"$clone/rkvoice" first >"$area/first" 2>&1 &
first=$!
read -r _ <"$STAND_IN/hold"
"$clone/rkvoice" second >"$area/second" 2>"$area/second-err" &
second=$!
until grep -q "waiting for it" "$area/second-err"; do read -rt 0.05 _ <> <(:) || true; done
echo go >"$STAND_IN/hold"
for _ in second third fourth; do
    read -r _ <"$STAND_IN/hold"
    echo go >"$STAND_IN/hold"
done
{ wait "$first" && wait "$second"; } || fail "both end well"
grep -qx second "$area/second" || fail "the second runs the executable"
expect_calls 4 '^swift build '

scenario "killed in the middle of the build, the next run builds"
mkfifo "$STAND_IN/hold"
"$clone/rkvoice" >"$area/out" 2>"$area/err" &
read -r _ <"$STAND_IN/hold"
kill -KILL $!
wait $! 2>/dev/null || true
echo go >"$STAND_IN/hold"
rm "$STAND_IN/hold"
launch
expect_code 0
[[ -f $clone/.build/rkvoice/built ]] || fail "the build is recorded"

scenario "where it may not install, it prints the command"
sed -i '/libsoxr-dev/d;/libcurl4t64/d' "$STAND_IN/installed"
RKVOICE_NO_INSTALL=1 launch
expect_code 69
expect_said "apt-get update && "
expect_said "apt-get install -y --no-install-recommends libcurl4 libsoxr-dev"
expect_calls 0 '^apt-get '

scenario "what is missing is installed, and nothing else"
sed -i '/libsoxr-dev/d' "$STAND_IN/installed"
launch
expect_code 0
expect_calls 1 '^apt-get install -y --no-install-recommends libsoxr-dev$'
expect_calls 0 '^apt-get update'

scenario "old package lists are refreshed; a lock of another package manager is waited for"
sed -i '/libsoxr-dev/d' "$STAND_IN/installed"
touch "$STAND_IN/stale" "$STAND_IN/locked"
launch
expect_code 0
expect_said "another package manager is at work (held by process 1 (apt-get))"
expect_calls 1 '^apt-get update'

if ((EUID == 0)); then
    scenario "without root, through sudo"
    sed -i '/git/d' "$STAND_IN/installed"
    chmod 755 "$area"
    chown -R nobody "$area"
    code=0
    setpriv --reuid=nobody --clear-groups -- "$clone/rkvoice" >"$area/out" 2>"$area/err" || code=$?
    expect_code 0
    expect_calls 1 '^sudo env .*apt-get install -y --no-install-recommends git$'

    scenario "where .build cannot be written"
    chown root "$clone"
    chmod 755 "$clone"
    code=0
    setpriv --reuid=nobody --clear-groups -- "$clone/rkvoice" >"$area/out" 2>"$area/err" || code=$?
    expect_code 73
    expect_said "cannot write"
else
    echo "- not seen: sudo and a .build that cannot be written, because they need root to begin with"
fi
echo "the launcher did what it should in every situation"
