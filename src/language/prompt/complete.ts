/** Completion: what could stand at the cursor. A pure function of the line and of what the world has to offer. */

import { READ_ONLY } from '../../domain/connector.ts';
import { SETTING_NAMES } from '../../domain/settings.ts';
import { type Cmdlet, parametersOf } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { defaultView } from '../../print/default-views.ts';
import { allCommands, commandNamed, commandNames } from '../commands.ts';
import { type Place, placeAt, quoted, unquoted, type Word } from './command-line.ts';

/** What completion can ask for. Each is asked only when it is needed. */
export interface CompletionWorld {
  connectors(): readonly string[];
  users?(): readonly string[];
  domains?(): readonly string[];
  /** Names of variables, without the dollar. */
  variables?(): readonly string[];
  /** Names of the properties and methods of a variable's value. */
  members?(variable: string): readonly string[];
  /** Files and folders (these with a slash behind) that begin with this text. */
  files?(prefix: string): readonly string[];
}

export interface Candidate {
  /** What replaces the text from `start` to the cursor. */
  readonly text: string;
  /** What a list of candidates shows. */
  readonly label: string;
  readonly help?: string;
}

export interface Completion {
  readonly start: number;
  readonly candidates: readonly Candidate[];
}

const NOTHING = (at: number): Completion => ({ start: at, candidates: [] });

const KEYWORDS = ['foreach', 'if', 'else', 'elseif', 'exit', 'break', 'continue'];
const OPERATORS = [
  ...[
    '-eq',
    '-ne',
    '-gt',
    '-ge',
    '-lt',
    '-le',
    '-like',
    '-notlike',
    '-match',
    '-notmatch',
    '-contains',
    '-notcontains',
  ],
  ...['-in', '-notin', '-replace', '-split', '-join', '-and', '-or', '-not', '-xor', '-is', '-isnot', '-as', '-f'],
];
const PREFERENCES = ['true', 'false', 'null', '_', 'Error', 'Matches', 'args', 'input'];

