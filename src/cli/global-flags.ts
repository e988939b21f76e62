/** The flags of `rc` itself, for help, completion and the manual; argv.ts reads them. */
import { OUTPUTS } from './output.ts';

/** A flag as help and the manual show it. */
export interface Flag {
  /** `--output, -o`: every spelling, the one to teach first. */
  readonly names: readonly string[];
  /** How help names its value, `COUNT`; none: it takes no value. */
  readonly placeholder?: string;
  /** The value may be left out; it then only follows `=`: `--wait[=TIME]`. */
  readonly optional?: boolean;
  readonly help: string;
}

/** A flag of `rc` itself, understood by every command. */
export interface GlobalFlag extends Flag {
  readonly values?: readonly string[];
  readonly completes?: 'property' | 'folder';
}

export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  {
    names: ['--output', '-o'],
    placeholder: 'FORMAT',
    values: OUTPUTS,
    help: `How results are printed: ${OUTPUTS.join(', ')}. Default: a table or list on a terminal, ndjson into a pipe or file; RC_OUTPUT changes it.`,
  },
  {
    names: ['--select'],
    placeholder: 'NAME[,NAME]',
    completes: 'property',
    help: 'Keeps these properties, wildcards too, as rc select does.',
  },
  {
    names: ['--wait'],
    placeholder: 'TIME',
    optional: true,
    help: 'After a change, returns once the running listener obeys it (--wait=5: seconds; default 10).',
  },
  {
    names: ['--home'],
    placeholder: 'FOLDER',
    completes: 'folder',
    help: 'The folder of the store. Default: $RC_HOME, else $XDG_DATA_HOME/rc, else ~/.local/share/rc.',
  },
  {
    names: ['--quiet', '-q'],
    help: 'After a change, does not say on the terminal what was changed.',
  },
  { names: ['--help', '-h'], help: 'Shows help.' },
  { names: ['--version', '-V'], help: 'Shows the version.' },
];
