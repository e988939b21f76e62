/** The parameters that come from the settings catalogue, and the edits a call's arguments mean. */

import type { Arguments } from '../cmdlet/arguments.ts';
import { kebab, type Parameter } from '../cmdlet/cmdlet.ts';
import { usage } from '../cmdlet/error.ts';
import { Hashtable, type Value } from '../cmdlet/value.ts';
import type { Edit } from '../connector/connector.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../connector/settings.ts';
import { ValueError } from '../connector/value-error.ts';

export const IDENTITY: Parameter = {
  name: 'Identity',
  type: 'strings',
  position: 0,
  rest: true,
  pipeline: true,
  completes: 'connector',
  placeholder: 'NAME',
  help: 'The connector: its name, SERVER\\Name, GUID or distinguished name; wildcards (* ? [a-z]) find several. Quote wildcards in a shell.',
};

function settingParameter(name: SettingName): Parameter {
  const { kind, summary, aliases, acts, legal } = SETTINGS[name];
  const kept = acts === 'yes' ? '' : ' Kept for Exchange’s sake; this listener does not act on it.';
  return {
    name,
    type: 'setting',
    setting: name,
    aliases,
    values: kind.members,
    placeholder: kind.placeholder,
    help: `${summary} Allowed: ${kind.allowed}.${legal ? ` Rule: ${legal}.` : ''}${kept}`,
  };
}

const isList = (name: SettingName) => SETTINGS[name].kind.name === 'list' || SETTINGS[name].kind.name === 'flags';

function listParameters(name: SettingName): Parameter[] {
  if (!isList(name)) return [];
  const { kind } = SETTINGS[name];
  const part = (verb: 'Add' | 'Remove', help: string): Parameter => ({
    name: `${verb}${name}`,
    type: 'setting',
    setting: name,
    values: kind.members,
    placeholder: kind.placeholder,
    help,
    commandLineOnly: true,
  });
  return [part('Add', `Adds to ${name}, the rest stays.`), part('Remove', `Takes from ${name}, the rest stays.`)];
}

/** One parameter a setting. */
export const SETTING_PARAMETERS: readonly Parameter[] = SETTING_NAMES.map(settingParameter);
/** `--add-…` and `--remove-…` of every list. */
export const LIST_PARAMETERS: readonly Parameter[] = SETTING_NAMES.flatMap(listParameters);

/** The edits that the arguments ask for, every value checked. @throws CmdletError (usage) naming all that is wrong */
export function editsFrom(args: Arguments): Map<SettingName, Edit> {
  const edits = new Map<SettingName, Edit>();
  const problems: string[] = [];
  for (const [parameter, value] of args.settings()) {
    const name = parameter.setting!;
    const edit = parameter.name === name ? editOf(name, value) : partEdit(parameter, name, value, edits.get(name));
    if (edit === 'both') {
      problems.push(`${args.spell(name)} replaces the whole list; ${args.spell(parameter.name)} cannot go with it`);
      continue;
    }
    problems.push(...problemsOf(args, parameter, name, edit));
    edits.set(name, edit);
  }
  if (problems.length)
    throw usage(
      problems.length === 1 ? problems[0]! : `${problems.length} values cannot be:\n  ${problems.join('\n  ')}`,
    );
  return edits;
}

function partEdit(parameter: Parameter, name: SettingName, value: Value, before: Edit | undefined): Edit | 'both' {
  if (before && 'replace' in before) return 'both';
  const parts = { add: before?.add ?? [], remove: before?.remove ?? [] };
  return parameter.name === `Add${name}`
    ? { ...parts, add: listed(name, value) }
    : { ...parts, remove: listed(name, value) };
}

function editOf(name: SettingName, value: Value): Edit {
  if (value instanceof Hashtable && isList(name))
    return { add: listed(name, value.get('Add') ?? []), remove: listed(name, value.get('Remove') ?? []) };
  return { replace: value };
}

/** The elements that a text or list means; texts are split as the setting's own kind splits them. */
function listed(name: SettingName, value: Value): readonly unknown[] {
  const { kind } = SETTINGS[name];
  try {
    const parsed: unknown = kind.parse(value);
    if (Array.isArray(parsed)) return parsed;
    return typeof parsed === 'object' && parsed !== null && 'names' in parsed
      ? (parsed.names as readonly unknown[])
      : [parsed];
  } catch {
    return Array.isArray(value) ? value : [value]; // said by problemsOf, element by element
  }
}

function problemsOf(args: Arguments, parameter: Parameter, name: SettingName, edit: Edit): string[] {
  const { kind } = SETTINGS[name];
  const check = (parse: () => unknown): string[] => {
    try {
      parse();
      return [];
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      return [`${name}: ${error.message} For example: ${example(args, parameter, kind.example)}`];
    }
  };
  if ('replace' in edit) return check(() => kind.parse(edit.replace));
  return [...edit.add, ...edit.remove].flatMap((item) => check(() => (kind.element ?? kind).parse(item)));
}

function example(args: Arguments, parameter: Parameter, value: string): string {
  const quoted = /[\s,;<>|&$()]/.test(value) ? `"${value}"` : value;
  return args.spelling === 'flags' ? `--${kebab(parameter.name)} ${quoted}` : `-${parameter.name} ${quoted}`;
}
