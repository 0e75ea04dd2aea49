#!/usr/bin/env bash
# rkvoice config in a user's hands: what is in force, where it comes from, and one clear line for every mistake.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
unset CONFIG RKVOICE_PROFILE OVS_API_KEYS SPEECH_MODE NO_COLOR
in=$area/in
mkdir -p "$in/profiles"
config=("$RKVOICE" config)

# Whether the last output has a line that matches $1 (an extended regular expression).
shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\""; }

echo "- layers: each value says where it comes from"
kitchen=$in/profiles/kitchen.yaml
printf 'server:\n  port: 9000\n  api_keys: [hunter2, correct-horse]\nlimits:\n  queue_seconds: 500ms\n' >"$kitchen"
works env RKVOICE_PROFILE="$kitchen" VAD_ENDPOINT_SILENCE_MS=400 "${config[@]}" --port 9001
shows '^server\.port +9001 +--port$'
shows '^limits\.queue_seconds +0\.5s +.*/profiles/kitchen\.yaml:5$'
shows '^asr\.vad_silence_ms +400ms +environment VAD_ENDPOINT_SILENCE_MS$'
shows '^limits\.body_bytes +32MiB +default$'

echo "- keys are counted, never shown"
shows '^server\.api_keys +\*\*\* \(2\)'
! grep -qE 'hunter2|correct-horse' "$area/stdout" "$area/stderr" || fail "no key is shown"
! grep -q $'\x1b' "$area/stdout" || fail "no colors in a pipe"

echo "- a profile by its name; JSON"
(cd "$in" && CONFIG=kitchen "${config[@]}" --json) >"$area/stdout"
python3 - "$area/stdout" <<'PYTHON' || fail "the JSON says the same"
import json
import sys

report = json.load(open(sys.argv[1]))
rows = {row["key"]: row for row in report["settings"]}
assert report["profile"] == "profiles/kitchen.yaml" and report["warnings"] == [], report
assert rows["server.port"]["value"] == 9000
assert rows["server.port"]["origin"] == {"from": "profile", "file": "profiles/kitchen.yaml", "line": 2}
assert rows["server.api_keys"]["value"] == "***" and rows["server.api_keys"]["count"] == 2
assert rows["limits.queue_seconds"]["value"] == 0.5 and rows["limits.queue_seconds"]["unit"] == "seconds"
assert "hunter2" not in open(sys.argv[1]).read()
PYTHON

echo "- the example: the one in the repository, and fine as it is"
works "${config[@]}" --example
cmp -s "$area/stdout" "$source_root/profiles/example.yaml" || fail "the example is profiles/example.yaml"
works "${config[@]}" --check "$source_root/profiles/example.yaml"
shows 'example\.yaml: valid, 0 settings$'

echo "- mistakes: one line, with the place and what is right"
printf 'server:\n  prot: 1\n' >"$in/slip.yaml"
refuses 65 'slip\.yaml:2: unknown setting "server\.prot"; did you mean server\.port\?' \
    "${config[@]}" --check "$in/slip.yaml"
printf 'tts:\n  lexicon: %s\n' "$in/words.txt" >"$in/words.yaml"
printf 'SQL = sequel\nno sign here\n' >"$in/words.txt"
refuses 65 'words\.txt:2: there is no =' "${config[@]}" --check "$in/words.yaml"
printf 'limits:\n  streams: 1\n  streams: 2\n' >"$in/twice.yaml"
refuses 65 'twice\.yaml:2: streams is given twice' env CONFIG="$in/twice.yaml" "${config[@]}"
python3 -c 'print("["*500000)' >"$in/deep.yaml"
refuses 65 'deep\.yaml:1: is no YAML' "${config[@]}" --profile "$in/deep.yaml"
mkfifo "$in/pipe.yaml"
limit=20 refuses 74 'is no regular file' "${config[@]}" --profile "$in/pipe.yaml"
refuses 66 'no profile "kitchne"' "${config[@]}" --profile kitchne
refuses 64 '--port: server\.port: "99999" is not a whole number from 0 to 65535' \
    "${config[@]}" --port 99999
refuses 64 '--set: unknown setting "limits\.stream"; did you mean limits\.streams\?' \
    "${config[@]}" --set limits.stream=1
refuses 64 'environment SPEECH_MODE: mode: "wild" is not one of' env SPEECH_MODE=wild "${config[@]}"
refuses 64 '--json, --example and --check exclude each other' "${config[@]}" --json --example
refuses 64 'environment RKVOICE_THREADS: .*"many"' env RKVOICE_THREADS=many "$RKVOICE" say -q -o x.wav Hello
refuses 64 'environment RKVOICE_OFFLINE: .*"maybe"' env RKVOICE_OFFLINE=maybe "$RKVOICE" models list

echo "- beyond this machine: a key, or an explicit word and a loud warning"
refuses 64 'can be reached from other machines and no API key is set' "${config[@]}" --host 0.0.0.0
warns 'INSECURE: everybody' "${config[@]}" --host 0.0.0.0 --insecure
works env OVS_API_KEYS=k "${config[@]}" --host 0.0.0.0
refuses 64 'TLS takes both or none' "${config[@]}" --tls-cert a.pem

echo "- slips in the environment, and names that do nothing"
warns 'RKVOICE_THREDS is no setting; did you mean RKVOICE_THREADS\?' env RKVOICE_THREDS=2 "${config[@]}"
works env ASR_TOP_K=1 "${config[@]}" --all
shows '^ASR_TOP_K: accepted, not applied: without meaning in this version$'

echo "- a model that is not in this version is told"
warns 'asr\.backend: the family Qwen3-ASR \(qwen3_asr_rk\) is not in this version; available: whisper' \
    env ASR_BACKEND=qwen3_asr_rk TTS_BACKEND=piper "${config[@]}"
echo "the configuration says what is so"
