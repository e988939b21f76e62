/**
 * Lays out a table without lines: titles, dashes as long as each title, cells cut with `…` or wrapped. Rules: PowerShell's
 * TableWriter (FormatAndOutput/common/TableWriter.cs).
 */

import { displayWidth, head, tail } from '../text/display-width.ts';
import { fitColumns, shareRoom } from './columns.ts';
import type { Align, Column } from './record.ts';
import { type Paint, plain } from './style.ts';
import { wrap } from './wrap.ts';

const SMALLEST_SCREEN = 5;
const ELLIPSIS = '…';

/** A table whose column widths are settled; gives its lines. */
export class Table {
  readonly #columns: readonly Column[];
  readonly #widths: readonly number[];
  readonly #wrap: boolean;

  /** @param rows the rows the widths are taken from; later rows are cut to fit. */
  constructor(columns: readonly Column[], rows: Iterable<readonly string[]>, width: number, wrapped = false) {
    const wanted = columns.map((column) => column.width ?? displayWidth(column.label));
    for (const row of rows) {
      for (let k = 0; k < columns.length; k++) {
        if (columns[k]!.width !== undefined) continue;
        const cells = cellWidth(row[k] ?? '');
        if (cells > wanted[k]!) wanted[k] = cells;
      }
    }
    const widths =
      width < SMALLEST_SCREEN
        ? []
        : fitColumns(
            shareRoom(
              wanted.map((w) => Math.max(1, w)),
              columns.map(({ shares }) => shares === true),
              width,
            ),
            width,
          );
    this.#columns = columns.filter((_, k) => (widths[k] ?? -1) > 0);
    this.#widths = widths.filter((w) => w > 0);
    this.#visible = widths.flatMap((w, k) => (w > 0 ? [k] : []));
    this.#wrap = wrapped;
    this.#leftOut = this.#visible.length < columns.length;
  }
  readonly #visible: readonly number[];
  /** Columns that did not fit: then the dashes go on to the edge. */
  readonly #leftOut: boolean;

  /** Titles and dashes. */
  header(paint: Paint): string[] {
    if (!this.#columns.length) return [];
    const labels = this.#columns.map((column) => column.label);
    const dashes = this.#columns.map((column, k) =>
      '-'.repeat(Math.min(this.#widths[k]!, displayWidth(column.label) || this.#widths[k]!)),
    );
    return [...this.#lines(labels, paint), this.#line(dashes, paint, this.#leftOut)];
  }

  /** One object's cells: one line, or several when wrapping. */
  row(cells: readonly string[]): string[] {
    if (!this.#columns.length) return [];
    const shown = this.#visible.map((k) => cells[k] ?? '');
    return this.#wrap ? this.#lines(shown, plain) : [this.#line(shown, plain, this.#leftOut)];
  }

  #line(cells: readonly string[], paint: Paint, padLast = false): string {
    let line = '';
    for (let k = 0; k < cells.length; k++) {
      const field = fitted(cells[k]!, this.#widths[k]!, this.#columns[k]!.align, padLast || k < cells.length - 1);
      line += (k ? ' ' : '') + paint(field);
    }
    return line;
  }

  /** Cells broken into lines within their columns. */
  #lines(cells: readonly string[], paint: Paint): string[] {
    const broken = cells.map((cell, k) => wrap(cell, this.#widths[k]!));
    const height = Math.max(...broken.map((lines) => lines.length));
    const out: string[] = [];
    for (let row = 0; row < height; row++) {
      const last = broken.findLastIndex((lines) => lines.length > row);
      let line = '';
      for (let k = 0; k <= last; k++) {
        const { align } = this.#columns[k]!;
        let field = pad(broken[k]![row] ?? '', this.#widths[k]!, align, k < cells.length - 1);
        if (k === last && height > 1) field = field.trimEnd();
        if (field !== '' || k < last || height === 1) line += paint((k ? ' ' : '') + field);
      }
      out.push(line);
    }
    return out;
  }
}

/** Width that a cell asks for: all its lines in one, though only the first is shown. */
function cellWidth(text: string): number {
  return text.includes('\n') ? displayWidth(text.replaceAll('\n', ' ')) : displayWidth(text);
}

/** A value of several lines shows its first and a mark. */
function oneLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end) + ELLIPSIS;
}

/** One field of exactly `width` cells; the last column is not padded on the right. */
function fitted(value: string, width: number, align: Align, padRight: boolean): string {
  const text = oneLine(value);
  if (displayWidth(text) <= width) return pad(text, width, align, padRight);
  const room = width - 1;
  let cut: string;
  if (align === 'right') cut = room > 0 ? ELLIPSIS + tail(text, room) : tail(text, width);
  else cut = room > 0 ? head(text, room) + ELLIPSIS : head(text, width);
  return pad(cut, width, align === 'center' ? 'left' : align, padRight); // a wide character may leave one cell free
}

function pad(text: string, width: number, align: Align, padRight: boolean): string {
  const missing = width - displayWidth(text);
  if (missing <= 0) return text;
  if (align === 'right') return ' '.repeat(missing) + text;
  const left = align === 'center' ? Math.floor(missing / 2) : 0;
  return ' '.repeat(left) + text + (padRight ? ' '.repeat(missing - left) : '');
}
