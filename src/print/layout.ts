/**
 * Records to text. Blank lines as PowerShell's OutCommandInner writes them (FormatAndOutput/common/
 * BaseOutputtingCommand.cs): one before a view, one after each object of a list, one after a table or wide view.
 */

import { Hold, type Stream } from '../pipeline/peekable-stream.ts';
import { displayWidth, loadWidths } from '../text/display-width.ts';
import { fill } from '../text/fill.ts';
import { listLines } from './list.ts';
import type { Column, FormatRecord, Shape, StyledLine } from './record.ts';
import { withShortNames } from './short-names.ts';
import { headerPaint, type Paint, tonePaint } from './style.ts';
import { Table } from './table.ts';
import type { WaitingRows } from './waiting-rows.ts';
import { columnsThatFit, wideLines } from './wide.ts';
import { wrap } from './wrap.ts';

export interface LayoutOptions {
  /** Cells of a line; 120 when it is no terminal, as PowerShell. */
  readonly width?: number;
  readonly colour?: boolean;
  /** Lines of the screen, for -RepeatHeader. */
  readonly height?: number;
  /** The text goes to a terminal: nothing in it may act on it, whatever the format. */
  readonly terminal?: boolean;
  /** Where rows can be had that wait, when others write to the same terminal. */
  readonly waiting?: WaitingRows;
}

/** PowerShell's DefaultConsoleWidth. */
const DEFAULT_WIDTH = 120;
/** Rows that come within this time decide how wide the columns are (PowerShell: 300 ms). */
const SETTLE_MS = 300;

type Row = Extract<FormatRecord, { kind: 'row' }>;
type Entry = Extract<FormatRecord, { kind: 'entry' }>;

/** Lays records out; gives text in pieces that end with a line break, each as soon as it is settled. */
export async function* layout(records: Stream<FormatRecord>, options: LayoutOptions = {}): AsyncGenerator<string> {
  const width = options.width ?? DEFAULT_WIDTH;
  const paint = headerPaint(options.colour ?? false);
  const source = new Hold(records);
  try {
    yield* laidOut(source, width, paint, options);
  } finally {
    await source.close();
  }
}

async function* laidOut(
  source: Hold<FormatRecord>,
  width: number,
  paint: Paint,
  options: LayoutOptions,
): AsyncGenerator<string> {
  let shape: Shape | undefined;
  let open: Table | undefined;
  for (let record = await source.next(); record; record = await source.next()) {
    switch (record.kind) {
      case 'start':
        shape = record.shape;
        open = undefined;
        yield '\n';
        break;
      case 'text':
        yield record.text;
        break;
      case 'group': {
        open = undefined;
        const label = `   ${record.label}: ${record.value}`;
        await loadWidths([label]);
        yield `${wrap(label, width).join('\n')}\n\n`;
        break;
      }
      case 'entry':
        yield await entry(record, width, paint);
        break;
      case 'lines':
        yield await tellLines(record.lines, width, options.colour ?? false);
        break;
      case 'row':
        if (shape?.kind === 'wide') yield* wideRows(record, source, shape, width);
        else if (shape?.kind === 'table') {
          // a text among the rows does not end the table
          if (open) yield await furtherRow(record, open);
          else open = yield* tableRows(record, source, shape, width, options);
        }
        break;
      case 'end':
        if (shape?.kind !== 'list') yield '\n';
        shape = undefined;
        open = undefined;
        break;
    }
  }
}

async function entry(record: Entry, width: number, paint: Paint): Promise<string> {
  await loadWidths([...record.labels, ...record.values]);
  return `${[...listLines(record.labels, record.values, width, paint), ''].join('\n')}\n`;
}

async function tellLines(lines: readonly StyledLine[], width: number, colour: boolean): Promise<string> {
  await loadWidths(lines.map((line) => line.text));
  const shown = lines.flatMap(({ indent, text, tone, whole }) => {
    const paint = tonePaint(colour, tone);
    const indented = text.replaceAll(/^(?=.)/gm, ' '.repeat(indent));
    const told = whole ? indented : fill(indented, Math.max(20, width));
    return told.split('\n').map((piece) => {
      const begins = piece.length - piece.trimStart().length;
      return piece.slice(0, begins) + paint(piece.slice(begins).trimEnd());
    });
  });
  return text(shown);
}

