/** Lengths of time as people and .NET write them: one reader for settings, stores, parameters and comparisons. */
import { TimeSpan } from './value.ts';

const CLOCK = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.0+)?)?$/;
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
/** A number and its unit: its letter, or its name as it is commonly cut short. */
const PART =
  /(\d+(?:\.\d+)?)\s*(ms|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)(?![a-z])\s*/iy;
/** Longer than anybody's. */
const LONGEST = 10_000;

/** Seconds, fractions too, of `90s`, `500ms`, `5m`, `1h`, `1h30m`, `2d`, `1w`, `10 min`; `undefined` for anything else. */
export function secondsOf(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  let seconds = 0;
  let read = 0;
  PART.lastIndex = 0;
  for (let m = PART.exec(text); m; m = PART.exec(text)) {
    const [, amount, unit] = m;
    const letter = /^ms$/i.test(unit!) ? 'ms' : unit![0]!.toLowerCase();
    seconds += Number(amount) * SECONDS[letter]!;
    read = PART.lastIndex;
  }
  return read > 0 && read === text.length ? Math.round(seconds * 1e7) / 1e7 : undefined;
}

/**
 * Reads `[d.]hh:mm[:ss]`, `0`, and amounts with units (`secondsOf`) that make whole seconds; `undefined` when the text is something else or a
 * part is out of its range. A number alone is none but 0: to .NET it would be days.
 */
export function parseSpan(text: string): TimeSpan | undefined {
  if (text === '0') return new TimeSpan(0);
  const units = secondsOf(text);
  if (units !== undefined) return Number.isInteger(units) ? new TimeSpan(units) : undefined;
  const m = CLOCK.exec(text);
  if (!m) return undefined;
  const [days, hours, minutes, seconds] = [m[1], m[2], m[3], m[4]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return new TimeSpan(days * 86400 + hours * 3600 + minutes * 60 + seconds);
}

/** Why a text is no span of ours, as it follows the text in an error. */
export function spanProblem(text: string): string {
  if (CLOCK.test(text))
    return 'has a part out of its range (hours to 23, then days: 1.00:00:00; minutes and seconds to 59)';
  if (/^\d+$/.test(text)) return 'has no unit (a plain number would mean days to some and seconds to others)';
  return secondsOf(text) !== undefined || /:\d+\.\d/.test(text) ? 'has parts of a second' : 'is not a time span';
}
