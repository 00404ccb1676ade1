# fish completion of gpu-decode-bench: what the program suggests, and file names.
function __gpu_decode_bench_suggest
    set -l text (string replace -r '^\s*\S+\s' '' -- (commandline -cp))
    gpu-decode-bench "[suggest:"(string length -- "$text")"]" "$text" 2>/dev/null
end
complete -c gpu-decode-bench -a '(__gpu_decode_bench_suggest)'
