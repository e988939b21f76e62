/**
 * The one place that knows which argument goes to which parameter: names, aliases and their unambiguous beginnings,
 * arguments without a name, repeated ones. It binds a call's arguments, values converted, mistakes said clearly; and of
 * words that are still being typed it says what the next one would be (`spotBehind`), which is what completion asks.
 */
import { bool } from '../domain/kind.ts';
import { dateText } from '../text/date.ts';
import { kebab, splitFlag } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import { type Cmdlet, commandWord, type Invocation, parametersOf, type Spelling } from './cmdlet.ts';
import { CmdletError, usage } from './error.ts';
import { CHANGE_PARAMETERS, COMMON_PARAMETERS, type Parameter, standsAlone } from './parameter.ts';
import { SecureString } from './secure-string.ts';
import { bare, PsObject, printed, type Value } from './value.ts';

export interface RawArguments {
  /** In the order given; `true` for a switch without a value; the alias where that was typed, for errors to say. */
  readonly named: readonly (readonly [parameter: Parameter, value: Value, alias?: string | undefined])[];
  readonly positional: readonly Value[];
}

export function spell(name: string, spelling: Spelling): string {
  return spelling === 'flags' ? `--${kebab(name)}` : `-${name}`;
}

const flat = (name: string) => name.replaceAll('-', '').toLowerCase();

/** Parameters that a typed name can mean: the one of that name or alias, else all that begin so. */
function candidatesFor(all: readonly Parameter[], typed: string): readonly Parameter[] {
  const wanted = flat(typed);
  if (wanted === '') return [];
  const named = (matches: (name: string) => boolean) =>
    all.filter(({ name, aliases = [] }) => matches(flat(name)) || aliases.some((alias) => matches(flat(alias))));
  const exact = named((name) => name === wanted);
  if (exact.length) return exact.slice(0, 1);
  const beginning = named((name) => name.startsWith(wanted));
  // one of the cmdlet's own comes before those that every cmdlet has
  const own = beginning.filter((one) => !COMMON.has(one));
  return own.length === 1 ? own : beginning;
}
const COMMON: ReadonlySet<Parameter> = new Set<Parameter>([...COMMON_PARAMETERS, ...CHANGE_PARAMETERS]);

/** The parameters that can be named in this spelling, the cmdlet's own first. */
export function namable(cmdlet: Cmdlet, spelling: Spelling): readonly Parameter[] {
  return parametersOf(cmdlet).filter((p) => (spelling === 'flags' ? !p.languageOnly : !p.commandLineOnly));
}

