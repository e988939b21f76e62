/** A line of the screen: pieces of text with a style each, exactly as wide as it must be, and how it is painted. */

import { displayWidth, head, tail } from '../text/display-width.ts';
import { printable } from '../text/printable.ts';
import type { Glyphs } from './glyphs.ts';

export type Style = 'plain' | 'bold' | 'dim' | 'heading' | 'active' | 'good' | 'near' | 'full' | 'alarm' | 'key';

export interface Span {
  readonly text: string;
  /** Cells it takes on the terminal. */
  readonly cells: number;
  readonly style: Style;
}
export type Line = readonly Span[];

/** Text of ours or text made safe by `shown`. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text, cells: displayWidth(text), style };
}

/** A run of glyphs, one cell each: measuring them would cost more than drawing them. */
export function run(text: string, style: Style = 'plain'): Span {
  return { text, cells: text.length, style };
}

export function blank(cells: number): Span {
  return { text: ' '.repeat(Math.max(0, cells)), cells: Math.max(0, cells), style: 'plain' };
}

/** A name, address or text from outside: control characters as escapes, and ASCII only where the terminal has no more. */
export function shown(text: string, glyphs: Glyphs): string {
  const safe = printable(text);
  return glyphs.ascii ? safe.replace(/[^\x20-\x7e]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`) : safe;
}

/** The text within so many cells, its end cut off with a mark when it is longer. */
export function cut(text: string, cells: number, glyphs: Glyphs): string {
  if (displayWidth(text) <= cells) return text;
  return cells < 1 ? '' : head(text, cells - 1) + glyphs.cut;
}

/** An address within so many cells: both of its ends tell it from others, so its middle is cut out. */
export function cutMiddle(text: string, cells: number, glyphs: Glyphs): string {
  if (displayWidth(text) <= cells) return text;
  const end = (cells - 1) >> 1;
  return cells < 3 ? cut(text, cells, glyphs) : head(text, cells - 1 - end) + glyphs.cut + tail(text, end);
}

/** A text in a column of so many cells. */
export function cell(
  text: string,
  cells: number,
  glyphs: Glyphs,
  style: Style = 'plain',
  align: 'left' | 'right' = 'left',
): readonly Span[] {
  const kept = span(cut(text, cells, glyphs), style);
  const space = blank(cells - kept.cells);
  return align === 'left' ? [kept, space] : [space, kept];
}

export function widthOf(line: Line): number {
  return line.reduce((sum, piece) => sum + piece.cells, 0);
}

/** The line in exactly so many cells: what is too much is cut off at the right, what lacks is blank. */
export function padded(line: Line, cells: number, glyphs: Glyphs): Line {
  const fitted: Span[] = [];
  let left = cells;
  for (const piece of line) {
    if (piece.cells <= left) {
      fitted.push(piece);
      left -= piece.cells;
    } else {
      const kept = span(cut(piece.text, left, glyphs), piece.style);
      fitted.push(kept);
      left -= kept.cells;
      break;
    }
  }
  if (left > 0) fitted.push(blank(left));
  return fitted;
}

/** Left part, right part, blanks between; the right one goes when there is no room for both. */
export function spread(left: Line, right: Line, cells: number, glyphs: Glyphs): Line {
  const room = cells - widthOf(left) - widthOf(right);
  return padded(room < 1 ? left : [...left, blank(room), ...right], cells, glyphs);
}

/** How a style is told to a terminal: without colours, and with them. */
const CODES: Readonly<Record<Style, { readonly attributes: string; readonly colour: string }>> = {
  plain: { attributes: '', colour: '' },
  bold: { attributes: '1', colour: '1' },
  dim: { attributes: '2', colour: '2' },
  heading: { attributes: '1', colour: '1' },
  active: { attributes: '1;4', colour: '1;36' },
  good: { attributes: '', colour: '32' },
  near: { attributes: '1', colour: '33' },
  full: { attributes: '1', colour: '1;31' },
  alarm: { attributes: '1;7', colour: '1;37;41' },
  key: { attributes: '1', colour: '1;36' },
};

/** How much a terminal is told: nothing but the text, attributes such as bold, or colours too (NO_COLOR is about those only). */
export type Painting = 'text' | 'attributes' | 'colour';

/** The line as it is written, neighbours of one style together. */
export function paint(line: Line, how: Painting): string {
  if (how === 'text') return line.map((piece) => piece.text).join('');
  let out = '';
  let open = '';
  for (const piece of line) {
    if (piece.text === '') continue;
    const code = CODES[piece.style][how];
    if (code !== open) {
      if (open) out += '\x1b[0m';
      if (code) out += `\x1b[${code}m`;
      open = code;
    }
    out += piece.text;
  }
  return open ? `${out}\x1b[0m` : out;
}
