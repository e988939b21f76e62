/** `rc help TOPIC`: what concerns more than one command. */
import type { Section } from './page.ts';

interface Topic {
  readonly summary: string;
  readonly sections: readonly Section[];
}

export const TOPICS: Readonly<Record<string, Topic>> = {
  wildcards: {
    summary: 'Patterns in names, and how to quote them',
    sections: [
      {
        heading: 'Patterns',
        lines: [
          'Names and properties are matched as in PowerShell: the whole text, without regard to case.',
          '',
          '  *        any characters, or none',
          '  ?        one character',
          '  [abc]    one of these',
          '  [a-z]    one of this range',
          '  `        the next character is meant itself: `* `? `[ ``',
          '',
          'There is no negation: ! and ^ in brackets are members like any other.',
          'A connector’s pattern is tried on its name and on SERVER\\Name. A pattern that finds nothing gives nothing; a name without a wildcard must exist.',
        ],
      },
      {
        heading: 'Quoting',
        lines: [
          'A shell puts file names in the place of unquoted patterns that match any, so quote them:',
          '',
          "  rc get 'default*' --select 'Name,MaxInbound*'",
          '',
          'With eval "$(rc init bash)" (or zsh, fish) the cmdlets’ names need no quotes, as in PowerShell:',
          '',
          '  Get-ReceiveConnector default* | Select Name,MaxInbound*',
        ],
      },
    ],
  },
  output: {
    summary: 'Tables, lists and what goes into a pipe',
    sections: [
      {
        heading: 'Where results go',
        lines: [
          'On a terminal rc prints PowerShell’s view: a table, or a list when more than four properties are selected.',
          'Into a pipe or a file it prints NDJSON, one JSON object a line, which jq, grep and the next rc read. --output or RC_OUTPUT decide otherwise:',
          '',
          '  table    columns, cut to the width of the terminal',
          '  list     Name : value, one a line',
          '  grid     a table with lines around its cells',
          '  json     one JSON array',
          '  ndjson   one JSON object a line',
          '  csv      as Export-Csv writes it',
          '  yaml     a list of mappings',
          '',
          'Numbers, yes and no, lists and nothing are native JSON; sizes, time spans and Unlimited are the text that rc set takes: 36 MB (37,748,736 bytes), 00:10:00.',
          'With --output json or ndjson figures stand beside them for programs: MaxMessageSizeBytes, ConnectionTimeoutSeconds, PermissionGroupList:',
          '',
          "  rc get -o ndjson | jq 'select(.MaxMessageSizeBytes > 30000000) | .Name'",
          '',
          'Warnings, errors and What if lines go to stderr. Colours are used on a terminal only; NO_COLOR turns them off, FORCE_COLOR=1 on.',
        ],
      },
      {
        heading: 'Pipelines',
        lines: [
          'A command that takes piped objects reads standard input when no name was given: NDJSON, a JSON array, or names, a line each. rc get reads it only for "-".',
          '',
          '  rc get | rc where MaxInboundConnectionPerSource -lt 50 | rc set --max-inbound-per-source 50',
          '  rc get - < names.txt',
        ],
      },
    ],
  },
  'exit-codes': {
    summary: 'What the exit status says',
    sections: [
      {
        heading: 'Exit status',
        lines: [
          '  0   done',
          '  1   something failed: not found, refused, not written; stderr says what',
          '  2   typed wrong: an unknown flag, a value that cannot be, an ambiguous prefix',
          '',
          'One command is one transaction: after 1 or 2 nothing was changed, unless --error-action Continue (or SilentlyContinue, Ignore) let the other objects be changed all the same.',
          'When the reader of a pipe goes away (| head -1) rc ends quietly with 0.',
        ],
      },
    ],
  },
  environment: {
    summary: 'Variables that rc reads, and its files',
    sections: [
      {
        heading: 'Variables',
        lines: [
          '  RC_HOME         folder of the store; --home wins',
          '  XDG_DATA_HOME   without RC_HOME the folder is $XDG_DATA_HOME/rc,',
          '                  and without both ~/.local/share/rc',
          '  RC_OUTPUT       format of results, as for --output, which wins',
          '  NO_COLOR        no colours, when it is set to anything',
          '  FORCE_COLOR     colours also where there is no terminal; 0: none',
          '  COLUMNS         width of tables and help',
        ],
      },
      {
        heading: 'Files in the folder',
        lines: [
          '  store.json      connectors and settings; readable, may be edited by hand',
          '  history.ndjson  one line for each change: who, when, what',
          '  events.ndjson   events of the listener, such as 1021',
          '  protocol/       protocol logs of connectors with ProtocolLoggingLevel Verbose',
          '  mail/           messages received (a Maildir)',
          '  certificates/   certificates and keys for STARTTLS',
          '  control.sock    the running listener answers here',
        ],
      },
    ],
  },
  language: {
    summary: 'PowerShell’s words: rc -c, scripts, a prompt',
    sections: [
      {
        heading: 'The language',
        lines: [
          'rc -c runs what administrators of Exchange type and keep in scripts, in one process:',
          '',
          "  rc -c 'Get-ReceiveConnector default* | Select Name,MaxInbound*'",
          '  rc -c \'Get-ReceiveConnector | where { $_.Bindings -like "*:25" } | fl Name,RemoteIPRanges\'',
          '  rc -f change.ps1',
          '  rc shell',
          '',
          'The single quotes keep the shell from reading $, {} and | itself.',
          'Every cmdlet is a command of rc too, so pipelines can also be built from processes: rc get | rc where Enabled -eq true. rc -MaxInboundConnection 100 is rc --max-inbound-connection 100, and any unambiguous beginning of a name does.',
          'eval "$(rc init bash)" makes the cmdlets’ names commands of the shell: rc help init.',
        ],
      },
    ],
  },
};
