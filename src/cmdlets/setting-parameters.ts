/** Parameters that come from a settings catalogue, whichever, and the edits a call's arguments mean. */

import type { Edit } from '../domain/catalogue.ts';
import { splitList } from '../domain/kind.ts';
import type { Setting } from '../domain/settings.ts';
import { show, ValueError } from '../domain/value-error.ts';
import type { Arguments } from '../pipeline/arguments.ts';
import { kebab, type Parameter } from '../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../pipeline/error.ts';
import { Hashtable, type Value } from '../pipeline/value.ts';

export interface SettingParameters<N extends string> {
  /** One parameter a setting. */
  readonly single: readonly Parameter[];
  /** `--add-…` and `--remove-…` of every list. */
  readonly lists: readonly Parameter[];
  /** The edits that the arguments ask for, every value checked. @throws CmdletError (usage) naming all that is wrong */
  edits(args: Arguments): Map<N, Edit>;
}

export function settingParameters<N extends string>(catalogue: Readonly<Record<N, Setting>>): SettingParameters<N> {
  const names = Object.keys(catalogue) as N[];
  return {
    get single() {
      return names.map((name) => settingParameter(name, catalogue[name]));
    },
    get lists() {
      return names.flatMap((name) => listParameters(name, catalogue[name]));
    },
    edits: (args) => editsFrom(args, catalogue),
  };
}

function settingParameter(name: string, setting: Setting): Parameter {
  const { kind, summary, aliases, acts, legal } = setting;
  const kept = acts === 'yes' ? '' : ' Kept for Exchange’s sake; this listener does not act on it.';
  return {
    name,
    type: 'setting',
    setting: name,
    kind: kind.name,
    aliases,
    values: kind.members,
    placeholder: kind.placeholder,
    help: `${summary} Allowed: ${kind.allowed}.${legal ? ` Rule: ${legal}.` : ''}${kept}`,
  };
}

const isList = ({ kind }: Setting) => kind.name === 'list' || kind.name === 'flags';

function listParameters(name: string, setting: Setting): Parameter[] {
  if (!isList(setting)) return [];
  const { kind } = setting;
  const part = (verb: 'Add' | 'Remove', help: string): Parameter => ({
    name: `${verb}${name}`,
    type: 'setting',
    setting: name,
    kind: kind.name,
    values: kind.members,
    placeholder: kind.placeholder,
    help,
    commandLineOnly: true,
  });
  return [part('Add', `Adds to ${name}, the rest stays.`), part('Remove', `Takes from ${name}, the rest stays.`)];
}

function editsFrom<N extends string>(args: Arguments, catalogue: Readonly<Record<N, Setting>>): Map<N, Edit> {
  const edits = new Map<N, Edit>();
  const problems: string[] = [];
  const bad = new Set<string>();
  for (const [parameter, value] of args.settings()) {
    const name = parameter.setting as N;
    const setting = catalogue[name];
    const edit =
      parameter.name === name ? editOf(setting, value) : partEdit(parameter, name, setting, value, edits.get(name));
    if (edit === 'both') {
      problems.push(`${args.spell(name)} replaces the whole list; ${args.spell(parameter.name)} cannot go with it`);
      bad.add(name);
      continue;
    }
    const found = problemsOf(args, parameter, setting, edit);
    if (found.length) bad.add(name);
    problems.push(...found);
    edits.set(name, edit);
  }
  if (problems.length) throw new InvalidValues(problems, bad, new Map([...edits].filter(([name]) => !bad.has(name))));
  return edits;
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

function partEdit(
  parameter: Parameter,
  name: string,
  setting: Setting,
  value: Value,
  before: Edit | undefined,
): Edit | 'both' {
  if (before && 'replace' in before) return 'both';
  const parts = { add: before?.add ?? [], remove: before?.remove ?? [] };
  return parameter.name === `Add${name}`
    ? { ...parts, add: listed(setting, value) }
    : { ...parts, remove: listed(setting, value) };
}

function editOf(setting: Setting, value: Value): Edit {
  if (value instanceof Hashtable && isList(setting)) {
    const odd = [...value.entries.keys()].find((key) => !/^(add|remove)$/i.test(key));
    if (odd !== undefined || value.entries.size === 0)
      throw usage(
        `@{…} for a list takes Add and Remove${odd === undefined ? '' : `, not ${show(odd)}`}: @{Add='…'; Remove='…'}`,
      );
    return { add: listed(setting, value.get('Add') ?? []), remove: listed(setting, value.get('Remove') ?? []) };
  }
  return { replace: value };
}

/** The elements that a text or list means; texts are split as the setting's own kind splits them. */
function listed({ kind }: Setting, value: Value): readonly unknown[] {
  try {
    const parsed: unknown = kind.parse(value);
    if (Array.isArray(parsed)) return parsed;
    return typeof parsed === 'object' && parsed !== null && 'names' in parsed
      ? (parsed.names as readonly unknown[])
      : [parsed];
  } catch {
    return splitList(value); // said by problemsOf, element by element
  }
}

function problemsOf(args: Arguments, parameter: Parameter, { kind }: Setting, edit: Edit): string[] {
  const check = (parse: () => unknown): string[] => {
    try {
      parse();
      return [];
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      return [`${parameter.setting}: ${error.message} For example: ${example(args, parameter, kind.example)}`];
    }
  };
  if ('replace' in edit) return check(() => kind.parse(edit.replace));
  return [...edit.add, ...edit.remove].flatMap((item) => check(() => (kind.element ?? kind).parse(item)));
}

function example(args: Arguments, parameter: Parameter, value: string): string {
  const quoted = /[\s,;<>|&$()]/.test(value) ? `"${value}"` : value;
  return args.spelling === 'flags' ? `--${kebab(parameter.name)} ${quoted}` : `-${parameter.name} ${quoted}`;
}
