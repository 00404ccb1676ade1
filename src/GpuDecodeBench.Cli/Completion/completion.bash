# bash completion of gpu-decode-bench: what the program suggests, else file names.
_gpu_decode_bench() {
    local line=${COMP_LINE:0:COMP_POINT}
    local text=${line#*[[:space:]]}
    local word=${line##*[[:space:]]}
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "$("$1" "[suggest:${#text}]" "$text" 2>/dev/null)" -- "$word"))
    # bash takes ':' and '=' for ends of words: what stands before the last one is there already.
    if [[ $word == *[:=]* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*[:=]}"}"}")
    fi
    # A value goes on behind a symbol.
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}
complete -o default -F _gpu_decode_bench gpu-decode-bench
