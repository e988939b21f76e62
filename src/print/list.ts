/**
 * Lays out one object as a list, `Name : value`, with values wrapped under themselves. Rules: PowerShell's ListWriter
 * (FormatAndOutput/common/ListWriter.cs).
 */
import { displayWidth, head } from '../text/display-width.ts';
import type { Paint } from './style.ts';
import { wrap } from './wrap.ts';

const SEPARATOR = ' : ';

/** Lines of one object; no blank line before or after. Nothing when the screen is too narrow for it. */
export function listLines(labels: readonly string[], values: readonly string[], width: number, paint: Paint): string[] {
  if (!labels.length || width < SEPARATOR.length + 2) return [];
  const longest = Math.max(...labels.map(displayWidth));
  const column = Math.min(longest, width - SEPARATOR.length - 1);
  const room = width - column - SEPARATOR.length;
  const indent = ' '.repeat(column + SEPARATOR.length);
  const lines: string[] = [];
  for (let k = 0; k < labels.length; k++) {
    const label = head(labels[k]!, column);
    const first = paint(label + ' '.repeat(column - displayWidth(label)) + SEPARATOR);
    const pieces = wrap(values[k] ?? '', room);
    for (let n = 0; n < pieces.length; n++) lines.push((n === 0 ? first : indent) + pieces[n]!);
  }
  return lines;
}
