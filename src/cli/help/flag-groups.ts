/** The flags of a command in groups with headings: its own first, the settings by topic, what all commands have last. */

import { SETTING_TOPICS } from '../../domain/setting-topics.ts';
import { type Cmdlet, exchangeParametersOf } from '../../pipeline/cmdlet.ts';
import {
  CHANGE_PARAMETERS,
  COMMON_PARAMETERS,
  type Parameter,
  placeholderOf,
  standsAlone,
} from '../../pipeline/parameter.ts';
import { kebab } from '../../text/flag-name.ts';
import { type Flag, GLOBAL_FLAGS } from '../global-flags.ts';

export interface FlagGroup {
  readonly heading: string;
  readonly flags: readonly Flag[];
}

export function flagGroups(cmdlet: Cmdlet): FlagGroup[] {
  const own = cmdlet.parameters.filter((p) => p.type !== 'setting');
  const settings = cmdlet.parameters.filter((p) => p.type === 'setting');
  const groups: FlagGroup[] = [{ heading: 'Flags', flags: own.map(parameterFlag) }];
  // The topics are those of a connector's settings; the transport service has some settings of the same name.
  const topics = cmdlet.gives === 'ReceiveConnector' ? SETTING_TOPICS : [];
  for (const topic of topics) {
    const inTopic = topic.settings.flatMap((name) => settings.filter((p) => p.setting === name));
    groups.push({ heading: topic.heading, flags: inTopic.map(parameterFlag) });
  }
  const placed = new Set<string | undefined>(topics.flatMap((topic) => topic.settings));
  const others = settings.filter((p) => !placed.has(p.setting));
  groups.push({ heading: 'Settings', flags: others.map(parameterFlag) });
  if (cmdlet.changes) {
    const wait = GLOBAL_FLAGS.filter((flag) => flag.names[0] === '--wait');
    groups.push({ heading: 'Before and after a change', flags: [...CHANGE_PARAMETERS.map(parameterFlag), ...wait] });
  }
  groups.push({
    heading: 'Errors and warnings',
    flags: COMMON_PARAMETERS.filter((p) => !('languageOnly' in p)).map(parameterFlag),
  });
  groups.push({ heading: 'For the sake of scripts', flags: exchangeParametersOf(cmdlet).map(parameterFlag) });
  const taken = new Set(cmdlet.parameters.map((p) => `--${kebab(p.name)}`));
  const { heading, flags } = globalGroup();
  groups.push({ heading, flags: flags.filter((flag) => !taken.has(flag.names[0]!)) });
  return groups.filter((group) => group.flags.length > 0);
}

/** The flags of `rc` itself. */
export function globalGroup(): FlagGroup {
  return {
    heading: 'Flags of every command',
    flags: GLOBAL_FLAGS.filter((flag) => flag.names[0] !== '--wait'),
  };
}

/** What may stand in the place of a command. */
export const LANGUAGE_GROUP: FlagGroup = {
  heading: 'Instead of a command',
  flags: [
    {
      names: ['-c'],
      placeholder: 'TEXT',
      help: 'Runs the text in the command language; "-" reads it from standard input.',
    },
    {
      names: ['-f'],
      placeholder: 'FILE',
      help: 'Runs a script of the command language; "-" reads it from standard input. What follows are its $args.',
    },
  ],
};

export function parameterFlag(parameter: Parameter): Flag {
  const names = [parameter.name, ...(parameter.aliases ?? []).filter((alias) => alias.length > 2)];
  return {
    names: names.map((name) => `--${kebab(name)}`),
    placeholder: standsAlone(parameter) ? undefined : placeholderOf(parameter),
    help: valuesSaid(parameter),
  };
}

/** Enum values are named in the help of settings; for other parameters they are added. */
function valuesSaid(parameter: Parameter): string {
  if (parameter.type === 'setting' || parameter.type === 'switch' || parameter.type === 'bool' || !parameter.values)
    return parameter.help;
  return parameter.values.every((value) => parameter.help.includes(value))
    ? parameter.help
    : `${parameter.help} One of ${parameter.values.join(', ')}.`;
}

/** `--output, -o FORMAT`, `--wait[=TIME]`. */
export function flagText(flag: Flag): string {
  const names = flag.names.join(', ');
  if (!flag.placeholder) return names;
  return flag.optional ? `${names}[=${flag.placeholder}]` : `${names} ${flag.placeholder}`;
}

/** What stands after the command's name: `[NAME…] [flags]`. */
export function usageOf(cmdlet: Cmdlet): string {
  const positional = cmdlet.parameters
    .filter((p) => p.position !== undefined)
    .sort((a, b) => a.position! - b.position!);
  const words = positional.map((p) => {
    const word = `${placeholderOf(p)}${p.rest ? '…' : ''}`;
    return p.mandatory ? word : `[${word}]`;
  });
  return [...words, '[flags]'].join(' ');
}
