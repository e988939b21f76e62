/** Parameters that come from a settings catalogue, whichever, and the edits a call's arguments mean. */

import { type Edit, elementsIn, replaced } from '../domain/catalogue.ts';
import { type Kind, splitList } from '../domain/kind.ts';
import type { Setting } from '../domain/setting.ts';
import type { Scalar } from '../domain/value.ts';
import { ValueError } from '../domain/value-error.ts';
import type { Invocation } from '../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import type { Parameter } from '../pipeline/parameter.ts';
import { Hashtable, type Value } from '../pipeline/value.ts';
import { kebab } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';

/** A parameter for a setting, or for a part of its list. What it says is made when it is asked for: there are eighty, and a call names one. */
class SettingParameter<N extends string, Name extends string = N> implements Parameter {
  readonly type = 'setting';
  constructor(
    readonly name: Name,
    readonly setting: N,
    protected readonly of: Setting,
  ) {}

  get kind(): Kind['name'] {
    return this.of.kind.name;
  }

  get aliases(): readonly string[] | undefined {
    return this.of.aliases;
  }

  get values(): readonly string[] | undefined {
    return this.of.kind.members;
  }

  get placeholder(): string | undefined {
    return this.of.kind.placeholder;
  }

  get help(): string {
    const { kind, summary, acts, legal } = this.of;
    const kept = acts === 'yes' ? '' : ' Kept for Exchange’s sake; this listener does not act on it.';
    return `${summary} Allowed: ${kind.allowed}.${legal ? ` Rule: ${legal}.` : ''}${kept}`;
  }
}

/** What `--add-…` or `--remove-…` of a list is. */
class PartParameter<N extends string, Name extends string> extends SettingParameter<N, Name> {
  readonly commandLineOnly = true;

  override get aliases(): undefined {
    return undefined;
  }

  override get help(): string {
    return `${this.name.startsWith('Add') ? 'Adds to' : 'Takes from'} ${this.setting}, the rest stays.`;
  }
}

interface SettingParameters<N extends string> {
  /** One parameter a setting. */
  readonly single: readonly SettingParameter<N>[];
  /** `--add-…` and `--remove-…` of every list. */
  readonly lists: readonly PartParameter<N, `Add${N}` | `Remove${N}`>[];
  /** The edits that the arguments ask for, every value checked. @throws CmdletError (usage) naming all that is wrong */
  edits(call: Invocation): Map<N, Edit>;
}

export function settingParameters<N extends string>(catalogue: Readonly<Record<N, Setting>>): SettingParameters<N> {
  const names = Object.keys(catalogue) as N[];
  return {
    get single() {
      return names.map((name) => new SettingParameter(name, name, catalogue[name]));
    },
    get lists() {
      return names.flatMap((name) => partsOf(name, catalogue[name]));
    },
    edits: (call) => editsFrom(call, catalogue),
  };
}

const isList = ({ kind }: Setting) => kind.name === 'list' || kind.name === 'flags';

function partsOf<N extends string>(name: N, setting: Setting): PartParameter<N, `Add${N}` | `Remove${N}`>[] {
  if (!isList(setting)) return [];
  return [new PartParameter(`Add${name}`, name, setting), new PartParameter(`Remove${name}`, name, setting)];
}

function editsFrom<N extends string>(call: Invocation, catalogue: Readonly<Record<N, Setting>>): Map<N, Edit> {
  const edits = new Map<N, Edit>();
  const problems: string[] = [];
  const bad = new Set<string>();
  for (const [parameter, value] of settingsOf(call)) {
    const name = parameter.setting as N;
    const problem = (message: string) => {
      bad.add(name);
      problems.push(message);
    };
    const report = ({ message }: ValueError) =>
      problem(`${name}: ${message} For example: ${example(call, parameter, catalogue[name].kind.example)}`);
    const before = edits.get(name);
    const written =
      call.spelling === 'flags' && isList(catalogue[name]) ? hashtableAsFlags(call, parameter, value) : '';
    if (written) {
      problem(`${name}: @{…} is of the command language (rc -c '…'); here it is ${written}`);
    } else if (parameter.name === name) {
      const edit = editOf(catalogue[name], value, report);
      if (edit) edits.set(name, edit);
    } else if (before && 'replace' in before) {
      problem(`${call.spell(name)} replaces the whole list; ${call.spell(parameter.name)} cannot go with it`);
    } else {
      const elements = elementsOf(catalogue[name], value, report);
      const { add, remove } = before ?? { add: [], remove: [] };
      edits.set(name, parameter.name === `Add${name}` ? { add: elements, remove } : { add, remove: elements });
    }
  }
  if (problems.length) throw new InvalidValues(problems, bad, new Map([...edits].filter(([name]) => !bad.has(name))));
  return edits;
}

