/**
 * A date as a person or a program writes it, read as .NET's DateTime.Parse reads the invariant culture: month before day. What is no
 * date is none: `Relay 12`, `02/30/2026`, `1`. Without a zone it is what the wall shows; with one it becomes local time.
 */
import { daysIn, fromWall, PlainDate } from './date.ts';
import { lazy } from './lazy.ts';

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const month = `(?:${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')})\\.?`;
const weekday = `(?:(?:${WEEKDAYS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')})\\.?,?\\s+)?`;

/** Of the day: groups y, m, d; `n` a month's name. A year of two digits is one up to 2049. */
const days = lazy((): readonly RegExp[] => [
  /^(?<y>\d{3,4})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})(?=$|[T\s])/i,
  /^(?<m>\d{1,2})[-/.](?<d>\d{1,2})[-/.](?<y>\d{3,4}|\d{2})(?=$|[T\s])/i,
  /^(?<y>\d{3,4})[-/.](?<m>\d{1,2})(?=$|\s)/i,
  /^(?<m>\d{1,2})[-/. ](?<y>\d{3,4})(?=$|\s)/i,
  /^(?<m>\d{1,2})[-/.,](?<d>\d{1,2})(?=$|\s)/i,
  new RegExp(
    `^${weekday}(?<n>${month})\\s*[-,/ ]\\s*(?<d>\\d{1,2})(?:st|nd|rd|th)?(?:\\s*,\\s*|\\s+|[-/])(?<y>\\d{3,4})(?=$|[T\\s,])`,
    'i',
  ),
  new RegExp(
    `^${weekday}(?<d>\\d{1,2})\\s*[-,/ ]?\\s*(?<n>${month})(?:\\s*,\\s*|\\s+|[-/])(?<y>\\d{3,4}|\\d{2}(?!:|\\d))(?=$|[T\\s,])`,
    'i',
  ),
  new RegExp(`^(?<n>${month})\\s*[-,/ ]\\s*(?<y>\\d{3,4})(?=$|\\s)`, 'i'),
  new RegExp(`^(?<n>${month})\\s*[-,/ ]\\s*(?<d>\\d{1,2})(?=$|\\s)`, 'i'),
  new RegExp(`^(?<d>\\d{1,2})\\s*[-,/ ]?\\s*(?<n>${month})(?=$|\\s)`, 'i'),
  new RegExp(`^(?<y>\\d{3,4})\\s*[-,/ ]\\s*(?<n>${month})(?:\\s*[-,/ ]\\s*(?<d>\\d{1,2}))?(?=$|\\s)`, 'i'),
]);
const TIME =
  /^(?<h>\d{1,2})(?::(?<mi>\d{1,2})(?::(?<s>\d{1,2})(?:[.,](?<f>\d{1,7}))?)?)?(?:\s*(?<half>[ap])\.?m?\.?)?(?=$|[\s+\-Z])/i;
const ZONE = /^\s*(?:(?<utc>Z|GMT|UTC)|(?<sign>[+-])(?<zh>\d{1,2})(?::?(?<zm>\d{2}))?)$/i;

const known = lazy(
  () =>
    new RegExp(
      `^(?:${month.replaceAll('\\.?', '')}|${WEEKDAYS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|am|pm|t|z|gmt|utc)$`,
      'i',
    ),
);

/** @param now what "today" is where only a time is given. @returns `undefined` when it is no date */
export function readDate(text: string, now: () => Date = () => new Date()): Date | undefined {
  const read = parsed(text, now);
  return typeof read === 'string' ? undefined : read;
}

/** Why a text is no date, in .NET's words. */
export function dateProblem(text: string): string {
  const read = parsed(text, () => new Date());
  if (typeof read === 'string')
    return `${read.startsWith('The') ? read : `String '${text}' was not recognized as a valid DateTime${read}`}`;
  // where no sign has stopped it before
  for (const word of text.matchAll(/\p{L}+/gu))
    if (!known().test(word[0]) && !/^\s*[^\p{L}\d\s]|[^\p{L}\d\s.,:/-]/u.test(text.slice(0, word.index)))
      return `The string '${text}' was not recognized as a valid DateTime. There is an unknown word starting at index '${word.index}'.`;
  return `String '${text}' was not recognized as a valid DateTime.`;
}

