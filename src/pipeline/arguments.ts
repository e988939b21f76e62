/** The arguments of one call, bound to parameters: names by unambiguous prefix, values converted, mistakes said clearly. */
import { bool } from '../domain/kind.ts';
import { show } from '../domain/value-error.ts';
import { kebab } from '../text/flag-name.ts';
import { nearest } from '../text/suggest.ts';
import { type Cmdlet, type Invocation, parametersOf, type Spelling } from './cmdlet.ts';
import { CmdletError, usage } from './error.ts';
import type { Parameter } from './parameter.ts';
import { PsObject, printed, type Value } from './value.ts';

export interface RawArguments {
  /** In the order given; `true` for a switch without a value. */
  readonly named: readonly (readonly [parameter: Parameter, value: Value])[];
  readonly positional: readonly Value[];
}

export function spell(name: string, spelling: Spelling): string {
  return spelling === 'flags' ? `--${kebab(name)}` : `-${name}`;
}

const flat = (name: string) => name.replaceAll('-', '').toLowerCase();

/**
 * The parameter a typed name means: exact name or alias first, else the only one it is a prefix of.
 * @throws CmdletError (usage) when unknown, with the nearest name, or ambiguous, with the candidates.
 */
export function resolveParameter(cmdlet: Cmdlet, typed: string, spelling: Spelling): Parameter {
  const all = parametersOf(cmdlet).filter((p) => spelling === 'flags' || !p.commandLineOnly);
  const wanted = flat(typed);
  const exact = all.find((p) => flat(p.name) === wanted || p.aliases?.some((alias) => flat(alias) === wanted));
  if (exact) return exact;
  const candidates =
    wanted === ''
      ? []
      : all.filter((p) => [p.name, ...(p.aliases ?? [])].some((name) => flat(name).startsWith(wanted)));
  if (candidates.length === 1) return candidates[0]!;
  const given = spelling === 'flags' ? `--${typed.replace(/^-+/, '')}` : `-${typed}`;
  if (candidates.length > 1) {
    const names = candidates.map((p) => spell(p.name, spelling)).join(', ');
    throw new CmdletError(`Parameter ${given} of ${cmdlet.name} is ambiguous. It could be: ${names}.`, {
      kind: 'usage',
      id: 'AmbiguousParameter',
      target: typed,
    });
  }
  const names = new Map(
    all.flatMap((p) =>
      [p.name, ...(p.aliases ?? [])].map((name) => [spelling === 'flags' ? kebab(name) : name, p] as const),
    ),
  );
  const close = nearest(spelling === 'flags' ? typed.replace(/^-+/, '') : typed, names.keys());
  const hint = close ? ` Did you mean ${spelling === 'flags' ? `--${close}` : `-${close}`}?` : '';
  throw new CmdletError(
    `${cmdlet.name} has no parameter ${given}.${hint}${spelling === 'flags' ? ` See: rc help ${cmdlet.short ?? kebab(cmdlet.name)}` : ''}`,
    {
      kind: 'usage',
      id: 'NamedParameterNotFound',
      target: typed,
    },
  );
}

/** Binds raw arguments. @throws CmdletError (usage), one for all that is wrong. */
export function bindArguments<P extends Parameter = Parameter>(
  cmdlet: Cmdlet & { readonly parameters: readonly P[] },
  raw: RawArguments,
  spelling: Spelling,
): Invocation<P> {
  const values = new Map<string, Value>();
  const problems: string[] = [];
  const bind = (parameter: Parameter, value: Value) => {
    try {
      values.set(parameter.name, convert(parameter, value, spelling));
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error;
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
  return {
    cmdlet,
    arguments: argumentsOf(cmdlet, values),
    spelling,
    has: (name) => values.has(name),
    valueOf: ({ name }) => values.get(name),
    spell: (name) => spell(name, spelling),
  };
}

/** Every value by its parameter's name; switches that were not given are false. That they are what the declaration says, `convert` saw to. */
function argumentsOf<P extends Parameter>(
  cmdlet: Cmdlet,
  values: ReadonlyMap<string, Value>,
): Invocation<P>['arguments'] {
  const all: Record<string, Value> = {};
  for (const { name, type } of parametersOf(cmdlet)) if (type === 'switch') all[name] = false;
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
  const slots = cmdlet.parameters
    .filter((p) => p.position !== undefined && !values.has(p.name))
    .sort((a, b) => a.position! - b.position!);
  let next = 0;
  for (const slot of slots) {
    if (next >= positional.length) break;
    if (slot.rest) {
      const rest = positional.slice(next);
      bind(slot, rest.length === 1 ? rest[0]! : (rest.flat() as Value[]));
      next = positional.length;
    } else bind(slot, positional[next++]!);
  }
  if (next < positional.length) {
    const extra = positional.slice(next).map((value) => show(printed(value)));
    problems.push(`does not know what to do with ${extra.join(', ')}`);
  }
}

function takesList(parameter: Parameter): boolean {
  return (
    parameter.type === 'strings' ||
    parameter.type === 'properties' ||
    parameter.type === 'value' ||
    parameter.kind === 'list' ||
    parameter.kind === 'flags'
  );
}

function convert(parameter: Parameter, value: Value, spelling: Spelling): Value {
  const name = spell(parameter.name, spelling);
  switch (parameter.type) {
    case 'switch':
    case 'bool':
      try {
        return bool.parse(value);
      } catch (error) {
        throw usage(`${name}: ${(error as Error).message}`);
      }
    case 'int': {
      const text = printed(value).trim();
      if (!/^\d+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER)
        throw usage(`${name}: ${show(text)} is not a whole number of at least 0`);
      return Number(text);
    }
    case 'string':
    case 'path':
      return oneOfValues(parameter, name, printed(value));
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

/** The text that names an object: its Identity or Name when it has one. */
export function identityText(value: Value): string {
  if (!(value instanceof PsObject)) return printed(value);
  const named = value.get('Identity') ?? value.get('Name') ?? value.get('Guid');
  return named === undefined ? printed(value) : printed(named);
}

function oneOfValues(parameter: Parameter, name: string, text: string): string {
  if (!parameter.values) return text;
  const found = parameter.values.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (!found) throw usage(`${name}: ${show(text)} is not possible; allowed: ${parameter.values.join(', ')}`);
  return found;
}
