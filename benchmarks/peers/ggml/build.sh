#!/usr/bin/env bash
# Builds ggml_cold against a checkout of ggml:
#
#   ./build.sh [path of a ggml checkout]
#
# Without a path it clones ggml from GitHub into build/. The program lands in build/ggml_cold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# The commit that the comparison was written for; GGML_COMMIT=master takes the newest.
commit="${GGML_COMMIT:-d99724f2b141fed9e1a9f402213506c081433465}"
mkdir -p build
if [ $# -ge 1 ]; then
    source="$(cd "$1" && pwd)"
else
    source="$PWD/build/ggml"
    [ -d "$source/.git" ] || git clone https://github.com/ggml-org/ggml "$source"
    git -C "$source" checkout --quiet "$commit"
fi

# As llama.cpp builds it: everything for this very processor, with the products that llamafile gave and repacked layouts.
# ggml's own pool of threads in place of OpenMP's: it lasts from one graph to the next and can be put to sleep.
cmake -S "$source" -B build/ggml-build -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="-O3 -DNDEBUG" \
    -DCMAKE_CXX_FLAGS_RELEASE="-O3 -DNDEBUG" -DGGML_NATIVE=ON -DGGML_LLAMAFILE=ON -DGGML_CPU_REPACK=ON \
    -DGGML_OPENMP=OFF -DBUILD_SHARED_LIBS=OFF -DGGML_BUILD_TESTS=OFF -DGGML_BUILD_EXAMPLES=OFF
cmake --build build/ggml-build --parallel "$(nproc)"

libraries=()
for name in ggml ggml-cpu ggml-base; do
    libraries+=("$(find build/ggml-build -name "lib$name.a" | head -n 1)")
done
"${CXX:-c++}" -std=c++17 -O3 -march=native -Wall -Wextra -Werror -I "$source/include" ggml_cold.cpp \
    "${libraries[@]}" -pthread -ldl -o build/ggml_cold
echo "built $PWD/build/ggml_cold"
