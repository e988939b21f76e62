/** JSON: native types for numbers, truth values, lists and null; the printed form for sizes, spans and Unlimited; ISO 8601 for dates. */
import { isFigure } from '../pipeline/number.ts';
import { Hashtable, isScriptBlock, PsObject, printed, type Value } from '../pipeline/value.ts';
import { printableJson } from '../text/printable.ts';

type PlainJson = null | boolean | number | string | PlainJson[] | { [key: string]: PlainJson };

/** What JSON says of a value. `depth`: levels of objects within objects; deeper ones are printed as text. */
export function plainJson(value: Value, depth = 100): PlainJson {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : printed(value);
  if (isFigure(value)) return value.value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) {
    if (depth < 0) return printed(value);
    return (value as readonly Value[]).map((item) => plainJson(item, depth - 1));
  }
  if (value instanceof PsObject) {
    if (depth < 0) return printed(value);
    const plain: { [key: string]: PlainJson } = {};
    for (const name in value.properties) own(plain, name, plainJson(value.properties[name] ?? null, depth - 1));
    return plain;
  }
  if (value instanceof Hashtable) {
    if (depth < 0) return printed(value);
    const plain: { [key: string]: PlainJson } = {};
    for (const [name, item] of value.entries) own(plain, name, plainJson(item, depth - 1));
    return plain;
  }
  return isScriptBlock(value) ? value.text : String(value);
}

function own(object: { [key: string]: PlainJson }, name: string, value: PlainJson): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
  else object[name] = value;
}

/** Values of ours know their JSON form, so an object of nothing but them needs no copy. */
function writesItself(value: Value): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value))
    return (value as readonly Value[]).every((item) => !Array.isArray(item) && writesItself(item));
  return !(value instanceof PsObject || value instanceof Hashtable || isScriptBlock(value));
}

/** Is it a text in JSON: a text itself, or a size, span, range, date… */
export function isText(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'string';
  return !(Array.isArray(value) || value instanceof PsObject || value instanceof Hashtable || isFigure(value));
}

/** JSON text. Characters that would act on a terminal are written as escapes, so the text stays the same JSON. */
export function jsonText(value: Value, options: { indent?: number; depth?: number } = {}): string {
  const flat =
    value instanceof PsObject && (options.depth ?? 2) >= 1 && Object.values(value.properties).every(writesItself);
  return printableJson(JSON.stringify(flat ? value.properties : plainJson(value, options.depth), null, options.indent));
}

/** One line of NDJSON, with its line break. */
export function ndjsonLine(value: Value): string {
  return `${jsonText(value)}\n`;
}
