/** The cursor on a command line of `rc`: commands, the flags of `rc`, and what the engine offers for a cmdlet's arguments. */

import { CMDLETS, cmdletNamed, commandNamed } from '../../cmdlets/table.ts';
import { beginning, type Known, namesLeft, propertiesOf, valuesFor } from '../../completion/offers.ts';
import type { StoreNames } from '../../completion/store-names.ts';
import { isOwn, parameterNamed, type Spot, spotBehind } from '../../pipeline/binder.ts';
import { type Cmdlet, commandWord, type Spelling } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { kebab, splitFlag } from '../../text/flag-name.ts';
import type { CommandInfo } from '../command.ts';
import { COMMANDS } from '../commands.ts';
import { GLOBAL_FLAGS, type GlobalFlag } from '../global-flags.ts';
import { helpWords } from '../help.ts';

interface Candidate {
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

const NOTHING: Completion = { candidates: [] };

/**
 * @param words the words before the cursor's, unquoted; the first is `rc` (or a path to it) or a cmdlet's name
 * @param current the cursor's word up to the cursor, unquoted
 */
export function complete(words: readonly string[], current: string, inStore: StoreNames): Completion {
  const known: Known = {
    ...inStore,
    cmdlets: () => CMDLETS.map((cmdlet) => cmdlet.name),
    // what is piped in is taken to be connectors, which is what people pipe
    properties: (cmdlet) => propertiesOf(cmdlet.input ? 'ReceiveConnector' : (cmdlet.gives ?? 'ReceiveConnector')),
  };
  const [first = '', ...rest] = words;
  const called = first.split('/').at(-1)!;
  const cmdlet = called === 'rc' ? undefined : cmdletNamed(called);
  if (cmdlet) return ofCmdlet(cmdlet, rest, current, known, 'parameters');
  return ofProgram(rest, current, known);
}

function ofProgram(words: readonly string[], current: string, known: Known): Completion {
  let at = 0;
  while (at < words.length && words[at]!.startsWith('-')) {
    if (words[at] === '-f') return { candidates: [], files: 'files' };
    if (words[at] === '-c') return NOTHING;
    const flag = globalNamed(words[at]!);
    const takes = flag?.placeholder !== undefined && !flag.optional && !words[at]!.includes('=');
    if (takes && at + 1 === words.length) return globalValue(flag, current, '');
    at += takes ? 2 : 1;
  }
  const name = words[at];
  if (name === undefined) {
    if (!current.startsWith('-')) return commandNames(current);
    const { inline, head } = splitFlag(current);
    const flag = inline === undefined ? undefined : globalNamed(current);
    return flag ? globalValue(flag, inline!, head) : globalFlags(current, undefined);
  }
  const rest = words.slice(at + 1);
  const own = COMMANDS[name];
  if (own) return ofCommand(name, own, rest, current, known);
  const cmdlet = commandNamed(name);
  return cmdlet ? ofCmdlet(cmdlet, rest, current, known, 'flags') : NOTHING;
}

/** The short words; full names once one is begun (`get-r`, `Get-R`). */
function commandNames(current: string): Completion {
  const typesFullName = /^[A-Z]|-/.test(current);
  const names = CMDLETS.map((cmdlet): Candidate => {
    const full = /^[A-Z]/.test(current) ? cmdlet.name : kebab(cmdlet.name);
    const value = typesFullName ? full : commandWord(cmdlet);
    return { value, about: cmdlet.summary };
  });
  const others = Object.entries(COMMANDS).map(([value, own]): Candidate => ({ value, about: own!.summary }));
  return { candidates: begun([...names, ...others], current) };
}

/** Values and names as a cmdlet with these parameters has them; its flags without those that only cmdlets have. */
function ofCommand(
  name: string,
  command: CommandInfo,
  words: readonly string[],
  current: string,
  known: Known,
): Completion {
  const { flags = [], summary } = command;
  const firstWords = name === 'help' ? helpWords() : (command.words ?? []);
  const like: Cmdlet = {
    name: `rc ${name}`,
    group: 'server',
    summary,
    parameters: flags,
    examples: [],
    async *run() {},
  };
  const spot = spotOf(like, words);
  const ownWords = !spot.positional && !spot.named && spot.foreign === undefined && !current.startsWith('-');
  if (ownWords) return spot.words.length ? NOTHING : { candidates: begun(plain(firstWords), current) };
  const isFlag = current.startsWith('-') && !spot.named && spot.foreign === undefined;
  if (!isFlag || splitFlag(current).inline !== undefined) return ofCmdlet(like, words, current, known, 'flags');
  const own = flags.map((p): Candidate => ({ value: `--${kebab(p.name)}`, about: sentence(p.help) }));
  return { candidates: [...begun(own, current), ...globalFlags(current, undefined).candidates] };
}

function ofCmdlet(
  cmdlet: Cmdlet,
  words: readonly string[],
  current: string,
  known: Known,
  style: Spelling,
): Completion {
  const spot = spotOf(cmdlet, words);
  const global = spot.foreign === undefined ? undefined : globalNamed(spot.foreign);
  if (global) return globalValue(global, current, '', cmdlet);
  if (spot.named) return valuesOf(spot.named, current, '', spot, known, cmdlet);
  if (current.startsWith('-') && !spot.onlyWords)
    return inlineValue(cmdlet, current, spot, known) ?? flagsOf(cmdlet, current, spot, style);
  return spot.positional ? valuesOf(spot.positional, current, '', spot, known, cmdlet) : NOTHING;
}

function spotOf(cmdlet: Cmdlet, words: readonly string[]): Spot {
  return spotBehind(cmdlet, words, 'flags', (name) => {
    const flag = globalNamed(name);
    return flag && { takesValue: flag.placeholder !== undefined && !flag.optional };
  });
}

function globalNamed(word: string): GlobalFlag | undefined {
  const { name } = splitFlag(word);
  return GLOBAL_FLAGS.find((flag) => flag.names.includes(name));
}

/** `--output=js`, `-Enabled:f`: the value after the sign. */
function inlineValue(cmdlet: Cmdlet, current: string, spot: Spot, known: Known): Completion | undefined {
  const { name, inline, head } = splitFlag(current);
  if (inline === undefined) return undefined;
  const flag = isOwn(cmdlet, name) ? undefined : globalNamed(name);
  if (flag) return globalValue(flag, inline, head, cmdlet);
  const parameter = parameterNamed(cmdlet, name.replace(/^-+/, ''), 'flags');
  return parameter ? valuesOf(parameter, inline, head, spot, known, cmdlet) : NOTHING;
}

function flagsOf(cmdlet: Cmdlet, current: string, spot: Spot, style: Spelling): Completion {
  const long = current.startsWith('--') || (style === 'flags' && current === '-');
  const parameters = namesLeft(cmdlet, spot, 'flags').filter((p) => long || !p.commandLineOnly);
  const candidate = (name: string, { help }: Parameter): Candidate => ({
    value: long ? `--${kebab(name)}` : `-${name}`,
    about: sentence(help),
  });
  const own = parameters.map((p) => candidate(p.name, p));
  const globals = long ? globalFlags(current, cmdlet).candidates : [];
  const candidates = [...begun(own, current), ...globals];
  if (candidates.length) return { candidates };
  const aliases = parameters.flatMap((p) => (p.aliases ?? []).map((alias) => candidate(alias, p)));
  return { candidates: begun(aliases, current) };
}

function globalFlags(current: string, cmdlet: Cmdlet | undefined): Completion {
  const flags = GLOBAL_FLAGS.filter((flag) => flag.names[0] !== '--wait' || cmdlet?.changes).map(
    (flag): Candidate => ({ value: flag.names[0]!, about: flag.help }),
  );
  return { candidates: begun(flags, current) };
}

function globalValue(flag: GlobalFlag, current: string, head: string, cmdlet?: Cmdlet): Completion {
  if (flag.completes === 'folder') return { candidates: [], files: 'folders' };
  if (flag.completes === 'property')
    return inList(cmdlet?.gives ? propertiesOf(cmdlet.gives) : propertiesOf('ReceiveConnector'), current, head);
  return oneOf(flag.values ?? [], current, head);
}

function valuesOf(
  parameter: Parameter,
  current: string,
  head: string,
  spot: Spot,
  known: Known,
  cmdlet: Cmdlet,
): Completion {
  const offer = valuesFor(parameter, cmdlet, spot, known, 'flags');
  if ('files' in offer) return { candidates: [], files: 'files' };
  if (offer.list) return inList(offer.values, current, head);
  // A name that stands there already is not offered again.
  const names =
    parameter.completes && parameter.completes !== 'property' ? without(offer.values, spot.words) : offer.values;
  return oneOf(names, current, head);
}

function oneOf(values: readonly string[], current: string, head: string): Completion {
  return { candidates: headed(begun(plain(values), current), head) };
}

/** `Tls,Ba`: the last element completes; those before it are not offered again. */
function inList(values: readonly string[], current: string, head: string): Completion {
  const comma = current.lastIndexOf(',');
  const before = current.slice(0, comma + 1);
  const rest = current.slice(comma + 1);
  const indent = rest.length - rest.trimStart().length;
  const taken = before.split(',').map((name) => name.trim());
  const found = begun(plain(without(values, taken)), rest.trimStart());
  return { candidates: headed(found, head + before + rest.slice(0, indent)), open: true };
}

function without(values: readonly string[], taken: readonly string[]): readonly string[] {
  const gone = new Set(taken.map((name) => name.toLowerCase()));
  return values.filter((value) => !gone.has(value.toLowerCase()));
}

function headed(candidates: readonly Candidate[], head: string): readonly Candidate[] {
  return head === '' ? candidates : candidates.map((c) => ({ ...c, value: head + c.value }));
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value }));
}

function begun(candidates: readonly Candidate[], typed: string): Candidate[] {
  return beginning(candidates, typed, ({ value }) => value);
}

/** The first sentence, without its full stop. */
function sentence(help: string): string {
  return help.split(/\.(?:\s|$)/, 1)[0]!;
}
