/** What a command of `rc` is that is no cmdlet. */
import type { Example } from '../pipeline/cmdlet.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import type { GlobalFlags } from './argv.ts';
import type { Runtime } from './runtime.ts';

export interface CommandCall {
  readonly tokens: readonly string[];
  readonly flags: GlobalFlags;
  readonly runtime: Runtime;
  /** `rc` was typed alone. */
  readonly bare: boolean;
}

/** A command as help, the manual and completion know it. */
export interface CommandInfo {
  readonly summary: string;
  /** What stands after the name in a usage line: `[topic]`. */
  readonly usage?: string;
  /** More about it, a paragraph an element. */
  readonly description?: readonly string[];
  readonly flags?: readonly Parameter[];
  readonly examples?: readonly Example[];
  /** What its first argument can be, for completion. */
  readonly words?: readonly string[];
}

/** A command that runs by itself, from a file of its own. */
export interface Command extends CommandInfo {
  run(call: CommandCall): Promise<number>;
}

/** `rc serve --help` is `rc help serve`. */
export function isHelpFlag(token: string): boolean {
  return token === '--help' || token === '-h' || token === '-?';
}
