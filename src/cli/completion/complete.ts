/**
 * What can stand at the cursor: commands, flags, values, names. Everything comes from the cmdlet table, the settings
 * catalogue and the store; matching ignores case, as everything else here does.
 */

import { CMDLETS, cmdletNamed, commandNamed } from '../../cmdlets/table.ts';
import { READ_ONLY } from '../../domain/connector.ts';
import { SETTING_NAMES, settingNamed } from '../../domain/settings.ts';
import { resolveParameter } from '../../pipeline/arguments.ts';
import { type Cmdlet, commandWord, parametersOf } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { defaultView } from '../../print/default-views.ts';
import { kebab } from '../../text/flag-name.ts';
import type { Candidate, CommandWord, Completion, GlobalFlag, Known, Surface } from './surface.ts';

const NOTHING: Completion = { candidates: [] };

/**
 * @param words the words before the cursor's, unquoted; the first is `rc` (or a path to it) or a cmdlet's name
 * @param current the cursor's word up to the cursor, unquoted
 */
export function complete(words: readonly string[], current: string, surface: Surface, known: Known): Completion {
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
    if (takes && at + 1 === words.length) return globalValue(flag, current, '', undefined);
    at += takes ? 2 : 1;
  }
  const name = words[at];
  if (name === undefined) {
    if (!current.startsWith('-')) return commandNames(surface, current);
    const { inline, head } = splitFlag(current);
    const flag = inline === undefined ? undefined : globalNamed(surface, current);
    return flag ? globalValue(flag, inline!, head, undefined) : globalFlags(surface, current, undefined);
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
  return { candidates: beginning([...names, ...others], current) };
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
  const place = placeOf(like, words, surface);
  if (place.global) return globalValue(place.global, current, '', undefined);
  if (place.value) return valuesOf(place.value, current, '', place, known, like);
  if (current.startsWith('-')) {
    const inline = inlineValue(like, current, place, surface, known);
    if (inline) return inline;
    const own = flags.map((p): Candidate => ({ value: `--${kebab(p.name)}`, about: sentence(p.help) }));
    return { candidates: [...beginning(own, current), ...globalFlags(surface, current, undefined).candidates] };
  }
  if (command.takesFiles) return { candidates: [], files: 'files' };
  const slot = slotFor(like, place);
  if (slot) return valuesOf(slot, current, '', place, known, like);
  if (place.positional.length) return NOTHING;
  return { candidates: beginning(plain(command.words ?? []), current) };
}

type Style = 'flags' | 'parameters';

/** Where the cursor stands among a cmdlet's arguments. */
interface Place {
  /** The parameter whose value is being typed. */
  readonly value?: Parameter;
  readonly global?: GlobalFlag;
  readonly given: ReadonlySet<Parameter>;
  /** Arguments without a name, before the cursor. */
  readonly positional: readonly string[];
  readonly identities: readonly string[];
}

function ofCmdlet(
  cmdlet: Cmdlet,
  words: readonly string[],
  current: string,
  surface: Surface,
  known: Known,
  style: Style,
): Completion {
  const place = placeOf(cmdlet, words, surface);
  if (place.global) return globalValue(place.global, current, '', cmdlet);
  if (place.value) return valuesOf(place.value, current, '', place, known, cmdlet);
  if (current.startsWith('-') && !words.includes('--'))
    return inlineValue(cmdlet, current, place, surface, known) ?? flagsOf(cmdlet, current, place, surface, style);
  const slot = slotFor(cmdlet, place);
  return slot ? valuesOf(slot, current, '', place, known, cmdlet) : NOTHING;
}

