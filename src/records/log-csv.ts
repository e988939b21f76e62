/**
 * The CSV of Exchange's transport logs: `#` lines at the top (software, version, log type, date, fields), then records
 * quoted as RFC 4180 has it. Nothing from the wire stands in a log as it came: control characters, and characters that
 * reorder or hide text, are escaped.
 */

import { printable } from '../text/printable.ts';
import { twoDigits } from '../text/two-digits.ts';

const LOG_SOFTWARE = 'receive-connector';
const LOG_VERSION = '15.0.0.0'; // the form of the logs follows Exchange 2013 and later

/** Stands in a line as it is: printable ASCII without what `csvField` quotes for. Most fields, and much faster to see. */
const AS_IS = /^(?:[!$-+\--~](?:[ !#-+\--~]*[!#-+\--~])?)?$/;

/** One field: safe text, quoted when it has a comma, a quote or a space at an end. */
function csvField(value: string | number): string {
  if (typeof value === 'number' || AS_IS.test(value)) return String(value);
  const text = printable(value);
  return /[",]|^\s|\s$|^#/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

let lastTime = 0;
let lastWritten = '';

/** As the logs write a moment; much of what they tell of is in the same millisecond as the line before. */
export function logTime(moment: Date): string {
  const time = moment.getTime();
  if (time !== lastTime) [lastTime, lastWritten] = [time, moment.toISOString()];
  return lastWritten;
}

export function csvLine(values: readonly (string | number)[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

/** The lines at the top of a log file. */
export function logHeader(type: string, fields: readonly string[], now: Date): string {
  return (
    `#Software: ${LOG_SOFTWARE}\r\n#Version: ${LOG_VERSION}\r\n#Log-type: ${type}\r\n` +
    `#Date: ${now.toISOString()}\r\n#Fields: ${fields.join(',')}\r\n`
  );
}

/** The fields of one line (without its line end); `undefined` when a quote is left open. */
export function parseCsvLine(line: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (line[at] === '"') {
      at++;
      for (;;) {
        const quote = line.indexOf('"', at);
        if (quote < 0) return undefined;
        field += line.slice(at, quote);
        at = quote + 1;
        if (line[at] !== '"') break;
        field += '"';
        at++;
      }
    }
    const comma = line.indexOf(',', at);
    field += comma < 0 ? line.slice(at) : line.slice(at, comma);
    fields.push(field);
    if (comma < 0) return fields;
    at = comma + 1;
  }
}

/** `RECV2026112405` : the hour, in UTC, that a log file is for. */
export function logHour(prefix: string, now: Date): string {
  return `${prefix}${now.getUTCFullYear()}${twoDigits(now.getUTCMonth() + 1)}${twoDigits(now.getUTCDate())}${twoDigits(now.getUTCHours())}`;
}

export interface LogFileName {
  readonly name: string;
  /** Start of its hour, in milliseconds since 1970. */
  readonly hour: number;
  readonly number: number;
}

/** Reads `PREFIXyyyymmddhh-n.log`; `undefined` for other files. */
export function parseLogFileName(prefix: string, name: string): LogFileName | undefined {
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)-(\d{1,9})\.log$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '');
  if (!m) return undefined;
  const [year, month, day, hour, number] = m.slice(1).map(Number) as [number, number, number, number, number];
  return { name, hour: Date.UTC(year, month - 1, day, hour), number };
}
