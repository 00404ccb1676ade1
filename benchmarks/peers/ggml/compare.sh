#!/usr/bin/env bash
# Measures our CPU kernels and ggml's on the same shapes in the same minutes, one pair of items after the other, and prints
# one table. Run ./build.sh first.
#
#   ./compare.sh [FILE]      gathers into FILE (build/comparison.jsonl) and prints the table
#
# ROUNDS (3) is how often each pair is measured, TURNS (5) the turns of each measurement, THREADS (all processors) the threads
# of both programs, ONLY a regular expression that a pair must match, as in ONLY='^int4 .*14336 4096 1$'.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
file="${1:-$here/build/comparison.jsonl}"
rounds="${ROUNDS:-3}" turns="${TURNS:-5}" threads="${THREADS:-$(nproc)}" only="${ONLY:-.}"
project="$root/benchmarks/GpuDecodeBench.Benchmarks"
ours=(dotnet "$project/bin/Release/net10.0/GpuDecodeBench.Benchmarks.dll" cold)
peer=("$here/build/ggml_cold")
[ -x "${peer[0]}" ] || { echo "run $here/build.sh first" >&2; exit 2; }
dotnet build -c Release -v quiet --nologo -clp:ErrorsOnly "$project" >&2

pipes="$(mktemp -d)"
trap 'rm -rf "$pipes"' EXIT
mkfifo "$pipes/ours.in" "$pipes/ours.out" "$pipes/peer.in" "$pipes/peer.out"
"${ours[@]}" --serve --threads "$threads" <"$pipes/ours.in" >"$pipes/ours.out" &
exec 3>"$pipes/ours.in" 4<"$pipes/ours.out"
# Each program measures its ceilings as it starts, and then says {}: one waits for the other.
read -r _ <&4 || { echo "our program did not start" >&2; exit 1; }
# Neither program may hold the other's pipe open: it would never see the end of its own input.
"${peer[@]}" --serve --threads "$threads" <"$pipes/peer.in" >"$pipes/peer.out" 3>&- 4<&- &
exec 5>"$pipes/peer.in" 6<"$pipes/peer.out"
read -r _ <&6 || { echo "the peer did not start" >&2; exit 1; }

# One question to each program, never both at once. A peer without such a layout answers {}: then false.
ask_both() {
    local round answer
    for ((round = 0; round < rounds; round++)); do
        echo "$1 $turns" >&3
        read -r answer <&4 || { echo "our program ended" >&2; exit 1; }
        local own="$answer"
        echo "$2 $turns" >&5
        read -r answer <&6 || { echo "the peer ended" >&2; exit 1; }
        [ "$answer" != "{}" ] || return 1
        printf '%s\n%s\n' "$own" "$answer" >>"$file"
    done
    printf '.' >&2
}

refused=" "

# Either program's threads wait for each other: beside other work they lose whole time slices, and the figures mean little.
echo "load average at the start: $(cut -d' ' -f1-3 /proc/loadavg)" >&2
: >"$file"
for pair in fp16:f16:plain bf16:bf16:plain int8:q8_0:plain int8:q8_0:repack int4:q4_0:plain int4:q4_0:repack \
    int4:q4_K:plain int4:q4_K:repack mxfp4:mxfp4:plain mxfp4:mxfp4:repack nvfp4:nvfp4:plain; do
    IFS=: read -r own type layout <<<"$pair"
    for shape in "14336 4096" "4096 14336"; do
        for batch in 1 4 16 64; do
            [[ "$own $type $layout $shape $batch" =~ $only && "$refused" != *" $type $layout "* ]] || continue
            ask_both "matmul $own $shape $batch" "matmul $type $layout $shape $batch" || refused+="$type $layout "
        done
    done
done
for pair in fp16:f16 bf16:bf16 int8:q8_0; do
    IFS=: read -r own type <<<"$pair"
    for context in 4096 8192 32768; do
        [[ "$own $type attention $context" =~ $only ]] || continue
        ask_both "attention $own $context" "attention $type $context" || echo "no attention over $type" >&2
    done
done
exec 3>&- 4<&- 5>&- 6<&-
wait
echo >&2
echo "load average at the end: $(cut -d' ' -f1-3 /proc/loadavg) (of which the programs' own threads are $threads)" >&2
"${ours[@]}" --compare "$file"
