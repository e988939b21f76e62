/** Lines of told views. */
import { property } from '../pipeline/property-expression.ts';
import { type PsObject, printed, type Value } from '../pipeline/value.ts';
import type { StyledLine, Tone } from './record.ts';

export function line(indent: number, text: string, tone?: Tone): StyledLine {
  return tone === undefined ? { indent, text } : { indent, text, tone };
}

/** A property as text; nothing when the object has none. */
export function textOf(object: PsObject, name: string): string {
  return printed(property(object, name) ?? '');
}

/** A property that is a list, its elements one after the other. */
export function listed(object: PsObject, name: string, between = ', '): string {
  const value = property(object, name);
  return Array.isArray(value) ? value.map((one) => printed(one)).join(between) : printed(value ?? '');
}

/** To be copied as it is: never wrapped. */
export function whole(indent: number, text: string, tone?: Tone): StyledLine {
  return { ...line(indent, text, tone), whole: true };
}

/** What mends a finding, one a line, under a heading. */
export function mendLines(indent: number, mend: Value | undefined): StyledLine[] {
  const ways = Array.isArray(mend) ? mend.map((one) => printed(one)) : [];
  if (!ways.length) return [];
  const head = line(indent, ways.length > 1 ? 'To change it, one of:' : 'To change it:');
  return [head, ...ways.map((way) => (/^rc /.test(way) ? whole(indent + 4, way) : line(indent + 4, way)))];
}
