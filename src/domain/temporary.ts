/**
 * What is set only until a moment. A connector keeps beside a setting what it is set to meanwhile and what it was before; when the
 * moment is there it is put back, unless somebody set it otherwise since. What ends, overrides too: ends.ts. Pure: who asks says what
 * time it is. (docs/temporary.md)
 */

import { isDate } from '../text/is-date.ts';
import { twoDigits } from '../text/two-digits.ts';
import { sameJson } from './catalogue.ts';
import type { Json } from './kind.ts';
import { SETTING_NAMES, type SettingName } from './settings.ts';
import { secondsOf } from './span.ts';
import { ValueError } from './value-error.ts';

/** One setting of a connector that ends by itself, as it is stored. What equals a default is left out, as in the connector itself. */
export interface TemporarySetting {
  readonly Setting: SettingName;
  /** ISO 8601, UTC. */
  readonly Until: string;
  /** What it is until then. It is over when the connector has another value: somebody changed it by hand. */
  readonly Value?: Json;
  /** What it was, and will be. */
  readonly Before?: Json;
}

/** A connector as it stands in a store, as far as this reads it. */
export type Stored = Readonly<Record<string, unknown>>;

/** The least and the longest that something may be set for. */
const SHORTEST_SECONDS = 1;
export const LONGEST_SECONDS = 365 * 86_400;

const NONE: readonly TemporarySetting[] = [];

/** @param report hears of entries that cannot be */
export function readTemporary(
  input: unknown,
  report: (key: string, message: string) => void,
): readonly TemporarySetting[] {
  if (input === undefined) return NONE;
  const names: ReadonlySet<unknown> = new Set(SETTING_NAMES);
  const good = (one: unknown): one is TemporarySetting => {
    const { Setting, Until } = (one ?? {}) as Partial<Record<keyof TemporarySetting, unknown>>;
    return names.has(Setting) && isMoment(Until);
  };
  if (Array.isArray(input) && input.every(good)) return input;
  report(
    'Temporary',
    'is not a list of {Setting, Until, Value, Before}: a setting, and a date as 2026-11-29T18:00:00Z',
  );
  return NONE;
}

export function isMoment(value: unknown): value is string {
  return isDate(value) && /^\d{4}-\d\d-\d\dT/.test(value);
}

/** Those of a stored connector that nobody changed by hand since. */
export function temporaryOf(stored: Stored): readonly TemporarySetting[] {
  const { Temporary } = stored;
  if (!Array.isArray(Temporary)) return NONE;
  return (Temporary as TemporarySetting[]).filter((one) => sameJson(stored[one.Setting], one.Value));
}

/** The same connector, or one without the entries that a change by hand made an end of. */
export function withoutOver<T extends Stored>(stored: T): T {
  if (!Array.isArray(stored.Temporary)) return stored;
  const still = temporaryOf(stored);
  return still.length === stored.Temporary.length ? stored : withTemporary(stored, still);
}

export function withTemporary<T extends Stored>(stored: T, list: readonly TemporarySetting[]): T {
  const next = { ...stored };
  if (list.length) Object.assign(next, { Temporary: list });
  else Reflect.deleteProperty(next, 'Temporary');
  return next;
}

/** Those that stand in a list as a change holds it. */
export function temporaryIn(list: unknown): readonly TemporarySetting[] {
  const isOne = (one: unknown): one is TemporarySetting =>
    typeof (one as Partial<TemporarySetting> | null)?.Setting === 'string';
  return Array.isArray(list) ? list.filter(isOne) : NONE;
}

/**
 * What is temporary after settings were changed. One that is set for good is temporary no more; one that is set until a moment
 * keeps what it was before the first of such changes, and its end is the new one.
 * @param until ISO 8601; `undefined`: for good
 */
export function temporaryAfter(
  before: Stored,
  after: Stored,
  changed: Iterable<SettingName>,
  until: string | undefined,
): readonly TemporarySetting[] {
  const known = temporaryOf(before);
  const names = new Set(changed);
  const list = known.filter(({ Setting }) => !names.has(Setting));
  if (until === undefined) return list;
  for (const name of names) {
    const running = known.find(({ Setting }) => Setting === name);
    const original = (running ? running.Before : before[name]) as Json | undefined;
    const value = after[name] as Json | undefined;
    if (sameJson(value, original)) continue; // nothing to put back
    list.push({
      Setting: name,
      Until: until,
      ...(value === undefined ? {} : { Value: value }),
      ...(original === undefined ? {} : { Before: original }),
    });
  }
  return list;
}

/** Milliseconds of a span that something is set for. @throws ValueError */
export function lengthOf(text: string): number {
  const seconds = secondsOf(text.trim());
  const allowed = 'a time from 1s to 365d, such as 30m, 2h, 1d';
  if (seconds === undefined && text.trim() !== '0')
    throw new ValueError(text, /^\d+$/.test(text.trim()) ? 'has no unit' : 'is no length of time', allowed);
  if (seconds === undefined || seconds < SHORTEST_SECONDS)
    throw new ValueError(text, 'is shorter than a second', allowed);
  if (seconds > LONGEST_SECONDS) throw new ValueError(text, 'is longer than 365 days', allowed);
  return Math.round(seconds * 1000);
}

/** `in 10 s`, `in 1.5 h`, `in 3 d`: one unit, rounded. */
export function inWords(ms: number): string {
  if (ms <= 0) return 'now';
  const seconds = Math.ceil(ms / 1000);
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 360) / 10;
  if (seconds < 60) return `in ${seconds} s`;
  if (minutes < 60) return `in ${minutes} min`;
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} d`;
}

/**
 * An end as people read it, in local time: with `now` as short as it can be said and how far it is (`18:00 (in 2 h)`), else with
 * its date.
 */
export function endText(until: string, now?: Date): string {
  const end = new Date(until);
  const seconds = end.getSeconds() ? `:${twoDigits(end.getSeconds())}` : '';
  const clock = `${twoDigits(end.getHours())}:${twoDigits(end.getMinutes())}${seconds}`;
  const day = `${end.getFullYear()}-${twoDigits(end.getMonth() + 1)}-${twoDigits(end.getDate())}`;
  if (!now) return `${day} ${clock}`;
  const isToday = end.toDateString() === now.toDateString();
  return `${isToday ? clock : `${day} ${clock}`} (${inWords(end.getTime() - now.getTime())})`;
}