/** By the first of the patterns that matches; those behind it are not even compiled. */
function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found) return found;
  }
  return undefined;
}

/** The date, or in words why it is none; `undefined` where there is nothing special to say. */
function parsed(text: string, now: () => Date): Date | string | undefined {
  let rest = text.trim();
  if (rest === '' || rest.length > 100) return undefined;
  const day = firstMatch(days(), rest);
  rest = day ? rest.slice(day[0].length).replace(/^(?:T|,?\s+)/i, '') : rest;
  const time = rest === '' ? undefined : TIME.exec(rest);
  if (rest !== '' && !time) return undefined;
  // a bare number is no time of day; neither is an hour without minutes and without am or pm
  if (time && time.groups!.mi === undefined && time.groups!.half === undefined) return undefined;
  const zoneText = time ? rest.slice(time[0].length) : '';
  const zone = zoneText.trim() === '' ? undefined : ZONE.exec(zoneText);
  if (zoneText.trim() !== '' && !zone) return undefined;
  if (!day && !time) return undefined;
  const date = dayOf(day?.groups, now);
  const clock = clockOf(time?.groups);
  if (date === undefined) return undefined;
  if (clock === undefined)
    return `The DateTime represented by the string '${text}' is not supported in calendar 'System.Globalization.GregorianCalendar'.`;
  const said = day && /^[a-z]{3,}/i.exec(day[0])?.[0].toLowerCase().slice(0, 3);
  const weekday = said && WEEKDAYS.findIndex((name) => name.startsWith(said));
  if (typeof weekday === 'number' && weekday >= 0 && weekday !== new Date(date).getUTCDay())
    return ' because the day of week was incorrect.';
  const wall = date + clock;
  if (!zone) return fromWall(wall, new PlainDate());
  const { sign, zh, zm } = zone.groups!;
  const minutes = sign ? (sign === '-' ? -1 : 1) * (Number(zh) * 60 + Number(zm ?? 0)) : 0;
  return Math.abs(minutes) > 14 * 60 ? undefined : new Date(wall - minutes * 60_000);
}

function dayOf(groups: Record<string, string> | undefined, now: () => Date): number | undefined {
  const today = now();
  if (!groups) return wall(today.getFullYear(), today.getMonth(), today.getDate());
  const y = groups.y === undefined ? today.getFullYear() : yearOf(groups.y);
  const mo =
    groups.n === undefined
      ? Number(groups.m) - 1
      : MONTHS.findIndex((name) => name.startsWith(groups.n!.toLowerCase().slice(0, 3)));
  const d = groups.d === undefined ? 1 : Number(groups.d);
  if (mo < 0 || mo > 11 || y < 1 || d < 1 || d > daysIn(y, mo)) return undefined;
  return wall(y, mo, d);
}

function yearOf(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
}

function wall(y: number, mo: number, d: number): number {
  const date = new Date(0);
  return date.setUTCFullYear(y, mo, d);
}

/** Milliseconds of the day; `undefined` when there is no such time. */
function clockOf(groups: Record<string, string> | undefined): number | undefined {
  if (!groups) return 0;
  let h = Number(groups.h);
  const mi = Number(groups.mi ?? 0);
  const s = Number(groups.s ?? 0);
  if (groups.half) {
    if (h < 1 || h > 12) return undefined;
    h = (h % 12) + (groups.half.toLowerCase() === 'p' ? 12 : 0);
  }
  if (h > 23 || mi > 59 || s > 59) return undefined;
  return ((h * 60 + mi) * 60 + s) * 1000 + Math.floor(Number(`0.${groups.f ?? 0}`) * 1000 + 1e-6);
}
