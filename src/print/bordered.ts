/** A table with lines around its cells (`--output grid`, Format-Table -Border), drawn by cli-table3. Loaded only when asked for. */
import { Chalk } from 'chalk';
import CliTable from 'cli-table3';
import { displayWidth } from '../text/display-width.ts';
import { fitColumns } from './columns.ts';
import type { Column } from './record.ts';
import { wrap } from './wrap.ts';

/** The whole table, wrapped into the width; ends with a line break. */
export function borderedTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  colour: boolean,
): string {
  const title = new Chalk({ level: colour ? 1 : 0 }).bold.green;
  const wanted = columns.map((column, k) =>
    Math.max(
      displayWidth(column.label),
      column.width ?? Math.max(0, ...rows.flatMap((row) => (row[k] ?? '').split('\n').map(displayWidth))),
    ),
  );
  // Each cell has a blank on both sides, and a line between two of them and at both ends: 3 cells a column, and 1.
  const widths = share(wanted, width - 3 * columns.length - 1);
  const shown = columns.flatMap((_, k) => ((widths[k] ?? 0) > 0 ? [k] : []));
  const table = new CliTable({
    head: shown.map((k) =>
      wrap(columns[k]!.label, widths[k]!)
        .map((part) => title(part))
        .join('\n'),
    ),
    colWidths: shown.map((k) => widths[k]! + 2),
    colAligns: shown.map((k) => columns[k]!.align),
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(shown.map((k) => wrap(row[k] ?? '', widths[k]!).join('\n')));
  return `${table.toString()}\n`;
}

/** Takes room from the widest columns first: a wrapped cell stays readable, a dropped one does not. */
function share(wanted: readonly number[], room: number): number[] {
  const widths = wanted.map((w) => Math.max(1, w));
  const least = 8;
  for (;;) {
    const excess = widths.reduce((sum, w) => sum + w, 0) - room;
    if (excess <= 0) return widths;
    const widest = Math.max(...widths);
    if (widest <= least) return fitColumns(widths, room + widths.length - 1);
    widths[widths.indexOf(widest)] = widest - 1;
  }
}
