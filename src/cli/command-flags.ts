/**
 * The flags of a command that is no cmdlet (serve, top, init), read as a cmdlet's are: prefixes, `--flag=value`,
 * did-you-mean. Flags of `rc` itself may stand before the command, before its own flags or among them; the last one wins.
 */
import { type Arguments, bindArguments, type RawArguments } from '../pipeline/arguments.ts';
import type { Cmdlet, Parameter } from '../pipeline/cmdlet.ts';
import { type GlobalFlags, leadingFlags, parseArguments } from './argv.ts';
import type { CommandCall } from './commands.ts';

export interface CommandFlags {
  /** The command's own. */
  readonly args: Arguments;
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
export function readFlags(
  name: string,
  parameters: readonly Parameter[],
  { tokens, flags }: Pick<CommandCall, 'tokens' | 'flags'>,
  refuse?: (word: string) => Error,
): CommandFlags {
  const command: Cmdlet = {
    name: `rc ${name}`,
    short: name,
    group: 'server',
    summary: '',
    parameters,
    examples: [],
    async *run() {},
  };
  const own: GlobalFlags = {};
  const { rest, flags: leading } = leadingFlags(tokens);
  const raw = parseArguments(command, rest, own);
  const byPosition = parameters.some((parameter) => parameter.position !== undefined);
  const words = byPosition ? [] : raw.positional.map(String);
  if (words.length && refuse) throw refuse(words[0]!);
  const named: RawArguments = byPosition ? raw : { ...raw, positional: [] };
  return { args: bindArguments(command, named, 'flags'), flags: { ...flags, ...leading, ...own }, words };
}
