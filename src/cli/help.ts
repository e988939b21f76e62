/** Help texts, laid out by commander from the declarations: the overview, one command, one setting, one topic. */

import { CMDLETS, commandNames as cmdletWords, commandNamed } from '../cmdlets/table.ts';
import { hintFor } from '../cmdlets/word-hints.ts';
import { SETTING_NAMES } from '../domain/settings.ts';
import { TRANSPORT_SETTING_NAMES } from '../domain/transport-settings.ts';
import { type Cmdlet, type CmdletGroup, commandWord } from '../pipeline/cmdlet.ts';
import { type CmdletError, usage } from '../pipeline/error.ts';
import { kebab } from '../text/flag-name.ts';
import { show } from '../text/printable.ts';
import { nearest } from '../text/suggest.ts';
import type { CommandInfo } from './command.ts';
import { COMMANDS } from './commands.ts';
import { exampleLines } from './help/example-lines.ts';
import { flagGroups, globalGroup, LANGUAGE_GROUP, parameterFlag, usageOf } from './help/flag-groups.ts';
import { page, type Screen, screenOf, sectionText, wrap } from './help/page.ts';
import { settingHelp, settingSubject, settingsHelp } from './help/setting.ts';
import { TOPICS } from './help/topics.ts';

/** Help for a subject, or the overview. @throws CmdletError (usage) when there is no such subject */
export function helpFor(subjects: readonly string[], env: NodeJS.ProcessEnv, fd: 1 | 2): string {
  const screen = screenOf(fd, env);
  const [subject, ...more] = subjects;
  if (subject === undefined) return overview(screen);
  if (more.length)
    throw usage(`rc help takes one subject, not ${show(subjects.join(' '))}. For example: rc help ${subject}`);
  const cmdlet = commandNamed(subject);
  if (cmdlet) return cmdletHelp(cmdlet, screen);
  const word = subject.toLowerCase();
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command) return commandHelp(word, command, screen);
  if (word === 'settings') return settingsHelp(screen);
  const topic = Object.hasOwn(TOPICS, word) ? TOPICS[word] : undefined;
  if (topic) return topic.sections.map((section) => sectionText(section, screen)).join('\n');
  const hint = hintFor(subject);
  if (hint) return `${wrap(hint, screen.width)}\n`;
  const setting = settingSubject(subject);
  if (setting) return settingHelp(setting, screen);
  throw unknownSubject(subject);
}

/** Everything that `rc help` knows, for completion. */
export function helpWords(): string[] {
  const settings = new Set<string>([...SETTING_NAMES, ...TRANSPORT_SETTING_NAMES]);
  return [...CMDLETS.map(commandWord), ...commandNames(), 'settings', ...Object.keys(TOPICS), ...settings];
}

/** Commands that are no cmdlets. */
export function commandNames(): string[] {
  return Object.keys(COMMANDS);
}

function unknownSubject(subject: string): CmdletError {
  const flags = [...SETTING_NAMES, ...TRANSPORT_SETTING_NAMES].map((name) => kebab(name));
  const close = nearest(subject, [...cmdletWords(), ...helpWords(), ...flags]);
  return usage(
    `There is no help for ${show(subject)}.${close ? ` Did you mean: rc help ${close}?` : ''} For all commands: rc help`,
  );
}

const GROUPS: Readonly<Record<CmdletGroup, string>> = {
  connectors: 'Connectors',
  server: 'Server and listener',
  history: 'History',
  objects: 'Objects in a pipeline',
  output: 'Output',
  language: 'Language',
};

/** The cmdlets by group, as help, the manual and docs/commands.md list them. */
export function cmdletGroups(): { heading: string; cmdlets: readonly Cmdlet[] }[] {
  return (Object.keys(GROUPS) as CmdletGroup[])
    .map((group) => ({ heading: GROUPS[group], cmdlets: CMDLETS.filter((cmdlet) => cmdlet.group === group) }))
    .filter(({ cmdlets }) => cmdlets.length > 0);
}

function overview(screen: Screen): string {
  const cmdlets = cmdletGroups().map(({ heading, cmdlets }) => ({
    heading,
    words: cmdlets.map((cmdlet) => [commandWord(cmdlet), cmdlet.summary] as const),
  }));
  const commands = commandNames().map((name) => [name, COMMANDS[name]!.summary] as const);
  const topics = [
    ['settings', 'Every setting of a connector; rc help MaxMessageSize tells of one'] as const,
    ...Object.entries(TOPICS).map(([name, topic]) => [name, topic.summary] as const),
  ];
  return page(
    {
      command: 'rc',
      usage: '[flags] <command> [arguments]',
      description: ['Exchange’s receive-connector cmdlets for any shell, and a listener that obeys every change live.'],
      groups: [LANGUAGE_GROUP, globalGroup()],
      words: [
        ...cmdlets,
        { heading: 'Commands', words: commands },
        { heading: 'Topics (rc help TOPIC)', words: topics },
      ],
      sections: [
        {
          heading: 'Examples',
          lines: [
            "  rc get 'default*' --select Name,MaxInbound*",
            "  rc set 'default*' --max-inbound-per-source 100",
            "  rc get 'default*' | rc set --max-inbound-per-source 100",
            "  rc -c 'Get-ReceiveConnector default* | Set-ReceiveConnector -MaxInboundConnectionPerSource 100'",
            '  rc help set',
            '',
            'Every cmdlet also answers to its full name: rc get-receive-connector, rc Get-ReceiveConnector.',
          ],
        },
      ],
    },
    screen,
  );
}

function cmdletHelp(cmdlet: Cmdlet, screen: Screen): string {
  const others = otherNames(cmdlet).map((name) => `rc ${name}`);
  return page(
    {
      command: `rc ${commandWord(cmdlet)}`,
      usage: usageOf(cmdlet),
      description: [`${cmdlet.summary} (${cmdlet.name}).`, ...(cmdlet.description ? [cmdlet.description] : [])],
      groups: flagGroups(cmdlet),
      sections: [
        ...(cmdlet.examples.length ? [{ heading: 'Examples', lines: exampleLines(cmdlet.examples) }] : []),
        { heading: 'The same', lines: [`  ${others.join(', ')}`] },
      ],
    },
    screen,
  );
}

/** What else it answers to behind `rc`. An alias that is another cmdlet's short command (`diff`) means that one there. */
export function otherNames(cmdlet: Cmdlet): string[] {
  return [cmdlet.name, kebab(cmdlet.name), ...(cmdlet.aliases ?? []), ...(cmdlet.words ?? [])].filter(
    (name) => name !== commandWord(cmdlet) && commandNamed(name) === cmdlet,
  );
}

function commandHelp(name: string, command: CommandInfo, screen: Screen): string {
  return page(
    {
      command: `rc ${name}`,
      usage: command.usage ?? '',
      description: [`${command.summary}.`, ...(command.description ?? [])],
      groups: [
        ...(command.flags?.length ? [{ heading: 'Flags', flags: command.flags.map(parameterFlag) }] : []),
        globalGroup(),
      ],
      sections: command.examples?.length ? [{ heading: 'Examples', lines: exampleLines(command.examples) }] : [],
    },
    screen,
  );
}
