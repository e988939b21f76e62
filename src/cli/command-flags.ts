/**
 * The flags of a command that is no cmdlet (serve, top, init), read as a cmdlet's are: prefixes, `--flag=value`,
 * did-you-mean. Flags of `rc` itself may stand before the command, before its own flags or among them; the last one wins.
 */
import { bindArguments, type RawArguments } from '../pipeline/binder.ts';
import type { Cmdlet, Invocation } from '../pipeline/cmdlet.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { type GlobalFlags, leadingFlags, parseArguments } from './argv.ts';
import type { CommandCall } from './commands.ts';

export interface CommandFlags<P extends Parameter> {
  /** The command's own. */
  readonly own: Invocation<P>;
  /** Flags of `rc` itself, wherever they stood. */
  readonly flags: GlobalFlags;
  /** Arguments without a flag that no parameter takes by position. */
  readonly words: readonly string[];
}

/**
 * @param name the command as typed behind `rc`
 * @param refuse says what is wrong with words that no parameter takes; without it they are the caller's to judge
 * @throws CmdletError (usage)
 */
export function readFlags<P extends Parameter>(
  name: string,
  parameters: readonly P[],
  { tokens, flags }: Pick<CommandCall, 'tokens' | 'flags'>,
  refuse?: (word: string) => Error,
): CommandFlags<P> {
  const command: Cmdlet & { readonly parameters: readonly P[] } = {
    name: `rc ${name}`,
    short: name,
    group: 'server',
    summary: '',
    parameters,
    examples: [],
    async *run() {},
  };
  const among: GlobalFlags = {};
  const { rest, flags: leading } = leadingFlags(tokens);
  const raw = parseArguments(command, rest, among);
  const byPosition = parameters.some((parameter) => parameter.position !== undefined);
  const words = byPosition ? [] : raw.positional.map(String);
  if (words.length && refuse) throw refuse(words[0]!);
  const named: RawArguments = byPosition ? raw : { ...raw, positional: [] };
  return { own: bindArguments(command, named, 'flags'), flags: { ...flags, ...leading, ...among }, words };
}
