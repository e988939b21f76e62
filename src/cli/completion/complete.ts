/** The cursor on a command line of `rc`: commands, the flags of `rc`, and what the engine offers for a cmdlet's arguments. */

import { CMDLETS, cmdletNamed, commandNamed } from '../../cmdlets/table.ts';
import { beginning, type Known, namesLeft, propertiesOf, valuesFor } from '../../completion/offers.ts';
import type { StoreNames } from '../../completion/store-names.ts';
import { isOwn, parameterNamed, type Spot, spotBehind } from '../../pipeline/binder.ts';
import { type Cmdlet, commandWord, type Spelling } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { kebab, splitFlag } from '../../text/flag-name.ts';
import type { Candidate, CommandWord, Completion, GlobalFlag, Surface } from './surface.ts';

const NOTHING: Completion = { candidates: [] };

/**
 * @param words the words before the cursor's, unquoted; the first is `rc` (or a path to it) or a cmdlet's name
 * @param current the cursor's word up to the cursor, unquoted
 */
export function complete(words: readonly string[], current: string, surface: Surface, inStore: StoreNames): Completion {
  const known: Known = {
    ...inStore,
    cmdlets: () => CMDLETS.map((cmdlet) => cmdlet.name),
    // what is piped in is taken to be connectors, which is what people pipe
    properties: (cmdlet) => propertiesOf(cmdlet.input ? 'ReceiveConnector' : (cmdlet.gives ?? 'ReceiveConnector')),
  };
  const [first = '', ...rest] = words;
  const called = first.split('/').at(-1)!;
  const cmdlet = called === 'rc' ? undefined : cmdletNamed(called);
  if (cmdlet) return ofCmdlet(cmdlet, rest, current, surface, known, 'parameters');
  return ofProgram(rest, current, surface, known);
}

function ofProgram(words: readonly string[], current: string, surface: Surface, known: Known): Completion {
  let at = 0;
  while (at < words.length && words[at]!.startsWith('-')) {
    if (words[at] === '-f') return { candidates: [], files: 'files' };
    if (words[at] === '-c') return NOTHING;
    const flag = globalNamed(surface, words[at]!);
    const takes = flag?.placeholder !== undefined && !flag.optional && !words[at]!.includes('=');
    if (takes && at + 1 === words.length) return globalValue(flag, current, '');
    at += takes ? 2 : 1;
  }
  const name = words[at];
  if (name === undefined) {
    if (!current.startsWith('-')) return commandNames(surface, current);
    const { inline, head } = splitFlag(current);
    const flag = inline === undefined ? undefined : globalNamed(surface, current);
    return flag ? globalValue(flag, inline!, head) : globalFlags(surface, current, undefined);
  }
  const rest = words.slice(at + 1);
  const own = surface.commands.find((command) => command.name === name);
  if (own) return ofCommand(own, rest, current, surface, known);
  const cmdlet = commandNamed(name);
  return cmdlet ? ofCmdlet(cmdlet, rest, current, surface, known, 'flags') : NOTHING;
}

/** The short words; full names once one is begun (`get-r`, `Get-R`). */
function commandNames(surface: Surface, current: string): Completion {
  const typesFullName = /^[A-Z]|-/.test(current);
  const names = CMDLETS.map((cmdlet): Candidate => {
    const full = /^[A-Z]/.test(current) ? cmdlet.name : kebab(cmdlet.name);
    const value = typesFullName ? full : commandWord(cmdlet);
    return { value, about: cmdlet.summary };
  });
  const others = surface.commands.map(({ name, summary }): Candidate => ({ value: name, about: summary }));
  return { candidates: begun([...names, ...others], current) };
}

