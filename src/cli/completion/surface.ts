/** The words of `rc` besides the cmdlet table, which shells complete too, and what a shell is answered. */

import type { Parameter } from '../../pipeline/parameter.ts';

/** A flag of `rc` itself, understood by every command. */
export interface GlobalFlag {
  /** All its spellings, the long one first: `--output`, `-o`. */
  readonly names: readonly string[];
  readonly help: string;
  /** How help names its value; none: it takes no value. */
  readonly placeholder?: string;
  /** The value may be left out; it then only follows `=`. */
  readonly optional?: boolean;
  readonly values?: readonly string[];
  readonly completes?: 'property' | 'folder';
}

/** A command of `rc` that is no cmdlet. */
export interface CommandWord {
  readonly name: string;
  readonly summary: string;
  /** What its first argument can be. */
  readonly words?: readonly string[];
  readonly flags?: readonly Parameter[];
  /** Its arguments are files. */
  readonly takesFiles?: boolean;
}

export interface Surface {
  readonly commands: readonly CommandWord[];
  readonly globals: readonly GlobalFlag[];
}

export interface Candidate {
  /** The whole word, unquoted. */
  readonly value: string;
  /** One line about it, for shells that show it. */
  readonly about?: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** File names complete it (too). */
  readonly files?: 'files' | 'folders';
  /** More may follow in the same word: no space after it. */
  readonly open?: boolean;
}