/** @param cursor where it stands in the line, 0 before the first character */
export function complete(line: string, cursor: number, world: CompletionWorld): Completion {
  const place = placeAt(line.slice(0, cursor));
  if (place.inComment) return NOTHING(cursor);
  const { word } = place;
  const element = line.slice(word.element, cursor);
  if (/^["'“‘]?.*\$[\w.:?]*$/.test(element) && !element.startsWith("'")) {
    const found = variableOrMember(place, element, word.element, world);
    if (found) return found;
  }
  if (place.opener === '[') return NOTHING(cursor);
  const ofCommand = /^\(\s*[\w-]+[^()]*\)\.(\w*)$/.exec(element);
  if (ofCommand) {
    const names = propertiesOf(commandIn(element)?.gives ?? '');
    return offered(names, ofCommand[1]!, cursor - ofCommand[1]!.length, (name) => ({ text: name, label: name }));
  }
  const isExpression = isExpressionStart(place);
  if (isExpression) {
    if (!/^[-–—]/.test(word.text)) return NOTHING(cursor);
    return offered(OPERATORS, word.text, word.start, (name) => ({ text: name, label: name }));
  }
  if (!place.words.length) return commandName(place);
  const cmdlet = commandNamed(place.words[0]!.text);
  if (!cmdlet) return NOTHING(cursor);
  return argument(place, cmdlet, element, world);
}

/** Does the statement at the cursor begin with a value, so that operators follow, not parameters? */
function isExpressionStart({ words, opener, upstream }: Place): boolean {
  const first = words[0]?.text ?? '';
  if (opener === '@{' && !words.length) return true;
  return upstream.length === 0 && /^[$"'@([{\d!]/.test(first);
}

function offered(
  names: Iterable<string>,
  typed: string,
  start: number,
  candidate: (name: string) => Candidate,
): Completion {
  const wanted = typed.toLowerCase();
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const name of names) {
    const key = name.toLowerCase();
    if (!key.startsWith(wanted) || seen.has(key)) continue;
    seen.add(key);
    candidates.push(candidate(name));
  }
  return { start, candidates };
}

function commandName({ word, upstream, opener }: Place): Completion {
  const typed = word.text;
  const cmdlets = allCommands();
  // a pipe brings objects: cmdlets that take some come first
  const ordered = upstream.length ? [...cmdlets.filter((c) => c.input), ...cmdlets.filter((c) => !c.input)] : cmdlets;
  const summaries = new Map(ordered.map((c) => [c.name, c.summary]));
  const found = offered(summaries.keys(), typed, word.start, (name) => ({
    text: name,
    label: name,
    help: summaries.get(name),
  }));
  if (typed === '') return found;
  const keywords = upstream.length || opener === '(' ? [] : KEYWORDS;
  const aliases = [...commandNames()].filter((name) => !name.includes('-') && !summaries.has(name));
  const more = offered([...keywords, ...aliases], typed, word.start, (name) => ({
    text: name,
    label: name,
    help: commandNamed(name)?.name,
  }));
  return { start: word.start, candidates: [...found.candidates, ...more.candidates] };
}

function argument(place: Place, cmdlet: Cmdlet, element: string, world: CompletionWorld): Completion {
  const { word, words } = place;
  const colon = /^[-–—]([a-z]\w*):/i.exec(word.text);
  if (colon) {
    const parameter = parameterNamed(cmdlet, colon[1]!);
    const start = Math.max(word.element, word.start + colon[0].length);
    return parameter ? values(place, parameter, word.text.slice(start - word.start), start, world) : NOTHING(start);
  }
  if (/^[-–—]/.test(word.text) && word.element === word.start) return parameterNames(cmdlet, words, word);
  const before = words.at(-1)!;
  const named = words.length > 1 ? nameIn(before) : undefined;
  const parameter = named === undefined ? undefined : parameterNamed(cmdlet, named);
  if (parameter && parameter.type !== 'switch') return values(place, parameter, element, word.element, world);
  const slot = positional(cmdlet, words.slice(1));
  return slot ? values(place, slot, element, word.element, world) : NOTHING(word.start);
}

function nameIn({ text }: Word): string | undefined {
  return /^[-–—]([a-z]\w*)$/i.exec(text)?.[1];
}

/** Only what the language itself would take: the exact name or alias, or a prefix of one parameter alone. */
function parameterNamed(cmdlet: Cmdlet, typed: string): Parameter | undefined {
  const wanted = typed.toLowerCase();
  const all = parametersOf(cmdlet).filter((p) => !p.commandLineOnly);
  const names = (p: Parameter) => [p.name, ...(p.aliases ?? [])].map((name) => name.toLowerCase());
  const exact = all.find((p) => names(p).includes(wanted));
  if (exact) return exact;
  const found = all.filter((p) => names(p).some((name) => name.startsWith(wanted)));
  return found.length === 1 ? found[0] : undefined;
}

function parameterNames(cmdlet: Cmdlet, words: readonly Word[], word: Word): Completion {
  const given = new Set(words.slice(1).map((w) => parameterNamed(cmdlet, nameIn(w) ?? '-')?.name));
  const all = parametersOf(cmdlet).filter((p) => !p.commandLineOnly && !given.has(p.name));
  const help = new Map<string, string>(all.map((p) => [`-${p.name}`, p.help]));
  const typed = word.text.replace(/^[–—]/, '-');
  const found = offered(help.keys(), typed, word.start, (name) => ({ text: name, label: name, help: help.get(name) }));
  if (found.candidates.length) return found;
  const aliases = new Map<string, string>(
    all.flatMap((p) => (p.aliases ?? []).map((alias): [string, string] => [`-${alias}`, p.name])),
  );
  return offered(aliases.keys(), typed, word.start, (name) => ({ text: name, label: name, help: aliases.get(name) }));
}

/** The parameter that the next argument without a name goes to. */
function positional(cmdlet: Cmdlet, words: readonly Word[]): Parameter | undefined {
  const taken = new Set<string>();
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const name = nameIn(words[i]!);
    const parameter = name === undefined ? undefined : parameterNamed(cmdlet, name);
    if (parameter) {
      taken.add(parameter.name);
      if (parameter.type !== 'switch') i++;
    } else count++;
  }
  const slots = cmdlet.parameters
    .filter((p) => p.position !== undefined && !taken.has(p.name))
    .sort((a, b) => a.position! - b.position!);
  return slots[count] ?? (slots.at(-1)?.rest ? slots.at(-1) : undefined);
}

