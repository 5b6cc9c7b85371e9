/** Bash breaks words at = as well, so the line itself is read, and what stands before the last = is not repeated. */
const bash = `# katafarm's completion for bash: source <(katafarm completion bash)
_katafarm() {
  local line=\${COMP_LINE:0:COMP_POINT} current before= found=() one
  local -a words
  read -ra words <<<"$line"
  case $line in *[[:space:]]) words+=('') ;; esac
  current=\${words[\${#words[@]} - 1]}
  mapfile -t found < <("$1" complete -- "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  case \${found[0]-} in
    :files) compopt -o default; return ;;
    :folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "\${current#--*=}"); return ;;
  esac
  case $current in *=*) before=\${current%"\${current##*=}"} ;; esac
  for one in "\${found[@]}"; do
    one=\${one%%$'\\t'*}
    COMPREPLY+=("\${one#"$before"}")
  done
}
complete -F _katafarm katafarm
`;

const zsh = `#compdef katafarm
# katafarm's completion for zsh: source <(katafarm completion zsh), after compinit; or as _katafarm in a folder of fpath
_katafarm() {
  local -a found described
  local one word about
  found=("\${(@f)$("\${(Q)words[1]}" complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  case $found[1] in
    :files) compset -P '--*='; _files; return ;;
    :folders) compset -P '--*='; _files -/; return ;;
  esac
  for one in "\${(@)found}"; do
    [[ -n $one ]] || continue
    word=\${one%%$'\\t'*}
    about=\${\${one#"$word"}#$'\\t'}
    described+=("\${word//:/\\\\:}\${about:+:$about}")
  done
  _describe katafarm described
}
if [[ \${funcstack[1]} == _katafarm ]]; then
  _katafarm "$@"
else
  compdef _katafarm katafarm
fi
`;

const fish = `# katafarm's completion for fish: katafarm completion fish | source
function __katafarm_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    set -l before (string match -r -- '^--[^=]*=' "$current")
    set -l path (string replace -r -- '^--[^=]*=' '' "$current")
    switch "$found[1]"
        case :files
            set found (__fish_complete_path "$path")
        case :folders
            set found (__fish_complete_directories "$path")
        case '*'
            set before ''
    end
    for one in $found
        echo -- "$before$one"
    end
end
complete -c katafarm -f -a '(__katafarm_complete)'
`;

/** What each shell is to load: it asks `katafarm complete` for every word, so nothing in it goes out of date. */
export const completionScripts = { bash, zsh, fish } as const;
