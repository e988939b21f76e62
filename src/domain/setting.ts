/** What a setting is: one row of a catalogue (settings.ts, transport.ts). */
import type { Kind } from './kind.ts';
import type { SettingValue } from './value.ts';

/** Where a connector lives: gives the defaults that depend on the server. */
export interface Site {
  /** The server's name, as in `SERVER\Name`. */
  readonly server: string;
  /** The host's own fully qualified name. */
  readonly fqdn: string;
}

/** What the listener does with a setting. */
type Acts =
  /** It obeys it. */
  | 'yes'
  /** Kept for Exchange's sake only: validated, stored, shown; the listener does not act on it. */
  | 'kept'
  /** Kept, and without meaning outside Windows. */
  | 'windows';

/** When a change takes hold on a running listener. `at once` is in the middle of what running sessions do. */
export type TakesHold =
  | 'next connection'
  | 'next EHLO'
  | 'next command'
  | 'next message'
  | 'at once'
  | 'rebind'
  | 'never';

/** What an administrator looks for, in the order it is looked for most: headings of help, the manual, the page and docs/settings.md. */
export const TOPICS = [
  'Where it listens, whom it takes',
  'Limits on connections',
  'Limits on messages',
  'Names and logging',
  'TLS',
  'What EHLO offers',
  'Faults on purpose',
] as const;

export interface Setting<T extends SettingValue = SettingValue> {
  readonly kind: Kind<T>;
  readonly default: T | ((site: Site) => T);
  readonly summary: string;
  readonly holds: TakesHold;
  readonly acts: Acts;
  /** Where it is looked for; what the listener does not act on gathers under a heading of its own. */
  readonly topic?: (typeof TOPICS)[number];
  /** Other names of the parameter, in PascalCase. */
  readonly aliases?: readonly string[];
  /** The rule between settings that it is part of, in words (enforced in rules.ts). */
  readonly legal?: string;
  /** Ours, not Exchange's. */
  readonly extension?: boolean;
}

type Row<T extends SettingValue> = Omit<Setting<T>, 'kind' | 'default' | 'summary' | 'holds' | 'acts'> & {
  readonly acts?: Acts;
};

/** One row of a catalogue; without `acts`, a setting that never takes hold is kept. */
export function row<T extends SettingValue>(
  kind: Kind<T>,
  fallback: T | ((site: Site) => T),
  holds: TakesHold,
  summary: string,
  more: Row<T> = {},
): Setting<T> {
  return { acts: holds === 'never' ? 'kept' : 'yes', ...more, kind, default: fallback, holds, summary };
}
