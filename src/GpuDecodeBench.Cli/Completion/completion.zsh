#compdef gpu-decode-bench
# zsh completion of gpu-decode-bench: what the program suggests, else file names.
_gpu_decode_bench() {
    local text=${BUFFER[1,CURSOR]#*[[:space:]]}
    local -a found
    found=(${(f)"$(${words[1]} "[suggest:${#text}]" "$text" 2>/dev/null)"})
    compadd -- $found || _files
}
compdef _gpu_decode_bench gpu-decode-bench