/** Values and names as a cmdlet with these parameters has them; its flags without those that only cmdlets have. */
function ofCommand(
  command: CommandWord,
  words: readonly string[],
  current: string,
  surface: Surface,
  known: Known,
): Completion {
  const { flags = [], name, summary } = command;
  const like: Cmdlet = {
    name: `rc ${name}`,
    group: 'server',
    summary,
    parameters: flags,
    examples: [],
    async *run() {},
  };
  if (!current.startsWith('-') && command.takesFiles) return { candidates: [], files: 'files' };
  const spot = spotOf(like, words, surface);
  const ownWords = !spot.positional && !spot.named && spot.foreign === undefined && !current.startsWith('-');
  if (ownWords) return spot.words.length ? NOTHING : { candidates: begun(plain(command.words ?? []), current) };
  const isFlag = current.startsWith('-') && !spot.named && spot.foreign === undefined;
  if (!isFlag || splitFlag(current).inline !== undefined)
    return ofCmdlet(like, words, current, surface, known, 'flags');
  const own = flags.map((p): Candidate => ({ value: `--${kebab(p.name)}`, about: sentence(p.help) }));
  return { candidates: [...begun(own, current), ...globalFlags(surface, current, undefined).candidates] };
}

function ofCmdlet(
  cmdlet: Cmdlet,
  words: readonly string[],
  current: string,
  surface: Surface,
  known: Known,
  style: Spelling,
): Completion {
  const spot = spotOf(cmdlet, words, surface);
  const global = spot.foreign === undefined ? undefined : globalNamed(surface, spot.foreign);
  if (global) return globalValue(global, current, '', cmdlet);
  if (spot.named) return valuesOf(spot.named, current, '', spot, known, cmdlet);
  if (current.startsWith('-') && !spot.onlyWords)
    return inlineValue(cmdlet, current, spot, surface, known) ?? flagsOf(cmdlet, current, spot, surface, style);
  return spot.positional ? valuesOf(spot.positional, current, '', spot, known, cmdlet) : NOTHING;
}

function spotOf(cmdlet: Cmdlet, words: readonly string[], surface: Surface): Spot {
  return spotBehind(cmdlet, words, 'flags', (name) => {
    const flag = globalNamed(surface, name);
    return flag && { takesValue: flag.placeholder !== undefined && !flag.optional };
  });
}

function globalNamed(surface: Surface, word: string): GlobalFlag | undefined {
  const { name } = splitFlag(word);
  return surface.globals.find((flag) => flag.names.includes(name));
}

/** `--output=js`, `-Enabled:f`: the value after the sign. */
function inlineValue(
  cmdlet: Cmdlet,
  current: string,
  spot: Spot,
  surface: Surface,
  known: Known,
): Completion | undefined {
  const { name, inline, head } = splitFlag(current);
  if (inline === undefined) return undefined;
  const flag = isOwn(cmdlet, name) ? undefined : globalNamed(surface, name);
  if (flag) return globalValue(flag, inline, head, cmdlet);
  const parameter = parameterNamed(cmdlet, name.replace(/^-+/, ''), 'flags');
  return parameter ? valuesOf(parameter, inline, head, spot, known, cmdlet) : NOTHING;
}

function flagsOf(cmdlet: Cmdlet, current: string, spot: Spot, surface: Surface, style: Spelling): Completion {
  const long = current.startsWith('--') || (style === 'flags' && current === '-');
  const parameters = namesLeft(cmdlet, spot, 'flags').filter((p) => long || !p.commandLineOnly);
  const candidate = (name: string, { help }: Parameter): Candidate => ({
    value: long ? `--${kebab(name)}` : `-${name}`,
    about: sentence(help),
  });
  const own = parameters.map((p) => candidate(p.name, p));
  const globals = long ? globalFlags(surface, current, cmdlet).candidates : [];
  const candidates = [...begun(own, current), ...globals];
  if (candidates.length) return { candidates };
  const aliases = parameters.flatMap((p) => (p.aliases ?? []).map((alias) => candidate(alias, p)));
  return { candidates: begun(aliases, current) };
}

function globalFlags(surface: Surface, current: string, cmdlet: Cmdlet | undefined): Completion {
  const flags = surface.globals
    .filter((flag) => flag.names[0] !== '--wait' || cmdlet?.changes)
    .map((flag): Candidate => ({ value: flag.names[0]!, about: flag.help }));
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
