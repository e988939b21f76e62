/** What is compiled together. */
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import type { SyntaxProblem } from '../parser/syntax-error.ts';

/** The text, the functions that it may call, and what is wrong with it. */
export interface Unit {
  readonly text: string;
  /** The full name of the file that it stands in. */
  readonly file?: string | undefined;
  /** Is there, or will there be, a function of this name (in lower case)? */
  isFunction(name: string): boolean;
  /** The cmdlet of a name or alias; at the prompt also of a short word: `set`. */
  cmdletNamed(name: string): Cmdlet | undefined;
  /** The command that an alias of the text, or one that was set before it, stands for; by its name in lower case. */
  aliasOf(name: string): string | undefined;
  readonly problems: SyntaxProblem[];
}
