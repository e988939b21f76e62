/**
 * How many terminal cells a text takes, and cutting it at a number of cells. Plain text (ASCII, Latin, Greek, Cyrillic)
 * is measured here; for anything else string-width is loaded, once, by `loadWidths` before a layout begins.
 */
import type * as Wide from './wide-text.ts';

// Only characters that take one cell each and combine with nothing.
const ONE_CELL_EACH = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*$/;
const SGR = /\x1b\[[0-9;]*m/g;

let wide: typeof Wide | undefined;

/** Loads what measuring these texts needs; nothing for plain text. */
export async function loadWidths(texts: Iterable<string>): Promise<void> {
  if (wide) return;
  for (const text of texts) {
    if (!ONE_CELL_EACH.test(text)) {
      wide = await import('./wide-text.ts');
      return;
    }
  }
}

/** The text without colour sequences. */
export function withoutColour(text: string): string {
  return text.includes('\x1b') ? text.replace(SGR, '') : text;
}

/** Cells that a text of one line takes on a terminal; colour sequences take none. */
export function displayWidth(text: string): number {
  const plain = withoutColour(text);
  if (ONE_CELL_EACH.test(plain)) return plain.length;
  return wide ? wide.width(plain) : [...plain].length;
}

/** What is drawn as one: a letter with its accents, an emoji with its parts. */
function clusters(text: string): readonly string[] {
  if (ONE_CELL_EACH.test(text)) return text.split('');
  return wide ? wide.graphemes(text) : [...text];
}

/** The longest beginning of a text that fits into so many cells. */
export function head(text: string, cells: number): string {
  if (ONE_CELL_EACH.test(text)) return text.slice(0, Math.max(0, cells));
  let used = 0;
  let kept = '';
  for (const cluster of clusters(text)) {
    used += displayWidth(cluster);
    if (used > cells) break;
    kept += cluster;
  }
  return kept;
}

/** The longest end of a text that fits into so many cells. */
export function tail(text: string, cells: number): string {
  if (ONE_CELL_EACH.test(text)) return cells <= 0 ? '' : text.slice(-cells);
  let used = 0;
  let kept = '';
  for (const cluster of [...clusters(text)].reverse()) {
    used += displayWidth(cluster);
    if (used > cells) break;
    kept = cluster + kept;
  }
  return kept;
}

/** The characters of a text with the cells each takes. */
export function* cellsOf(text: string): Generator<readonly [cluster: string, cells: number]> {
  for (const cluster of clusters(text)) yield [cluster, displayWidth(cluster)];
}
