/** Column widths that fit a terminal. Rules: PowerShell's ColumnWidthManager (FormatAndOutput/common/ColumnWidthManager.cs). */

const SEPARATOR = 1;

/** Cells that say something still. */
const LEAST_SHARE = 8;

/**
 * Widths of the columns in cells; -1 for a column that does not fit and is left out. A width of 0 shares the room that is
 * left evenly; when everything together is too wide the last columns are shortened, then left out.
 */
export function fitColumns(wanted: readonly number[], total: number): number[] {
  const widths = [...wanted];
  if (widths.some((w) => w === 0)) {
    const open = widths.map((w) => w === 0);
    for (let k = 0; k < widths.length; k++) if (open[k]) widths[k] = 1;
    let room = total - tableWidth(widths);
    while (room > 0) {
      for (let k = 0; k < widths.length && room > 0; k++) {
        if (!open[k]) continue;
        widths[k]!++;
        room--;
      }
    }
  }
  for (;;) {
    const excess = tableWidth(widths) - total;
    if (excess <= 0) return widths;
    const last = widths.findLastIndex((w) => w > 0);
    if (last < 0) return widths;
    const shorter = widths[last]! - excess;
    widths[last] = shorter < 1 ? -1 : shorter;
  }
}

/** The widths where those columns that share are cut to one width, until the table fits `total`; ours, for views of our own. */
export function shareRoom(wanted: readonly number[], shares: readonly boolean[], total: number): number[] {
  const widths = wanted.map((w, k) => (shares[k] ? Math.min(w, total) : w));
  while (tableWidth(widths) > total) {
    const widest = Math.max(...widths.filter((_, k) => shares[k]));
    if (!(widest > LEAST_SHARE)) break;
    widths[widths.findLastIndex((w, k) => shares[k] && w === widest)]!--;
  }
  return widths;
}

function tableWidth(widths: readonly number[]): number {
  const visible = widths.filter((w) => w > 0);
  return visible.reduce((sum, w) => sum + w, 0) + SEPARATOR * (visible.length - 1);
}
