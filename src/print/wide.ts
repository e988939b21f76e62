/** Lays out one value an object, several to a line. Rules: WideOutputContext and ComputeWideViewBestItemsPerRowFit (PowerShell). */

import { displayWidth } from '../text/display-width.ts';
import { fitColumns } from './columns.ts';
import { Table } from './table.ts';

/** Columns for a wide view: as many as fit the longest value, at least one. */
export function columnsThatFit(values: readonly string[], width: number): number {
  const longest = Math.max(0, ...values.map(displayWidth));
  if (longest <= 0) return 2;
  if (longest >= width) return 1;
  let columns = 1;
  while (longest * (columns + 1) + columns < width) columns++;
  return columns;
}

/** Lines of a wide view with so many columns of even width. */
export function wideLines(values: readonly string[], columns: number, width: number): string[] {
  const widths = fitColumns(new Array<number>(columns).fill(0), width);
  const shape = widths.map((w) => ({ label: '', align: 'left' as const, width: w }));
  const table = new Table(shape, [], width);
  const lines: string[] = [];
  for (let k = 0; k < values.length; k += columns) lines.push(...table.row(values.slice(k, k + columns)));
  return lines;
}
