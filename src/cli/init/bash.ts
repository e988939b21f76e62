/**
 * `eval "$(rc init bash)"`: completion, and the cmdlets' names as commands that leave wildcards alone.
 *
 * Bash expands wildcards before a function runs, and in a pipeline each element is expanded in a process of its own, so a
 * `set -f` in front of the line does not reach. Each name is an alias whose words are expanded with the line, left to
 * right and before file names: `${GLOBIGNORE:=*:_rc}` makes every file name ignored from there on (bash manual, "Filename
 * Expansion"), within the very process that expands the element. The function's first act is to take it back, before
 * `rc` runs; what a failed expansion leaves behind (failglob, set -u) goes with the next prompt. In the same way `$true`
 * and `$false`, which are nothing in bash, stand for themselves within our words.
 */
import { promptNames } from './names.ts';

export function bashInit(): string {
  const names = promptNames();
  return `# rc for bash. In ~/.bashrc:  eval "$(rc init bash)"

# GLOBIGNORE as it was: unset. Unsetting it also turns dotglob off; $1 is $BASHOPTS of before.
_rc_globs() {
  unset GLOBIGNORE
  case ":$1:" in *:dotglob:*) shopt -s dotglob ;; esac
}

_rc_words() {
  case \${true-} in '$true') unset true ;; esac
  case \${True-} in '$true') unset True ;; esac
  case \${false-} in '$false') unset false ;; esac
  case \${False-} in '$false') unset False ;; esac
}

# $1 BASHOPTS, $2 GLOBIGNORE, $3 sets $true and $false, $4 the command as typed, $5… the command.
_rc_call() {
  local _rc_options=$1 _rc_ignored=$2 _rc_typed=$4
  shift 4
  _rc_words
  if [ "$_rc_ignored" = '*:_rc' ]; then
    _rc_globs "$_rc_options"
    case ":$_rc_options:" in *:nullglob:*) ;; *) _rc_typed= ;; esac
  fi
  # With nullglob on, or a GLOBIGNORE of the user's own, words may be lost: read what was typed once more.
  case $- in *f*) _rc_typed= ;; esac
  case $_rc_typed in
    *'"\${BASH_COMMAND-}" '*[*?[]*)
      _rc_typed=\${_rc_typed#*'"\${BASH_COMMAND-}" '}
      case $_rc_typed in
        *[\\$\\\`\\<\\>\\(]*)
          printf '%s\\n' 'rc: nullglob or GLOBIGNORE is set, so bash may have changed the names. Put names with * ? [ into quotes.' >&2
          return 2 ;;
      esac
      set -f
      eval "set -- $_rc_typed"
      set +f ;;
  esac
  command rc "$@"
}

_rc_prompt() {
  local _rc_status=$?
  [ "\${GLOBIGNORE-}" = '*:_rc' ] && _rc_globs "$BASHOPTS"
  _rc_words
  return $_rc_status
}

_rc_complete() {
  local reply does line
  COMPREPLY=()
  reply=$(command rc __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null) || return 0
  does=\${reply%%$'\\n'*}
  if [ "$does" != "$reply" ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done <<< "\${reply#*$'\\n'}"
  fi
  case $does in
    *files*) compopt -o default 2>/dev/null ;;
    *folders*) compopt -o dirnames 2>/dev/null ;;
    *open*) compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}

_rc_define() {
  local IFS=' ' name truths='"\${true=\\$true}\${True=\\$true}\${false=\\$false}\${False=\\$false}"'
  for name in \${_rc_names-}; do
    unalias "$name" 2>/dev/null || :
    unset -f "$name"
  done
  _rc_names=
  for name in ${names.join(' ')}; do
    # A command that is there already stays what it is.
    type "$name" >/dev/null 2>&1 && continue
    # A POSIX shell has no functions of such names; the aliases do there.
    [[ -o posix ]] || eval "function $name { command rc $name \\"\\$@\\"; }"
    alias "$name=_rc_call \\"\\\${BASHOPTS-}\\" \\"\\\${GLOBIGNORE:=*:_rc}\\" $truths \\"\\\${BASH_COMMAND-}\\" $name"
    _rc_names+=" $name"
  done
  complete -o nosort -F _rc_complete rc $_rc_names 2>/dev/null || complete -F _rc_complete rc $_rc_names
  case $- in
    *i*)
      case "\${PROMPT_COMMAND-}" in
        *_rc_prompt*) ;;
        *) PROMPT_COMMAND="_rc_prompt\${PROMPT_COMMAND:+; $PROMPT_COMMAND}" ;;
      esac ;;
    # In a script the names work too; a failed expansion would go on without a prompt to mend it.
    *) shopt -q failglob || shopt -s expand_aliases ;;
  esac
}
_rc_define
unset -f _rc_define
`;
}