/** Does everything show whole? */
function fits({ columns }: Shape & { kind: 'table' }, rows: readonly (readonly string[])[], width: number): boolean {
  const widths = columns.map((column, k) => {
    if (column.width !== undefined) return column.width;
    return rows.reduce((most, cells) => Math.max(most, displayWidth(cells[k] ?? '')), displayWidth(column.label));
  });
  return widths.reduce((sum, cells) => sum + cells + 1, -1) <= width;
}

const shortened = (cells: readonly string[]): string[] => cells.map(withShortNames);
const shorter = (column: Column): Column => ({ ...column, label: withShortNames(column.label) });

async function* tableRows(
  first: Row,
  source: Hold<FormatRecord>,
  shape: Shape & { kind: 'table' },
  width: number,
  { colour = false, height = Number.POSITIVE_INFINITY, terminal = false, waiting }: LayoutOptions,
): AsyncGenerator<string, Table | undefined> {
  const held = [first.cells];
  await loadWidths([...shape.columns.map((column) => column.label), ...first.cells]);
  const settled = Date.now() + SETTLE_MS;
  const wait = shape.autoSize || shape.border ? undefined : settled;
  let table: Table | undefined;
  let short = false;
  let header: readonly string[] = [];
  let onScreen = 0;
  /** What is held, behind the header when it is the first. */
  const taken = (): string => {
    const lines: string[] = [];
    if (!table) {
      short = terminal && !fits(shape, held, width);
      table = short
        ? new Table(shape.columns.map(shorter), held.map(shortened), width, shape.wrap)
        : new Table(shape.columns, held, width, shape.wrap);
      header = shape.hideHeaders ? [] : table.header(headerPaint(colour));
      lines.push(...header);
      onScreen = header.length;
    }
    for (const cells of held.splice(0)) {
      if (shape.repeatHeader && onScreen >= height - 2) {
        lines.push('', ...header);
        onScreen = header.length;
      }
      lines.push(...table.row(short ? shortened(cells) : cells));
      onScreen++;
    }
    return text(lines);
  };
  if (wait !== undefined) waiting?.wait(taken);
  try {
    for (let row = await nextRow(source, wait); row; row = await nextRow(source, table ? undefined : wait)) {
      await loadWidths(row.cells);
      held.push(row.cells);
      if (table) yield taken();
    }
  } finally {
    waiting?.over();
  }
  if (shape.border) {
    const { borderedTable } = await import('./bordered.ts');
    yield borderedTable(shape.columns, held, width, colour);
    return undefined;
  }
  if (held.length) yield taken();
  for (let row = await nextRow(source); row; row = await nextRow(source)) {
    await loadWidths(row.cells);
    held.push(row.cells);
    yield taken();
  }
  return table;
}

async function furtherRow(row: Row, table: Table): Promise<string> {
  await loadWidths(row.cells);
  return text(table.row(row.cells));
}

async function* wideRows(
  first: Row,
  source: Hold<FormatRecord>,
  shape: Shape & { kind: 'wide' },
  width: number,
): AsyncGenerator<string> {
  const values = [first.cells[0] ?? ''];
  for (let row = await nextRow(source); row; row = await nextRow(source)) values.push(row.cells[0] ?? '');
  await loadWidths(values);
  const columns = shape.autoSize ? columnsThatFit(values, width) : (shape.columns ?? 2);
  yield text(wideLines(values, columns, width));
}

/** The next record if it is a row; anything else stays. With `until`, nothing when none comes by then. */
async function nextRow(source: Hold<FormatRecord>, until?: number): Promise<Row | undefined> {
  const record = await source.peek(until);
  if (record?.kind !== 'row') return undefined;
  source.take();
  return record;
}

function text(lines: readonly string[]): string {
  return lines.length ? `${lines.join('\n')}\n` : '';
}