function placeOf(cmdlet: Cmdlet, words: readonly string[], surface: Surface): Place {
  const given = new Set<Parameter>();
  const positional: string[] = [];
  const identities: string[] = [];
  let value: Parameter | undefined;
  let global: GlobalFlag | undefined;
  let onlyPositional = false;
  for (const word of words) {
    if (value) {
      if (value.name === 'Identity') identities.push(word);
      if (!word.trimEnd().endsWith(',')) value = undefined;
    } else if (global) {
      if (!word.trimEnd().endsWith(',')) global = undefined;
    } else if (word === '--' && !onlyPositional) onlyPositional = true;
    else if (!onlyPositional && /^-(-|[A-Za-z?])/.test(word)) {
      const { name, inline } = splitFlag(word);
      const flag = ownsExactly(cmdlet, name) ? undefined : globalNamed(surface, name);
      if (flag) {
        if (flag.placeholder && !flag.optional && inline === undefined) global = flag;
        continue;
      }
      const parameter = parameterNamed(cmdlet, name);
      if (!parameter) continue;
      given.add(parameter);
      if (parameter.type !== 'switch' && inline === undefined) value = parameter;
    } else positional.push(word);
  }
  return { value, global, given, positional, identities: identities.length ? identities : positional };
}

function slotFor(cmdlet: Cmdlet, place: Place): Parameter | undefined {
  const slots = cmdlet.parameters
    .filter((p) => p.position !== undefined && !place.given.has(p))
    .sort((a, b) => a.position! - b.position!);
  const at = place.positional.length;
  return slots[at] ?? slots.findLast((slot) => slot.rest);
}

function splitFlag(word: string): { name: string; inline: string | undefined; head: string } {
  const at = word.search(word.startsWith('--') ? /[=:]/ : /:/);
  if (at < 0) return { name: word, inline: undefined, head: word };
  return { name: word.slice(0, at), inline: word.slice(at + 1), head: word.slice(0, at + 1) };
}

function ownsExactly(cmdlet: Cmdlet, flag: string): boolean {
  const name = flag.replaceAll('-', '').toLowerCase();
  return cmdlet.parameters.some((p) => p.name.toLowerCase() === name);
}

function globalNamed(surface: Surface, word: string): GlobalFlag | undefined {
  const { name } = splitFlag(word);
  return surface.globals.find((flag) => flag.names.includes(name));
}

function parameterNamed(cmdlet: Cmdlet, flag: string): Parameter | undefined {
  try {
    return resolveParameter(cmdlet, flag.replace(/^-+/, ''), 'flags');
  } catch {
    return undefined;
  }
}

/** `--output=js`, `-Enabled:f`: the value after the sign. */
function inlineValue(
  cmdlet: Cmdlet,
  current: string,
  place: Place,
  surface: Surface,
  known: Known,
): Completion | undefined {
  const { name, inline, head } = splitFlag(current);
  if (inline === undefined) return undefined;
  const flag = ownsExactly(cmdlet, name) ? undefined : globalNamed(surface, name);
  if (flag) return globalValue(flag, inline, head, cmdlet);
  const parameter = parameterNamed(cmdlet, name);
  return parameter ? valuesOf(parameter, inline, head, place, known, cmdlet) : NOTHING;
}

function flagsOf(cmdlet: Cmdlet, current: string, place: Place, surface: Surface, style: Style): Completion {
  const long = current.startsWith('--') || (style === 'flags' && current === '-');
  const parameters = parametersOf(cmdlet).filter(
    (p) => (!place.given.has(p) || takesList(p)) && (long || !p.commandLineOnly),
  );
  const own = parameters.map(
    (p): Candidate => ({
      value: long ? `--${kebab(p.name)}` : `-${p.name}`,
      about: sentence(p.help),
    }),
  );
  const globals = long ? globalFlags(surface, current, cmdlet).candidates : [];
  const candidates = [...beginning(own, current), ...globals];
  if (candidates.length) return { candidates };
  const aliases = parameters.flatMap((p) =>
    (p.aliases ?? []).map(
      (alias): Candidate => ({
        value: long ? `--${kebab(alias)}` : `-${alias}`,
        about: sentence(p.help),
      }),
    ),
  );
  return { candidates: beginning(aliases, current) };
}

