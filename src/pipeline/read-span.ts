/** A time span as .NET's TimeSpan.Parse reads it: `5` is five days, `1:30` an hour and a half, `1.02:03:04.5`, `-00:05:00`. */
import { TimeSpan } from '../domain/value.ts';

const SPAN = /^(-?)(?:(\d+)(?:\.(?=\d)|:(?=\d+:\d+:\d+)))?(\d+)(?::(\d+)(?::(\d+)(?:\.(\d+))?)?)?$/;

/** From here on a run of digits is too many of them (TimeSpanTokenizer, in TimeSpanParse.cs). */
const MOST_DIGITS = 2 ** 28;

/** .NET's TimeSpan.MaxValue. */
const MOST_DAYS = 10_675_199;

/** @returns why it is none, when it is none */
export function readSpan(text: string): TimeSpan | string {
  const trimmed = text.trim();
  const none = `String '${text}' was not recognized as a valid TimeSpan.`;
  const tooLarge = `The TimeSpan string '${text}' could not be parsed because at least one of the numeric components is out of range or contains too many digits.`;
  const runs = /^-?[\d.:]+$/.test(trimmed) ? (trimmed.match(/\d+/g) ?? []) : [];
  if (runs.some((digits) => Number(digits) >= MOST_DIGITS)) return tooLarge;
  const m = SPAN.exec(trimmed);
  if (!m) return none;
  const [, sign, days, first, minutes, seconds, fraction] = m;
  let [d, h, mi, s] = [Number(days ?? 0), Number(first), Number(minutes ?? 0), Number(seconds ?? 0)];
  if (minutes === undefined) {
    if (days !== undefined) return none;
    [d, h] = [h, 0];
  } else if (days === undefined && seconds !== undefined && h > 23) {
    // `25:00:00`: what is too large for hours are days
    [d, h, mi, s] = [h, mi, s, 0];
    if (fraction !== undefined) return none;
  }
  if (h > 23 || mi > 59 || s > 59 || d > MOST_DAYS || (fraction?.length ?? 0) > 7) return tooLarge;
  const total = ((d * 24 + h) * 60 + mi) * 60 + s + Number(`0.${fraction ?? 0}`);
  return new TimeSpan(sign ? -total : total);
}
