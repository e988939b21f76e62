/**
 * `eval "$(rc init zsh)"`: completion, and the cmdlets' names as functions behind zsh's own `noglob`. `$true` and `$false`
 * stand for themselves within our words: a word in front of them gives them that value, and the function takes it back.
 */
import { promptNames } from './names.ts';

export function zshInit(): string {
  const names = promptNames();
  return `# rc for zsh. In ~/.zshrc, best after compinit:  eval "$(rc init zsh)"

# $1 sets $true and $false, $2… the command.
_rc_call() {
  [[ \${true-} == '$true' ]] && unset true
  [[ \${True-} == '$true' ]] && unset True
  [[ \${false-} == '$false' ]] && unset false
  [[ \${False-} == '$false' ]] && unset False
  shift
  command rc "$@"
}

_rc() {
  if [[ $words[1] == _rc_call ]]; then
    shift 2 words
    (( CURRENT -= 2 ))
  fi
  local -a answer candidates shown lines
  local line value does
  answer=("\${(@f)$(command rc __complete zsh "\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  does=$answer[1]
  for line in "\${(@)answer[2,-1]}"; do
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*}
    candidates+=("$value")
    [[ $line == *$'\\t'* ]] && lines=(-l)
    if [[ $does == *open* ]]; then shown+=("\${value##*,}"); else shown+=("\${line/$'\\t'/  -- }"); fi
  done
  case $does in
    *files*) _files ;;
    *folders*) _files -/ ;;
    *open*) compadd -U -S '' -d shown -a candidates ;;
    *) compadd -U $lines -d shown -a candidates ;;
  esac
}

_rc_register() {
  (( $+functions[compdef] )) || return 0
  compdef _rc rc _rc_call $_rc_names
  if (( $+functions[add-zsh-hook] )); then add-zsh-hook -d precmd _rc_register; fi
}

_rc_define() {
  emulate -L zsh
  zmodload zsh/parameter
  local name truths='"\${true=\\$true}\${True=\\$true}\${false=\\$false}\${False=\\$false}"'
  for name in $_rc_names; do
    unset "functions[$name]" "aliases[$name]"
  done
  typeset -ga _rc_names
  _rc_names=()
  for name in ${names.join(' ')}; do
    # A command that is there already stays what it is.
    (( $+commands[$name] || $+functions[$name] || $+builtins[$name] || $+aliases[$name] )) && continue
    functions[$name]="command rc $name \\"\\$@\\""
    aliases[$name]="noglob _rc_call $truths $name"
    _rc_names+=($name)
  done
  if (( $+functions[compdef] )); then
    _rc_register
  else
    # compinit comes later in ~/.zshrc: look again at the first prompt.
    autoload -Uz add-zsh-hook
    add-zsh-hook precmd _rc_register
  fi
}
_rc_define
unfunction _rc_define
`;
}