function globalFlags(surface: Surface, current: string, cmdlet: Cmdlet | undefined): Completion {
  const flags = surface.globals
    .filter((flag) => flag.names[0] !== '--wait' || cmdlet?.changes)
    .map((flag): Candidate => ({ value: flag.names[0]!, about: flag.help }));
  return { candidates: beginning(flags, current) };
}

function globalValue(flag: GlobalFlag, current: string, head: string, cmdlet: Cmdlet | undefined): Completion {
  if (flag.completes === 'folder') return { candidates: [], files: 'folders' };
  if (flag.completes === 'property') return inList(propertiesOf(cmdlet), current, head);
  return { candidates: headed(beginning(plain(flag.values ?? []), current), head) };
}

function valuesOf(
  parameter: Parameter,
  current: string,
  head: string,
  place: Place,
  known: Known,
  cmdlet: Cmdlet,
): Completion {
  if (parameter.type === 'switch') return { candidates: headed(beginning(plain(['true', 'false']), current), head) };
  if (parameter.type === 'path' || parameter.completes === 'file') return { candidates: [], files: 'files' };
  const names = namesFor(parameter, known, cmdlet);
  if (names) {
    const isWholeWord = parameter.completes !== 'property';
    return isWholeWord
      ? { candidates: headed(beginning(plain(without(names, place.positional)), current), head) }
      : inList(names, current, head);
  }
  if (parameter.type === 'setting' && parameter.name === `Remove${parameter.setting}`) {
    const setting = settingNamed(parameter.setting!);
    return inList(setting ? known.elements(place.identities, setting) : [], current, head);
  }
  const values = parameter.values ?? [];
  return takesList(parameter)
    ? inList(values, current, head)
    : { candidates: headed(beginning(plain(values), current), head) };
}

function namesFor(parameter: Parameter, known: Known, cmdlet: Cmdlet): readonly string[] | undefined {
  switch (parameter.completes) {
    case 'connector':
      return known.connectors();
    case 'user':
      return known.users();
    case 'domain':
      return known.domains();
    case 'cmdlet':
      return CMDLETS.map((other) => other.name);
    case 'property':
      return cmdlet.input ? PROPERTIES : propertiesOf(cmdlet);
    default:
      return undefined;
  }
}

/**
 * Property names of what a cmdlet gives, for --select: of a connector all, of other types those of the default view. What
 * is piped in is taken to be connectors, which is what people pipe.
 */
function propertiesOf(cmdlet: Cmdlet | undefined): readonly string[] {
  const type = cmdlet?.gives;
  const view = type === undefined || type === 'ReceiveConnector' ? undefined : defaultView(type);
  return view?.columns.map((column) => column.property) ?? PROPERTIES;
}

const PROPERTIES: readonly string[] = [...READ_ONLY.slice(0, 3), ...SETTING_NAMES, ...READ_ONLY.slice(3)];

function takesList(parameter: Parameter): boolean {
  if (parameter.type === 'setting') return parameter.kind === 'list' || parameter.kind === 'flags';
  return parameter.type === 'strings' || parameter.type === 'properties';
}

/** `Tls,Ba`: the last element completes; those before it are not offered again. */
function inList(values: readonly string[], current: string, head: string): Completion {
  const comma = current.lastIndexOf(',');
  const before = current.slice(0, comma + 1);
  const rest = current.slice(comma + 1);
  const indent = rest.length - rest.trimStart().length;
  const taken = before.split(',').map((name) => name.trim());
  const found = beginning(plain(without(values, taken)), rest.trimStart());
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

function beginning(candidates: readonly Candidate[], typed: string): Candidate[] {
  const wanted = typed.toLowerCase();
  return candidates.filter(({ value }) => value.toLowerCase().startsWith(wanted));
}

/** The first sentence, without its full stop. */
export function sentence(help: string): string {
  return help.split(/\.(?:\s|$)/, 1)[0]!;
}
