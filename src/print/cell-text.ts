/**
 * A value as it stands in a table's cell or behind a list's label. Rules: PSObjectHelper.SmartToString and GetObjectName
 * (PowerShell, FormatAndOutput/common/Utilities/MshObjectUtil.cs).
 */

import { type Figure, integerTypeOf, isFigure, shownFigure } from '../pipeline/number.ts';
import { Hashtable, PsObject, printed, type Value } from '../pipeline/value.ts';
import { dateText } from '../text/date.ts';
import { printable } from '../text/printable.ts';
import { defaultView } from './default-views.ts';
import { formatFigure } from './format-figure.ts';

/** $FormatEnumerationLimit: elements of a list that are shown. */
const ENUMERATION_LIMIT = 4;

export interface CellOptions {
  /** Elements of a list that are shown; -1 shows all. */
  readonly limit?: number;
  /** In a table fractions show two digits. */
  readonly table?: boolean;
}

/** The text of a value; line breaks stay, every other control character is escaped. */
export function cellText(value: Value | undefined, options: CellOptions = {}): string {
  if (typeof value === 'string') return safeLines(value);
  if (isFigure(value)) return figureText(value, options.table ?? false);
  if (value instanceof Date) return dateText(value);
  const elements = elementsOf(value);
  if (!elements) return safeLines(printed(value));
  const limit = options.limit ?? ENUMERATION_LIMIT;
  const shown = limit < 0 ? elements : elements.slice(0, limit);
  // The mark follows the last element without a comma: {a, b, c, d…}
  return safeLines(`{${shown.join(', ')}${shown.length < elements.length ? '…' : ''}}`);
}

/** In a table a Double shows two digits behind the point. */
function figureText(value: Figure, table: boolean): string {
  const n = Number(value);
  return table && !integerTypeOf(value) && Number.isFinite(n) ? formatFigure(n, 'F2') : shownFigure(value);
}

function elementsOf(value: Value | undefined): readonly string[] | undefined {
  if (Array.isArray(value)) return (value as readonly Value[]).map(elementText);
  if (value instanceof Hashtable) return [...value.entries].map(([key, item]) => `[${key}, ${printed(item)}]`);
  return undefined;
}

/** An object of a type that has a name of its own is said by its name. */
function elementText(value: Value): string {
  if (value === null) return '$null';
  const names = value instanceof PsObject ? defaultView(value.type)?.names : undefined;
  if (names !== undefined) return printed((value as PsObject).get(names));
  if (value instanceof Date) return dateText(value);
  return value instanceof PsObject && Object.values(value.properties).some((one) => one instanceof Date)
    ? datedText(value)
    : printed(value);
}

/** An object of properties, its dates as they are shown. */
function datedText(object: PsObject): string {
  const dated = Object.entries(object.properties).map(([name, one]) => [
    name,
    one instanceof Date ? dateText(one) : one,
  ]);
  return printed(new PsObject(object.type, Object.fromEntries(dated)));
}

/** What joins the parts of one emoji: the only invisible character that stays. A function, as few lines have one and it takes 0.1 ms to make. */
const emojiJoiner = (): RegExp => /(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic})/u;

/** Safe for a terminal: nothing that moves the cursor, recolours, hides or reorders. */
export function safeLines(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replaceAll('\r\n', '\n').split('\n').map(safeLine).join('\n');
}

function safeLine(line: string): string {
  return line.includes('\u200d') ? line.split(emojiJoiner()).map(printable).join('\u200d') : printable(line);
}
