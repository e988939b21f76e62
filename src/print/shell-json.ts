/**
 * JSON as ConvertTo-Json writes it (Newtonsoft's writer): a Double that looks whole is `2.0`, a date says its zone as far as it has one,
 * what is deeper than asked for is text. `jsonText` (json.ts) is for programs: dates there are universal time.
 */
import { Char } from '../pipeline/char.ts';
import { type Figure, integerTypeOf, isFigure } from '../pipeline/number.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value } from '../pipeline/value.ts';
import { printableJson } from '../text/printable.ts';
import { formatDate } from './format-date.ts';
import { shortest } from './format-figure.ts';

interface ShellJsonOptions {
  /** Levels of objects within objects. */
  readonly depth: number;
  /** On one line. */
  readonly compress?: boolean;
}

export function shellJson(value: Value, { depth, compress }: ShellJsonOptions): string {
  return printableJson(written(value, depth, compress ? '' : '\n'));
}

/** @param line a line break and the indentation so far; nothing when all is on one line */
function written(value: Value, depth: number, line: string): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value ?? null);
  if (isFigure(value)) return figure(value);
  if (value instanceof Date) return JSON.stringify(dateJson(value));
  const pairs = pairsOf(value);
  if (depth < 0 && (pairs || Array.isArray(value))) return JSON.stringify(printed(value));
  const inner = line && `${line}  `;
  if (pairs) {
    const colon = line ? ': ' : ':';
    const members = pairs.map(
      ([name, item]) => `${inner}${JSON.stringify(name)}${colon}${written(item, depth - 1, inner)}`,
    );
    return members.length ? `{${members.join(',')}${line}}` : '{}';
  }
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item) => `${inner}${written(item, depth - 1, inner)}`);
    return items.length ? `[${items.join(',')}${line}]` : '[]';
  }
  return JSON.stringify(isScriptBlock(value) ? value.text : value instanceof Char ? value.toString() : String(value));
}

function pairsOf(value: Value): readonly (readonly [string, Value])[] | undefined {
  if (value instanceof PsObject) return Object.entries(value.properties);
  return value instanceof Hashtable ? [...value.entries] : undefined;
}

function figure(value: Figure): string {
  const n = Number(value);
  if (!Number.isFinite(n)) return JSON.stringify(String(n));
  if (integerTypeOf(value)) return String(n);
  const text = shortest(n);
  return /[.E]/.test(text) ? text : `${text}.0`;
}

function dateJson(date: Date): string {
  return formatDate(date, 'yyyy-MM-ddTHH:mm:ss.FFFFFFFK').replace(/\.(?!\d)/, '');
}
