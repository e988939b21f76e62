/** What is to say of one setting, and the list of them all. */

import type { Setting } from '../../domain/setting.ts';
import { SETTING_TOPICS } from '../../domain/setting-topics.ts';
import { SETTINGS } from '../../domain/settings.ts';
import { TRANSPORT_SETTINGS } from '../../domain/transport-settings.ts';
import { kebab } from '../../text/flag-name.ts';
import type { Screen, Section } from './page.ts';
import { sectionText, wrap } from './page.ts';

/** When a change takes hold, in words. */
export const HOLDS: Readonly<Record<Setting['holds'], string>> = {
  'at once': 'at once, in the middle of what sessions already open are doing',
  'next command': 'with the next command, also of sessions already open',
  'next EHLO': 'with the next EHLO: what the answer to EHLO promised is kept until then',
  'next message': 'with the next message, also of sessions already open',
  'next connection': 'with the next connection',
  rebind: 'at once: sockets open and close; sessions of other connectors are untouched',
  never: 'never; it is stored and shown',
};

export const ACTS: Readonly<Record<Setting['acts'], string>> = {
  yes: 'obeys it',
  kept: 'does not act on it; it is kept for Exchange’s sake',
  windows: 'does not act on it; it has a meaning on Windows only',
};

/** A setting of a connector, or of the server, and how it is typed. */
interface SettingSubject {
  readonly name: string;
  readonly setting: Setting;
  readonly set: string;
  readonly get: string;
  readonly cmdlet: string;
}

const OF_CONNECTOR = { set: "rc set 'Default*'", get: 'rc get', cmdlet: 'Set-ReceiveConnector' };
const OF_SERVER = {
  set: 'rc set-transport-service',
  get: 'rc get-transport-service',
  cmdlet: 'Set-TransportService',
};

/** By its name, an alias or its flag, any case; what both have is the connector's. */
export function settingSubject(subject: string): SettingSubject | undefined {
  const wanted = subject.replaceAll('-', '').toLowerCase();
  const named = (table: Readonly<Record<string, Setting>>) =>
    Object.entries(table).find(([name, { aliases = [] }]) =>
      [name, ...aliases].some((candidate) => candidate.toLowerCase() === wanted),
    );
  for (const [table, words] of [
    [SETTINGS, OF_CONNECTOR],
    [TRANSPORT_SETTINGS, OF_SERVER],
  ] as const) {
    const found = named(table);
    if (found) return { name: found[0], setting: found[1], ...words };
  }
  return undefined;
}

/** The default as it prints; what depends on the server, in words. */
export function defaultOfSetting({ default: fallback }: Setting): string {
  if (typeof fallback === 'function') return 'the server’s own name';
  if (Array.isArray(fallback)) return fallback.length ? fallback.map(String).join(', ') : 'none';
  return String(fallback) || 'empty';
}

/** Rows of facts: label and text. */
function settingFacts({ name, setting, cmdlet }: SettingSubject): [label: string, text: string][] {
  const flags = [name, ...(setting.aliases ?? [])].map((n) => `--${kebab(n)}`);
  const isList = setting.kind.name === 'list' || setting.kind.name === 'flags';
  const facts: [string, string | undefined][] = [
    ['Allowed', setting.kind.allowed],
    ['Default', defaultOfSetting(setting)],
    ['Rule', setting.legal],
    ['A change holds', HOLDS[setting.holds]],
    ['The listener', ACTS[setting.acts]],
    ['Flags', flags.join(', ')],
    ['List flags', isList ? `--add-${kebab(name)}, --remove-${kebab(name)}` : undefined],
    ['Aliases', setting.aliases?.join(', ')],
    ['From', setting.extension ? 'rc; Exchange does not have it' : `Exchange’s ${cmdlet}`],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

export function settingHelp(subject: SettingSubject, screen: Screen): string {
  const { name, setting, set, get } = subject;
  const facts = settingFacts(subject).map(([label, text]) => fact(label, text, screen));
  const example = /[^\w@%+=:,./-]/.test(setting.kind.example) ? `'${setting.kind.example}'` : setting.kind.example;
  const examples: Section = {
    heading: 'Examples',
    lines: [`  ${set} --${kebab(name)} ${example}`, `  ${get} --select Name,${name}`],
  };
  return `${wrap(`${name}: ${setting.summary}`, screen.width)}\n\n${facts.join('')}\n${sectionText(examples, screen)}`;
}

const LABEL = 18;

function fact(label: string, text: string, screen: Screen): string {
  const lines = wrap(text, screen.width - LABEL - 2).replaceAll('\n', `\n${' '.repeat(LABEL + 2)}`);
  return `  ${label.padEnd(LABEL)}${lines}\n`;
}

export function settingsHelp(screen: Screen): string {
  const name = Math.max(...SETTING_TOPICS.flatMap((topic) => topic.settings.map((s) => s.length))) + 2;
  const sections = SETTING_TOPICS.map((topic) => {
    const rows = topic.settings.map(
      (s) => `  ${s.padEnd(name)}${cut(defaultOfSetting(SETTINGS[s]), screen.width - name - 2)}`,
    );
    return sectionText({ heading: topic.heading, lines: rows }, screen);
  });
  const intro = wrap(
    'The settings of a receive connector with their defaults, as rc get shows and rc set changes them. About one: rc help NAME, such as rc help MaxMessageSize.',
    screen.width,
  );
  return `${intro}\n\n${sections.join('\n')}`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(1, width - 1))}…` : text;
}
