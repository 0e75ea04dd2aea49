#!/usr/bin/env bash
# Makes tone.webm, tone.m4a, tone.aac, video.webm and mute.webm here: half a second of 440 Hz at half of full scale, and
# the same beside and without a picture. Needs ffmpeg (made with 5.1).
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
tone=(-f lavfi -i "sine=frequency=440:sample_rate=48000:duration=0.5,volume=4")
picture=(-f lavfi -i "color=size=16x16:rate=10:duration=0.5")
make=(ffmpeg -y -loglevel error -bitexact)
"${make[@]}" "${tone[@]}" -c:a libopus -b:a 32k tone.webm
"${make[@]}" "${tone[@]}" -c:a aac -b:a 48k tone.m4a
"${make[@]}" "${tone[@]}" -c:a aac -b:a 48k -f adts tone.aac
"${make[@]}" "${tone[@]}" "${picture[@]}" -c:a libopus -b:a 32k -c:v libvpx video.webm
"${make[@]}" "${picture[@]}" -c:v libvpx mute.webm