function values(place: Place, parameter: Parameter, typed: string, start: number, world: CompletionWorld): Completion {
  const quote = /^['"]/.exec(typed)?.[0] ?? '';
  const wanted = unquoted(typed);
  const plain = (names: Iterable<string>) =>
    offered(names, wanted, start, (name) => ({ text: quoted(name, quote), label: name }));
  if (parameter.type === 'switch' || parameter.type === 'bool' || parameter.kind === 'bool')
    return offered(['$true', '$false'], typed, start, (name) => ({ text: name, label: name }));
  if (parameter.values?.length) return plain(parameter.values);
  switch (parameter.completes) {
    case 'connector':
      return plain(world.connectors());
    case 'user':
      return plain(world.users?.() ?? []);
    case 'domain':
      return plain(world.domains?.() ?? []);
    case 'cmdlet':
      return plain(allCommands().map((c) => c.name));
    case 'property':
      return plain(pipedProperties(place.upstream, place, world));
    case 'file':
      return plain(world.files?.(wanted) ?? []);
  }
  if (parameter.type === 'path') return plain(world.files?.(wanted) ?? []);
  if (parameter.type === 'properties') return plain(pipedProperties(place.upstream, place, world));
  return NOTHING(start);
}

/** Property names of the objects that come through the pipe. */
function pipedProperties(upstream: Place['upstream'], place: Place, world: CompletionWorld): readonly string[] {
  for (let i = upstream.length - 1; i >= 0; i--) {
    const words = upstream[i]!;
    const first = words[0]?.text ?? '';
    const cmdlet = commandNamed(first);
    if (cmdlet?.name === 'Select-Object') {
      const kept = words
        .slice(1)
        .flatMap((w) => unquoted(w.text).split(','))
        .filter((name) => /^\w+$/.test(name));
      if (kept.length) return kept;
    }
    if (cmdlet?.gives) return propertiesOf(cmdlet.gives);
    if (first.startsWith('$')) {
      const variable = /^\$(\w+)$/.exec(first)?.[1];
      if (variable === '_' && place.outer) return underscoreProperties(place, world);
      return variable ? (world.members?.(variable) ?? []) : [];
    }
    if (first.startsWith('(')) return propertiesOf(commandIn(first)?.gives ?? '');
  }
  return [];
}

function commandIn(text: string): Cmdlet | undefined {
  const name = /^\(\s*([\w-]+)/.exec(text)?.[1];
  return name ? commandNamed(name) : undefined;
}

/** Property names of a type of objects, in the order in which they show. */
export function propertiesOf(type: string): readonly string[] {
  if (type === 'ReceiveConnector') return ['Name', 'Identity', ...SETTING_NAMES, ...READ_ONLY];
  return defaultView(type)?.columns.map((column) => column.property) ?? [];
}

/** Within `where { … }`: the properties of what is piped into the command that the block belongs to. */
function underscoreProperties(place: Place, world: CompletionWorld): readonly string[] {
  for (let at: Place | undefined = place; at; at = at.outer) {
    if (at.upstream.length) {
      const names = pipedProperties(at.upstream, at, world);
      if (names.length) return names;
    }
  }
  return [];
}

function variableOrMember(
  place: Place,
  element: string,
  elementStart: number,
  world: CompletionWorld,
): Completion | undefined {
  const member = /\$([\w:?]+|_)((?:\.\w+)*)\.(\w*)$/.exec(element);
  const end = elementStart + element.length;
  if (member) {
    const [, variable, chain, typed] = member;
    if (chain) return NOTHING(end);
    const names =
      variable === '_' || variable!.toLowerCase() === 'psitem'
        ? underscoreProperties(place, world)
        : (world.members?.(variable!) ?? []);
    return offered(names, typed!, end - typed!.length, (name) => ({ text: name, label: name }));
  }
  const name = /\$([\w:]*)$/.exec(element);
  if (!name) return undefined;
  const names = [...(world.variables?.() ?? []), ...PREFERENCES];
  return offered(names, name[1]!, end - name[1]!.length, (one) => ({ text: one, label: `$${one}` }));
}