/** The parameter that a typed name means; `undefined` when there is none or it could be several. */
export function parameterNamed(cmdlet: Cmdlet, typed: string, spelling: Spelling): Parameter | undefined {
  const candidates = candidatesFor(namable(cmdlet, spelling), typed);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/**
 * The parameter a typed name means: exact name or alias first, else the only one it is a prefix of.
 * @throws CmdletError (usage) when unknown, with the nearest name, or ambiguous, with the candidates.
 */
export function resolveParameter(cmdlet: Cmdlet, typed: string, spelling: Spelling): Parameter {
  const all = namable(cmdlet, spelling);
  const candidates = candidatesFor(all, typed);
  if (candidates.length === 1) return candidates[0]!;
  if (cmdlet.takesAnything && spelling === 'parameters')
    return { name: typed, type: 'value', valueOptional: true, help: '' };
  const given = spelling === 'flags' ? `--${typed.replace(/^-+/, '')}` : `-${typed}`;
  if (candidates.length > 1) {
    const names = candidates.map((p) => spell(p.name, spelling)).join(', ');
    throw new CmdletError(`Parameter ${given} of ${cmdlet.name} is ambiguous. It could be: ${names}.`, {
      kind: 'usage',
      id: 'AmbiguousParameter',
      target: typed,
    });
  }
  const lacked = cmdlet.lacks?.(typed.replace(/^-+/, ''), spelling);
  const hint = lacked === undefined ? meantParameter(all, typed, spelling) : ` ${lacked}`;
  throw new CmdletError(
    `${cmdlet.name} has no parameter ${given}.${hint}${spelling === 'flags' ? ` See: rc help ${commandWord(cmdlet)}` : ''}`,
    {
      kind: 'usage',
      id: 'NamedParameterNotFound',
      target: typed,
    },
  );
}

/** ` Did you mean --name?`, or nothing. */
function meantParameter(all: readonly Parameter[], typed: string, spelling: Spelling): string {
  const names = all.flatMap((p) => [p.name, ...(p.aliases ?? [])]);
  const close =
    spelling === 'flags'
      ? nearest(typed.replace(/^-+/, ''), new Set(names.map(kebab)))
      : nearest(typed, new Set(names));
  return close ? ` Did you mean ${spelling === 'flags' ? `--${close}` : `-${close}`}?` : '';
}

/** Errors that say all that there is to say. */
const UNTOUCHED = new Set(['CannotConvertArgument', 'ParameterArgumentValidationErrorNullNotAllowed']);

/** Binds raw arguments. @throws CmdletError (usage), one for all that is wrong. */
export function bindArguments<P extends Parameter = Parameter>(
  cmdlet: Cmdlet & { readonly parameters: readonly P[] },
  raw: RawArguments,
  spelling: Spelling,
): Invocation<P> {
  const values = new Map<string, Value>();
  const problems: string[] = [];
  const aliases = new Map(raw.named.flatMap(([{ name }, , alias]) => (alias === undefined ? [] : [[name, alias]])));
  const bind = (parameter: Parameter, value: Value) => {
    try {
      values.set(parameter.name, convert(parameter, value, spelling, aliases.get(parameter.name)));
    } catch (error) {
      if (!(error instanceof CmdletError) || UNTOUCHED.has(error.id)) throw error;
      problems.push(error.message);
    }
  };
  const repeated = new Map<Parameter, Value[]>();
  for (const [parameter, value] of raw.named) {
    const before = repeated.get(parameter);
    if (before) before.push(value);
    else repeated.set(parameter, [value]);
  }
  for (const [parameter, given] of repeated) {
    if (given.length === 1) bind(parameter, given[0]!);
    else if (takesList(parameter)) bind(parameter, given.flat() as Value[]);
    else problems.push(`${spell(parameter.name, spelling)} was given ${given.length} times; give it once`);
  }
  bindPositional(cmdlet, raw.positional, values, bind, problems);
  if (problems.length) throw usage(`${cmdlet.name}: ${problems.join('\n  ')}`);
  expectOneSet(cmdlet, [...values.keys()]);
  return {
    cmdlet,
    arguments: argumentsOf(cmdlet, values),
    spelling,
    has: (name) => values.has(name),
    valueOf: ({ name }) => values.get(name),
    spell: (name) => spell(aliases.get(name) ?? name, spelling),
  };
}

/** @throws CmdletError (usage) when no parameter set has all that was given */
function expectOneSet({ sets = [] }: Cmdlet, given: readonly string[]): void {
  const told = given.filter((name) => sets.some((set) => set.includes(name)));
  if (!told.length || sets.some((set) => told.every((name) => set.includes(name)))) return;
  throw ambiguousSet();
}

export function ambiguousSet(): CmdletError {
  return new CmdletError(
    'Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.',
    { kind: 'usage', id: 'AmbiguousParameterSet' },
  );
}

/** The alias of a parameter that a typed name is. */
export function aliasTyped({ aliases = [] }: Parameter, typed: string): string | undefined {
  return aliases.find((alias) => flat(alias) === flat(typed));
}

/** Every value by its parameter's name; switches that were not given are false. That they are what the declaration says, `convert` saw to. */
function argumentsOf<P extends Parameter>(
  cmdlet: Cmdlet,
  values: ReadonlyMap<string, Value>,
): Invocation<P>['arguments'] {
  const all: Record<string, Value> = {};
  for (const parameter of parametersOf(cmdlet)) if (standsAlone(parameter)) all[parameter.name] = false;
  for (const [name, value] of values) all[name] = value;
  return all as Invocation<P>['arguments'];
}

function bindPositional(
  cmdlet: Cmdlet,
  positional: readonly Value[],
  values: ReadonlyMap<string, Value>,
  bind: (parameter: Parameter, value: Value) => void,
  problems: string[],
): void {
  const slots = slotsOf(cmdlet, (p) => values.has(p.name));
  const taken = new Map<Parameter, Value[]>();
  const extra: string[] = [];
  for (const [n, value] of positional.entries()) {
    const slot = slotAt(slots, n);
    if (!slot) extra.push(show(printed(value)));
    else taken.set(slot, [...(taken.get(slot) ?? []), value]);
  }
  for (const [slot, given] of taken)
    bind(slot, given.length === 1 ? given[0]! : slot.type === 'value' ? given : (given.flat() as Value[]));
  if (extra.length && !cmdlet.takesAnything) {
    const more = cmdlet.surplus === undefined ? '' : `. ${cmdlet.surplus}`;
    problems.push(`does not know what to do with ${extra.join(', ')}${more}`);
  }
}

/** Parameters that take arguments without a name, in their order; those given by name are not among them. */
export function slotsOf(cmdlet: Cmdlet, isNamed: (parameter: Parameter) => boolean): readonly Parameter[] {
  return cmdlet.parameters
    .filter((p) => p.position !== undefined && !isNamed(p))
    .sort((a, b) => a.position! - b.position!);
}

/** The one that takes the n-th argument without a name, from 0. */
export function slotAt(slots: readonly Parameter[], n: number): Parameter | undefined {
  const rest = slots.findIndex((slot) => slot.rest);
  return slots[rest >= 0 && n > rest ? rest : n];
}

/** Where the next word would stand, behind words that are there already. */
export interface Spot {
  /** The parameter whose value it would be, because its name is right before; else the one that takes it by position. */
  readonly named: Parameter | undefined;
  readonly positional: Parameter | undefined;
  /** A flag that is not the cmdlet's, whose value it would be. */
  readonly foreign: string | undefined;
  /** Parameters given by name. */
  readonly given: ReadonlySet<Parameter>;
  /** Arguments without a name. */
  readonly words: readonly string[];
  /** What -Identity is given, by name or position. */
  readonly identities: readonly string[];
  /** Behind `--` nothing is a flag. */
  readonly onlyWords: boolean;
}

const IS_FLAG: Readonly<Record<Spelling, RegExp>> = { flags: /^-(-|[A-Za-z?])/, parameters: /^-[A-Za-z?]/ };

/**
 * @param words unquoted, with `-` for every dash
 * @param foreign knows flags that are not the cmdlet's, and whether a value follows them
 */
export function spotBehind(
  cmdlet: Cmdlet,
  words: readonly string[],
  spelling: Spelling,
  foreign: (flag: string) => { readonly takesValue: boolean } | undefined = () => undefined,
): Spot {
  const given = new Set<Parameter>();
  const positional: string[] = [];
  const identities: string[] = [];
  let named: Parameter | undefined;
  let other: string | undefined;
  let onlyWords = false;
  for (const word of words) {
    if (named || other !== undefined) {
      if (named?.name === 'Identity') identities.push(word);
      if (!word.trimEnd().endsWith(',')) named = other = undefined;
    } else if (word === '--' && spelling === 'flags' && !onlyWords) onlyWords = true;
    else if (onlyWords || !IS_FLAG[spelling].test(word)) positional.push(word);
    else {
      const { name, inline } = splitFlag(word);
      const flag = isOwn(cmdlet, name) ? undefined : foreign(name);
      const parameter = flag ? undefined : parameterNamed(cmdlet, name.replace(/^-+/, ''), spelling);
      if (parameter) given.add(parameter);
      if (flag?.takesValue && inline === undefined) other = name;
      if (parameter && !standsAlone(parameter) && inline === undefined) named = parameter;
    }
  }
  const slots = slotsOf(cmdlet, (p) => given.has(p));
  return {
    named,
    positional: slotAt(slots, positional.length),
    foreign: other,
    given,
    words: positional,
    identities: identities.length ? identities : positional,
    onlyWords,
  };
}

/** Does the cmdlet itself have a parameter of exactly this name? It then wins over a flag of `rc`. */
export function isOwn(cmdlet: Cmdlet, flag: string): boolean {
  const name = flat(flag);
  return cmdlet.parameters.some((p) => flat(p.name) === name || p.aliases?.some((alias) => flat(alias) === name));
}

/** May the parameter be given several times, or several values? */
export function takesList(parameter: Parameter): boolean {
  return (
    parameter.type === 'strings' ||
    parameter.type === 'properties' ||
    parameter.type === 'value' ||
    parameter.kind === 'list' ||
    parameter.kind === 'flags'
  );
}

/** @param typed the name it was typed by */
function convert(parameter: Parameter, written: Value, spelling: Spelling, typed = parameter.name): Value {
  const value = Array.isArray(written) ? (written as Value[]).map(bare) : bare(written);
  const name = spell(typed, spelling);
  switch (parameter.type) {
    case 'secret':
      if (typeof value === 'boolean' || value instanceof SecureString) return value;
      // the value is not shown: it may be a password
      throw usage(
        spelling === 'flags'
          ? `${name} takes no value: it asks. A password is never taken from the command line, where everybody could see it.`
          : `${name} takes a SecureString, not a text: (Read-Host -AsSecureString), or nothing, and it asks.`,
      );
    case 'switch':
    case 'bool':
      try {
        return bool.parse(value);
      } catch (error) {
        throw usage(`${name}: ${(error as Error).message}`);
      }
    case 'int': {
      const text = printed(value).trim();
      if (/^\d+$/.test(text) && !Number.isSafeInteger(Number(text)))
        throw usage(`${name}: ${show(text)} is out of range; allowed: a whole number up to ${Number.MAX_SAFE_INTEGER}`);
      if (!/^\d+$/.test(text)) throw usage(`${name}: ${show(text)} is not a whole number of at least 0`);
      return Number(text);
    }
    case 'string':
    case 'path':
      if (Array.isArray(value) && spelling === 'parameters')
        throw new CmdletError(
          `Cannot convert 'System.Object[]' to the type 'System.String' required by parameter '${typed}'. Specified method is not supported.`,
          { kind: 'usage', id: 'CannotConvertArgument', category: 'InvalidArgument' },
        );
      if (value === null && parameter.notNull)
        throw new CmdletError(`Cannot bind argument to parameter '${typed}' because it is null.`, {
          id: 'ParameterArgumentValidationErrorNullNotAllowed',
          category: 'InvalidData',
        });
      // a cmdlet takes a date's text as our culture has it
      return oneOfValues(parameter, name, value instanceof Date ? dateText(value) : printed(value));
    case 'strings': {
      const items = Array.isArray(value) ? (value as Value[]) : [value];
      return items
        .flatMap((item) =>
          typeof item === 'string' && spelling === 'flags' && parameter.position === undefined
            ? item.split(',')
            : [item],
        )
        .map(identityText);
    }
    default:
      return value;
  }
}

/** The text that names an object: the one it has as a text, as a file its path; else its Identity or Name when it has one. */
function identityText(value: Value): string {
  if (!(value instanceof PsObject) || value.toString !== PsObject.prototype.toString) return printed(value);
  const named = value.get('Identity') ?? value.get('Name') ?? value.get('Guid');
  return named === undefined ? printed(value) : printed(named);
}

function oneOfValues(parameter: Parameter, name: string, text: string): string {
  if (!parameter.values) return text;
  const found = parameter.values.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (!found) throw usage(`${name}: ${show(text)} is not possible; allowed: ${parameter.values.join(', ')}`);
  return found;
}
