/**
 * `rc init fish | source`: completion, and the cmdlets' names as functions. Fish has no `noglob`; a wildcard that matches
 * no file is an error before a function runs. So Enter first puts the wildcards of our commands into quotes, where the
 * person sees it; other lines pass untouched. In a fish script wildcards need their quotes.
 */
import { promptNames } from './names.ts';

export function fishInit(): string {
  const names = promptNames();
  return `# rc for fish. In ~/.config/fish/config.fish:  rc init fish | source

function __rc_complete
    set -l current (commandline -ct)
    set -l answer (command rc __complete fish (commandline -opc) "$current" 2>/dev/null)
    switch "$answer[1]"
        case '*files*'
            __fish_complete_path "$current"
        case '*folders*'
            __fish_complete_directories "$current"
        case '*'
            set -e answer[1]
            printf '%s\\n' $answer
    end
end

function __rc_enter
    set -l line (commandline -b | string collect)
    if string match -qr '[*?$]' -- "$line"; and string match -qr -- '(^|[\\s;|&(])('(string join '|' $__rc_names)')\\s' "$line"
        set -l quoted (command rc __quote fish "$line" $__rc_names 2>/dev/null | string collect)
        if test -n "$quoted"; and test "$quoted" != "$line"
            commandline -r -- "$quoted"
        end
    end
    commandline -f execute
end

functions -e $__rc_names
set -g __rc_names
for name in ${names.join(' ')}
    # A command that is there already stays what it is.
    type -q $name; and continue
    eval "function $name; command rc $name \\$argv; end"
    set -a __rc_names $name
    complete -c $name -f -k -a '(__rc_complete)'
end
complete -c rc -f -k -a '(__rc_complete)'
if status is-interactive
    # Enter typed while a command still runs comes as \\n: the terminal is not fish's then.
    for key in \\r \\n
        bind --user $key >/dev/null 2>&1; and continue
        bind $key __rc_enter
        bind -M insert $key __rc_enter
    end
end
`;
}
