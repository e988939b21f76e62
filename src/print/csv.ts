/**
 * CSV as Export-Csv writes it (PowerShell 7: every field in quotes, the first object decides the columns) and reads it.
 * Lists are written `a, b`, which every list setting takes back; PowerShell itself would write the type's name.
 * Source: ExportCsvHelper and ImportCsvHelper in Commands.Utility/commands/utility/CsvCommands.cs.
 */

import { CmdletError } from '../pipeline/error.ts';
import type { Stream } from '../pipeline/peekable-stream.ts';
import { property, propertyNames } from '../pipeline/property-expression.ts';
import { type PsObject, printed, type Value } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import { typedObject } from './from-json.ts';

type UseQuotes = 'Always' | 'AsNeeded' | 'Never';

export interface CsvOptions {
  readonly delimiter?: string;
  readonly useQuotes?: UseQuotes;
  /** Fields that alone are quoted; the others are not. */
  readonly quoteFields?: readonly string[];
  readonly noHeader?: boolean;
  /** Columns of a file that is added to. */
  readonly columns?: readonly string[];
  /** Writes `#TYPE …` first (-IncludeTypeInformation). */
  readonly typeInformation?: boolean;
}

/** Lines of CSV, each with its line break; nothing when there is nothing. */
export async function* csvLines(objects: Stream<Value>, options: CsvOptions = {}): AsyncGenerator<string> {
  const delimiter = options.delimiter ?? ',';
  let columns = options.columns;
  let started = false;
  for await (const object of objects) {
    if (object === null) continue;
    columns ??= propertyNames(object);
    if (!columns.length) continue;
    if (!started) {
      started = true;
      if (options.typeInformation && object instanceof Object && 'type' in object)
        yield `#TYPE ${object.type === 'PSCustomObject' ? 'System.Management.Automation.PSCustomObject' : object.type}\n`;
      if (!options.noHeader) yield `${columns.map((name) => field(name, name, options)).join(delimiter)}\n`;
    }
    const cells = columns.map((name) => {
      const value = property(object, name);
      return value === null || value === undefined ? '' : field(csvText(value), name, options);
    });
    if (cells.length === 1 && cells[0] === '') continue; // an empty line is none
    yield `${cells.join(delimiter)}\n`;
  }
}

/** A value as text that reads back: lists `a, b`, dates `2026-01-02 15:04:05`. */
function csvText(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return (value as readonly Value[]).map(csvText).join(', ');
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : dateText(value);
  return printed(value);
}

function field(text: string, name: string, options: CsvOptions): string {
  const quoted = `"${text.replaceAll('"', '""')}"`;
  if (options.quoteFields)
    return options.quoteFields.some((f) => f.toLowerCase() === name.toLowerCase()) ? quoted : text;
  switch (options.useQuotes ?? 'Always') {
    case 'Never':
      return text;
    case 'AsNeeded':
      return text.includes(options.delimiter ?? ',') || /["\r\n]/.test(text) ? quoted : text;
    case 'Always':
      return quoted;
  }
}

/** Reads CSV into records of fields; a quoted field may hold delimiters, quotes (doubled) and line breaks. */
export function* parseCsv(text: string, delimiter = ','): Generator<string[]> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const record: string[] = [];
    let blank = true;
    for (;;) {
      let value = '';
      while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++;
      if (text[at] === '"') {
        blank = false;
        at++;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote < 0) {
            value += text.slice(at);
            at = text.length;
            break;
          }
          value += text.slice(at, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          value += '"';
          at++;
        }
        while (text[at] === ' ') at++;
      }
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
      const rest = text.slice(start, at);
      if (rest !== '') blank = false;
      record.push(value + (/^\S+\s+$/.test(rest) ? rest.trimEnd() : rest));
      if (text[at] === delimiter) {
        blank = false;
        at++;
        continue;
      }
      if (text[at] === '\r') at++;
      if (text[at] === '\n') at++;
      break;
    }
    if (!blank) yield record;
  }
}

/** The objects of a CSV text, typed by their properties' names. `header`: the columns, when the text has none. */
export function* csvObjects(
  text: string,
  options: { delimiter?: string; header?: readonly string[] } = {},
): Generator<PsObject> {
  let columns = options.header;
  let type: string | undefined;
  const { body, typeLine } = withoutTypeLine(text);
  if (typeLine !== undefined) type = `CSV:${typeLine}`;
  for (const record of parseCsv(body, options.delimiter)) {
    if (!columns) {
      columns = headings(record);
      const seen = new Set<string>();
      const twice = columns.find((name) => seen.size === seen.add(name.toLowerCase()).size);
      if (twice !== undefined)
        throw new CmdletError(`The member "${twice}" is already present.`, {
          id: 'AlreadyPresentPSMemberInfoInternalCollectionAdd',
          category: 'NotSpecified',
        });
      continue;
    }
    const properties: Record<string, Value> = {};
    for (let k = 0; k < columns.length; k++) properties[columns[k]!] = record[k] ?? null;
    yield typedObject(properties, type);
  }
}

/** `#TYPE …` in the first line says what the objects were (-IncludeTypeInformation, Windows PowerShell). */
function withoutTypeLine(text: string): { body: string; typeLine: string | undefined } {
  const match = /^\ufeff?#TYPE\s+(\S+)[^\n]*\n?/.exec(text);
  return match ? { body: text.slice(match[0].length), typeLine: match[1] } : { body: text, typeLine: undefined };
}

/** Import-Csv names a column without a heading H1, H2… */
function headings(record: readonly string[]): string[] {
  let missing = 0;
  return record.map((name) => (name.trim() === '' ? `H${++missing}` : name));
}
