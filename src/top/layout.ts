/** How many rows each part of the screen gets. */
import type { Panel } from './arrange.ts';
import type { State } from './state.ts';
import type { PanelName } from './tables.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const LEAST: Size = { columns: 60, rows: 12 };

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < LEAST.columns || rows < LEAST.rows;
}

/** Below it the panels do not fit under one another: the active one has the screen. */
const ROWS_FOR_ALL = 20;

/** Rows of each panel that is shown, without its heading. */
export type Heights = ReadonlyMap<PanelName, number>;

/**
 * @param above rows of the header, with the blank one under it
 * Connectors get what they need, up to two fifths; the rest is shared, the active panel's neighbours never under two rows.
 */
export function layout(state: State, panels: readonly Panel[], size: Size, above: number): Heights {
  const room = size.rows - above - 1; // the line of keys
  const shown = state.zoomed || size.rows < ROWS_FOR_ALL ? panels.filter((p) => p.name === state.panel) : panels;
  let left = room - shown.length - (shown.length - 1); // headings, and a blank line between two
  const heights = new Map<PanelName, number>();
  for (const [i, { name, all }] of shown.entries()) {
    const after = shown.length - 1 - i;
    let height = left;
    if (after) {
      const most = name === 'connectors' ? Math.floor(left * 0.4) : Math.ceil(left * 0.6);
      // The number of connectors is steady, that of sources is not: only connectors give up rows they do not need.
      height = Math.max(2, name === 'connectors' ? Math.min(all, most) : most);
    }
    heights.set(name, Math.max(1, height));
    left -= height;
  }
  return heights;
}

/** The first row to show, so that the selected one is among them and no room is left empty. */
export function scrolled(top: number, selected: number, count: number, height: number): number {
  let first = Math.min(top, selected);
  if (selected >= first + height) first = selected - height + 1;
  return Math.max(0, Math.min(first, count - height));
}
