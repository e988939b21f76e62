/** What is read as a date: a text, a number of ticks. */
import { fromTicks, OUTSIDE_TICKS } from '../text/date.ts';
import { dateProblem, readDate } from '../text/read-date.ts';
import { integerTypeOf, isFigure } from './number.ts';
import { printed, type Value } from './value.ts';

/** The date, or why it is none in .NET's words; `undefined` for what is never read as one. @param now what a time of day is of */
export function readDateValue(value: Value, now?: () => Date): Date | string | undefined {
  if (value instanceof Date) return value;
  if (isFigure(value) && integerTypeOf(value)) return fromTicks(Number(value)) ?? OUTSIDE_TICKS;
  if (typeof value !== 'string' && !isFigure(value)) return undefined;
  const text = printed(value);
  return readDate(text, now) ?? dateProblem(text);
}
