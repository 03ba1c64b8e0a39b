/** Each shell asks `floe __complete` for the words that may stand at the cursor: one a line, a tab before what it means. */

const BASH = `_floe() {
  local IFS=$'\\n' line words
  # Words are split at = and :, which belong to ours.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    local cur prev cword
    _get_comp_words_by_ref -n =: cur prev words cword
  else
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
  fi
  COMPREPLY=()
  while read -r line; do COMPREPLY+=("\${line%%$'\\t'*}"); done \\
    < <("\${words[0]}" __complete -- "\${words[@]:1:$cword}" 2>/dev/null)
  if [ "\${COMPREPLY[0]:-}" = ':files' ]; then
    COMPREPLY=($(compgen -f -- "\${words[$cword]}"))
    compopt -o filenames 2>/dev/null
  elif declare -F __ltrim_colon_completions >/dev/null; then
    __ltrim_colon_completions "\${words[$cword]}"
  fi
}
complete -F _floe floe ./floe`;

const ZSH = `#compdef floe
_floe() {
  local -a found
  local line
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then _files; return; fi
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)
  _describe 'floe' found
}
compdef _floe floe`;

const FISH = `function __floe_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found ($words[1] __complete -- $words[2..-1] 2>/dev/null)
  if test "$found[1]" = ':files'
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c floe -f -a '(__floe_complete)'`;

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