/** `@{Add='a','b'; Remove='c'}` typed as the value of a flag, in flags; empty for any other value. */
function hashtableAsFlags(call: Invocation, { setting = '' }: Parameter, value: Value): string {
  const text = Array.isArray(value) ? value.join(',') : value;
  if (typeof text !== 'string' || !/^\s*@\{/.test(text)) return '';
  const canAdd = call.cmdlet.parameters.some(({ name }) => name === `Add${setting}`);
  const parts = [...text.matchAll(/\b(add|remove)["']?\s*=\s*([^;}]*)/gi)].map(([, verb = '', list = '']) => {
    const elements = list.replaceAll(/["'\s]|@\(|\)/g, '');
    if (canAdd) return `--${verb.toLowerCase()}-${kebab(setting)} ${elements || '…'}`;
    return /^add$/i.test(verb) ? `--${kebab(setting)} ${elements || '…'}` : '';
  });
  return parts.filter(Boolean).join(' ') || (canAdd ? `--add-${kebab(setting)} …` : `--${kebab(setting)} …`);
}

/** The settings given, in the order of the declaration. */
function* settingsOf(call: Invocation): Iterable<readonly [parameter: Parameter, value: Value]> {
  for (const parameter of call.cmdlet.parameters) {
    if (parameter.type !== 'setting' || !call.has(parameter.name)) continue;
    yield [parameter, call.valueOf(parameter)!];
  }
}

/** Values that cannot be, and the edits that could: so that rules between settings can be told in the same error. */
export class InvalidValues extends CmdletError {
  constructor(
    readonly problems: readonly string[],
    /** Settings whose value is not known. */
    readonly bad: ReadonlySet<string>,
    readonly good: ReadonlyMap<string, Edit>,
  ) {
    super(problems.length === 1 ? problems[0]! : `${problems.length} values cannot be:\n  ${problems.join('\n  ')}`, {
      kind: 'usage',
    });
  }
}

type Report = (error: ValueError) => void;

/** `undefined` when it cannot be, which is told. */
function editOf(setting: Setting, value: Value, report: Report): Edit | undefined {
  if (value instanceof Hashtable && isList(setting)) {
    const odd = [...value.entries.keys()].find((key) => !/^(add|remove)$/i.test(key));
    if (odd !== undefined || value.entries.size === 0)
      throw usage(
        `@{…} for a list takes Add and Remove${odd === undefined ? '' : `, not ${show(odd)}`}: @{Add='…'; Remove='…'}`,
      );
    const [add, remove] = ['Add', 'Remove'].map((key) => elementsOf(setting, value.get(key) ?? [], report));
    return { add: add!, remove: remove! };
  }
  return attempt(() => replaced(setting, value), report);
}

/** The elements that a text or list means, split as the setting's own kind splits them; every one that cannot be is told. */
function elementsOf(setting: Setting, value: Value, report: Report): readonly Scalar[] {
  const { kind } = setting;
  return (
    attempt(
      () => elementsIn(setting, value),
      (error) => {
        const each = splitList(value);
        let count = 0;
        for (const item of each)
          attempt(
            () => (kind.element ?? kind).parse(item),
            (one) => {
              count++;
              report(one);
            },
          );
        if (!count && each.length) report(error);
      },
    ) ?? []
  );
}

function attempt<T>(parse: () => T, report: Report): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    report(error);
    return undefined;
  }
}

function example(call: Invocation, parameter: Parameter, value: string): string {
  const quoted = /[\s,;<>|&$()]/.test(value) ? `"${value}"` : value;
  return call.spelling === 'flags' ? `--${kebab(parameter.name)} ${quoted}` : `-${parameter.name} ${quoted}`;
}
