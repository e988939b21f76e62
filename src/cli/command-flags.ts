/**
 * The flags of a command that is no cmdlet (serve, top, init, shell), parsed by commander, which is loaded when one runs.
 * What people may type is as for a cmdlet, and so are the mistakes they are told: names are found by the binder
 * (beginnings, `-Name:value`, did-you-mean) and values converted by it; commander takes words, flags and values apart.
 * Flags of `rc` itself may stand before the command, before its own flags or among them; the last one wins.
 */
import { bindArguments, parameterNamed, resolveParameter } from '../pipeline/binder.ts';
import type { Cmdlet, Invocation } from '../pipeline/cmdlet.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import type { Value } from '../pipeline/value.ts';
import { kebab, splitFlag } from '../text/flag-name.ts';
import { type GlobalFlags, globalFlag, needsValue, replacedByShell, TRUTH } from './argv.ts';
import type { CommandCall } from './command.ts';
import { GLOBAL_FLAGS } from './global-flags.ts';

interface CommandFlags<P extends Parameter> {
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
export async function readFlags<P extends Parameter>(
  name: string,
  parameters: readonly P[],
  { tokens, flags }: Pick<CommandCall, 'tokens' | 'flags'>,
  refuse?: (word: string) => Error,
): Promise<CommandFlags<P>> {
  const { Command, CommanderError, Option } = await import('commander');
  const like: Cmdlet & { readonly parameters: readonly P[] } = {
    name: `rc ${name}`,
    short: name,
    group: 'output', // no -Server, no -DomainController
    summary: '',
    parameters,
    examples: [],
    async *run() {},
  };
  const named: [Parameter, Value][] = [];
  const among: GlobalFlags = {};
  const program = new Command(`rc ${name}`)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .helpOption(false)
    .argument('[words...]');
  for (const parameter of parameters) {
    const flag = kebab(parameter.name);
    const given = (value: Value) => void named.push([parameter, value]);
    if (parameter.type === 'switch') {
      program.addOption(new Option(`--${flag}`)).addOption(new Option(`--no-${flag}`));
      program.on(`option:${flag}`, () => given(true)).on(`option:no-${flag}`, () => given(false));
    } else {
      const { alone } = parameter;
      program.addOption(new Option(`--${flag} ${alone === undefined ? '<value>' : '[value]'}`));
      program.on(`option:${flag}`, (value: string | null = null) => {
        if (value === null) return given(alone!);
        if (isFlag(value) && tokens.includes(value)) throw needsValue(parameter, value);
        given(value);
      });
    }
  }
  for (const { names, placeholder } of GLOBAL_FLAGS) {
    const [flag] = names as readonly [string, ...string[]];
    // globalFlag says which of them needs a value: --wait does not
    program.addOption(new Option(placeholder ? `${flag} [value]` : flag));
    program.on(`option:${flag.slice(2)}`, (value?: string | null) => {
      globalFlag([typeof value === 'string' ? `${flag}=${value}` : flag], 0, among);
    });
  }
  const isFlag = (word: string) => /^--?[A-Za-z]/.test(word) && (word.startsWith('--') || known(word) !== undefined);
  const known = (word: string) => parameterNamed(like, splitFlag(word).name.replace(/^-+/, ''), 'flags');
  const spelled = spelledOut(like, tokens);
  try {
    program.parse(spelled, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const last = spelled.at(-1)!;
    const parameter = known(last);
    if (!parameter) globalFlag([last], 0, among); // says what it needs
    throw parameter ? needsValue(parameter) : error;
  }
  const words = program.args;
  const byPosition = parameters.some((parameter) => parameter.position !== undefined);
  if (!byPosition && words.length && refuse) throw refuse(words[0]!);
  return {
    own: bindArguments(like, { named, positional: byPosition ? words : [] }, 'flags'),
    flags: { ...flags, ...among },
    words: byPosition ? [] : words,
  };
}

/** Flags as commander knows them: `--met 1` and `-Metrics:1` are `--metrics 1`, `--once=false` is `--no-once`. @throws CmdletError (usage) for one that is none */
function spelledOut(command: Cmdlet, tokens: readonly string[]): string[] {
  const end = tokens.indexOf('--');
  const flags = end < 0 ? tokens : tokens.slice(0, end);
  const spelled: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const [token, next] = [flags[i]!, flags[i + 1]];
    // `--detach false`, as a cmdlet's switch takes it
    const isTold = next !== undefined && TRUTH.test(next) && isBareSwitch(command, token);
    spelled.push(spelledFlag(command, isTold ? `${token}=${next}` : token));
    if (isTold) i++;
  }
  return [...spelled, ...tokens.slice(flags.length)];
}

function isBareSwitch(command: Cmdlet, token: string): boolean {
  if (!/^-(-|[A-Za-z])/.test(token)) return false;
  const { name, inline } = splitFlag(token);
  return inline === undefined && parameterNamed(command, name.replace(/^-+/, ''), 'flags')?.type === 'switch';
}

function spelledFlag(command: Cmdlet, token: string): string {
  if (!/^-(-|[A-Za-z?])/.test(token)) return token;
  const { name, inline } = splitFlag(token);
  const value = inline === undefined ? '' : `=${inline}`;
  const global = GLOBAL_FLAGS.find(({ names }) => names.includes(name));
  if (global) return global.names[0] + value;
  const typed = name.replace(/^-+/, '');
  const negated = /^no-/.test(typed) ? parameterNamed(command, typed.slice(3), 'flags') : undefined;
  if (negated?.type === 'switch') return `--no-${kebab(negated.name)}`;
  const parameter = resolveParameter(command, typed, 'flags');
  const flag = `--${kebab(parameter.name)}`;
  if (parameter.type !== 'switch' || inline === undefined) return flag + value;
  if (inline === '' && token.endsWith(':')) throw replacedByShell(token, flag);
  const { arguments: bound } = bindArguments(
    { ...command, parameters: [parameter] },
    { named: [[parameter, inline]], positional: [] },
    'flags',
  );
  return Object.entries(bound).some(([key, on]) => key === parameter.name && on) ? flag : flag.replace('--', '--no-');
}
