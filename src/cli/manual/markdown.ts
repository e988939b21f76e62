/** docs/commands.md and docs/settings.md, from the tables. */

import type { Setting } from '../../domain/setting.ts';
import { SETTING_TOPICS } from '../../domain/setting-topics.ts';
import { SETTING_NAMES, SETTINGS } from '../../domain/settings.ts';
import { TRANSPORT_SETTING_NAMES, TRANSPORT_SETTINGS } from '../../domain/transport-settings.ts';
import { type Cmdlet, commandWord } from '../../pipeline/cmdlet.ts';
import { COMMANDS } from '../commands.ts';
import { quoted } from '../help/example-lines.ts';
import { flagGroups, flagText, globalGroup, parameterFlag, usageOf } from '../help/flag-groups.ts';
import { ACTS, defaultOfSetting, HOLDS } from '../help/setting.ts';
import { cmdletGroups, commandNames, otherNames } from '../help.ts';

const MADE = '<!-- Made from the tables by "npm run docs"; changes here are lost. -->\n';

export function commandsPage(): string {
  const groups = cmdletGroups();
  const contents = groups.flatMap(({ heading, cmdlets }) => [
    `\n**${heading}**\n`,
    ...cmdlets.map((c) => `- [\`rc ${commandWord(c)}\`](#rc-${commandWord(c)}) (${c.name}): ${cell(c.summary)}`),
  ]);
  const others = commandNames().map((name) => `- [\`rc ${name}\`](#rc-${name}): ${cell(COMMANDS[name]!.summary)}`);
  const settingFlags = 'the flags of the settings are those of [settings.md](settings.md)';
  return `${[
    MADE,
    '# Commands\n',
    `Every cmdlet has a short word, its full name in kebab-case, and its name as in PowerShell: \`rc get\`, \`rc get-receive-connector\`, \`rc Get-ReceiveConnector\`. Flags are kebab-case (\`--max-message-size\`) or as in PowerShell (\`-MaxMessageSize\`), and any unambiguous beginning will do; ${settingFlags}.`,
    ...contents,
    '\n**Commands**\n',
    ...others,
    ...groups.flatMap(({ cmdlets }) => cmdlets.map(cmdletSection)),
    ...commandNames().map(commandSection),
    '\n## Flags of every command\n',
    ...flagList(globalGroup().flags),
  ].join('\n')}\n`;
}

function cmdletSection(cmdlet: Cmdlet): string {
  const own = flagGroups(cmdlet).filter((group) => group.heading === 'Flags' || group.heading === 'Settings');
  const settings = cmdlet.gives === 'ReceiveConnector' && cmdlet.parameters.some((p) => p.setting !== undefined);
  return [
    `\n## rc ${commandWord(cmdlet)}\n`,
    `${cell(cmdlet.summary)}. Also \`rc ${otherNames(cmdlet).join('`, `rc ')}\`.\n`,
    ...(cmdlet.description ? [`${cell(cmdlet.description)}\n`] : []),
    `    rc ${commandWord(cmdlet)} ${usageOf(cmdlet)}\n`,
    ...own.flatMap((group) => flagList(group.flags)),
    ...(settings ? ['- and [every setting](settings.md)'] : []),
    ...(cmdlet.changes ? ['- `--what-if`, `--confirm`, `--wait`: before and after a change'] : []),
    ...examples(cmdlet.examples),
  ].join('\n');
}

function commandSection(name: string): string {
  const command = COMMANDS[name]!;
  return [
    `\n## rc ${name}\n`,
    `${cell(command.summary)}.\n`,
    ...(command.description ?? []).map((text) => `${cell(text)}\n`),
    `    rc ${name} ${command.usage ?? ''}`.trimEnd(),
    ...(command.flags?.length ? ['', ...flagList(command.flags.map(parameterFlag))] : []),
    ...examples(command.examples ?? []),
  ].join('\n');
}

function flagList(flags: readonly Parameters<typeof flagText>[0][]): string[] {
  return flags.map((flag) => `- \`${flagText(flag)}\`: ${cell(flag.help)}`);
}

function examples(all: Cmdlet['examples']): string[] {
  if (!all.length) return [];
  const lines = all.flatMap((e) => [
    `# ${e.does}`,
    e.command,
    ...(e.language ? [`rc -c ${quoted(e.language)}`] : []),
    '',
  ]);
  return ['', '```sh', ...lines.slice(0, -1), '```'];
}

/** Text for Markdown: what looks like a tag or a table's bar is shown as it is. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('`', '\\`');
}

export function settingsPage(): string {
  const tables = SETTING_TOPICS.flatMap(({ heading, settings }) => [
    `\n## ${heading}\n`,
    '| setting | kind | default | allowed | a change holds | the listener |',
    '|---|---|---|---|---|---|',
    ...settings.map((name) => settingRow(name, SETTINGS[name])),
  ]);
  const holds = Object.entries(HOLDS).map(([when, words]) => {
    const names = SETTING_NAMES.filter((name) => SETTINGS[name].holds === when);
    return `| ${when} | ${words} | ${names.join(', ')} |`;
  });
  const rules = SETTING_NAMES.filter((name) => SETTINGS[name].legal).map(
    (name) => `- ${name}: ${cell(SETTINGS[name].legal!)}`,
  );
  return `${[
    MADE,
    '# Settings of a receive connector\n',
    'Names, defaults and ranges are Exchange’s (Set-ReceiveConnector, Mailbox server), unless a row says that a setting is ours. On the command line `MaxMessageSize` is `--max-message-size`; lists also have `--add-…` and `--remove-…`. `rc help NAME` shows one.',
    '\nSizes are numbers of bytes or have a unit, which is a power of 1024 whatever it is called: `50M`, `50MB`, `50MiB`, `50 mb`. Time spans are written as .NET does, `00:05:00` and `1.00:00:00`, or with units: `90s`, `5m`, `1h30m`, `2d`, `1w`; `0` is none. A plain number is refused: to .NET it would be days. `Unlimited` stands where a setting allows it. This holds on the command line, in the language, in files that are imported and in store.json; what is printed is always Exchange’s form.',
    ...tables,
    '\n## When a change takes hold\n',
    '| when | that is | settings |',
    '|---|---|---|',
    ...holds,
    '\n## Rules between settings\n',
    ...rules,
    '\n# Settings of the transport service\n',
    'Those of the server as a whole: `rc get-transport-service`, `rc set-transport-service`. More about them in [delivery.md](delivery.md) and [logs.md](logs.md).\n',
    '| setting | kind | default | allowed | a change holds | the listener |',
    '|---|---|---|---|---|---|',
    ...TRANSPORT_SETTING_NAMES.map((name) => settingRow(name, TRANSPORT_SETTINGS[name])),
  ].join('\n')}\n`;
}

function settingRow(name: string, setting: Setting): string {
  const notes = [
    setting.aliases ? `alias ${setting.aliases.join(', ')}` : undefined,
    setting.extension ? 'ours, not Exchange’s' : undefined,
  ].filter(Boolean);
  const about = `**${name}**${notes.length ? ` (${notes.join('; ')})` : ''}<br>${cell(setting.summary)}`;
  const rule = setting.legal ? `${cell(setting.kind.allowed)}; ${cell(setting.legal)}` : cell(setting.kind.allowed);
  return `| ${about} | ${setting.kind.name} | ${cell(defaultOfSetting(setting))} | ${rule} | ${setting.holds} | ${ACTS[setting.acts]} |`;
}
