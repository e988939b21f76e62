/** Completion: what could stand at the cursor. A pure function of the line and of what the world has to offer. */

import { beginning, type Known, namesLeft, propertiesOf, valuesFor } from '../../completion/offers.ts';
import type { StoreNames } from '../../completion/store-names.ts';
import { parameterNamed, type Spot, spotBehind } from '../../pipeline/binder.ts';
import type { Cmdlet } from '../../pipeline/cmdlet.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { cmdletsFor } from '../command-named.ts';
import { allCommands, commandNamed, commandNames } from '../commands.ts';
import { type Place, placeAt, quoted, unquoted, type Word } from './command-line.ts';

/** What completion can ask for. Each is asked only when it is needed. */
export interface CompletionWorld extends StoreNames {
  /** Names of functions that were made at the prompt. */
  functions?(): readonly string[];
  /** Names of variables, without the dollar. */
  variables?(): readonly string[];
  /** Names of the properties and methods of a variable's value. */
  members?(variable: string): readonly string[];
  /** Files and folders (these with a slash behind) that begin with this text. */
  files?(prefix: string): readonly string[];
}

interface Candidate {
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
  if (!place.words.length) return commandName(place, world);
  const cmdlet = cmdletsFor(true)(place.words[0]!.text);
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
  return { start, candidates: beginning(names, typed, (name) => name).map(candidate) };
}

function commandName({ word, upstream, opener }: Place, world: CompletionWorld): Completion {
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
  const words = allCommands().flatMap((c) => (c.short === undefined ? [] : [c.short]));
  const aliases = [...commandNames(), ...words].filter((name) => !name.includes('-') && !summaries.has(name));
  const more = offered([...(world.functions?.() ?? []), ...keywords, ...aliases], typed, word.start, (name) => ({
    text: name,
    label: name,
    help: cmdletsFor(true)(name)?.name,
  }));
  return { start: word.start, candidates: [...found.candidates, ...more.candidates] };
}

function argument(place: Place, cmdlet: Cmdlet, element: string, world: CompletionWorld): Completion {
  const { word, words } = place;
  const behind = words.slice(1).map(({ text }) => dashed(text));
  const spot = spotBehind(cmdlet, behind, 'parameters');
  const colon = /^[-–—]([a-z]\w*):/i.exec(word.text);
  if (colon) {
    const parameter = parameterNamed(cmdlet, colon[1]!, 'parameters');
    const start = Math.max(word.element, word.start + colon[0].length);
    const typed = word.text.slice(start - word.start);
    return parameter ? values(place, cmdlet, parameter, spot, typed, start, world) : NOTHING(start);
  }
  if (/^[-–—]/.test(word.text) && word.element === word.start) return parameterNames(cmdlet, spot, word);
  const parameter = spot.named ?? spot.positional;
  return parameter ? values(place, cmdlet, parameter, spot, element, word.element, world) : NOTHING(word.start);
}

const dashed = (text: string) => text.replace(/^[–—]/, '-');

function parameterNames(cmdlet: Cmdlet, spot: Spot, word: Word): Completion {
  const left = namesLeft(cmdlet, spot, 'parameters');
  const help = new Map<string, string>(left.map((p) => [`-${p.name}`, p.help]));
  const typed = dashed(word.text);
  const found = offered(help.keys(), typed, word.start, (name) => ({ text: name, label: name, help: help.get(name) }));
  if (found.candidates.length) return found;
  const aliases = new Map<string, string>(
    left.flatMap((p) => (p.aliases ?? []).map((alias): [string, string] => [`-${alias}`, p.name])),
  );
  return offered(aliases.keys(), typed, word.start, (name) => ({ text: name, label: name, help: aliases.get(name) }));
}

function values(
  place: Place,
  cmdlet: Cmdlet,
  parameter: Parameter,
  spot: Spot,
  typed: string,
  start: number,
  world: CompletionWorld,
): Completion {
  const known: Known = {
    ...world,
    cmdlets: () => allCommands().map((c) => c.name),
    properties: () => pipedProperties(place.upstream, place, world),
  };
  const offer = valuesFor(parameter, cmdlet, spot, known, 'parameters');
  const quote = /^['"]/.exec(typed)?.[0] ?? '';
  const wanted = unquoted(typed);
  const texts = 'files' in offer ? (world.files?.(wanted) ?? []) : offer.values;
  const isCode = (text: string) => text.startsWith('$');
  return offered(texts, texts.some(isCode) ? typed : wanted, start, (text) => ({
    text: isCode(text) && !parameter.completes && !('files' in offer) ? text : quoted(text, quote),
    label: text,
  }));
}

/** Property names of the objects that come through the pipe. */
function pipedProperties(upstream: Place['upstream'], place: Place, world: CompletionWorld): readonly string[] {
  for (let i = upstream.length - 1; i >= 0; i--) {
    const words = upstream[i]!;
    const first = words[0]?.text ?? '';
    const cmdlet = cmdletsFor(true)(first);
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
