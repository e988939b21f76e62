/**
 * Breaks text into lines that fit, at words where it can. The rules are PowerShell's (StringManipulationHelper in
 * FormatAndOutput/common/ComplexWriter.cs): a blank belongs to the word before it, a word wider than a line begins where
 * the line stands and is broken at the edge.
 */
import { cellsOf, displayWidth } from '../text/display-width.ts';

const SOFT_HYPHEN = '\u00ad';

/** Lines of at most `width` cells; at least one. */
export function wrap(text: string, width: number): string[] {
  if (text === '') return [''];
  const lines: string[] = [];
  for (const line of text.split('\n')) wrapLine(line, width, lines);
  return lines;
}

function wrapLine(text: string, width: number, lines: string[]): void {
  if (displayWidth(text) <= width) {
    lines.push(text);
    return;
  }
  let line = '';
  let left = width;
  for (const word of words(text, () => left)) {
    const cells = displayWidth(word);
    if (cells <= left) {
      line += word;
      left -= cells;
    } else if (cells <= width) {
      lines.push(line);
      line = word;
      left = width - cells;
    } else {
      for (const [cluster, size] of cellsOf(word)) {
        const [drawn, taken] = size > width ? ['?', 1] : [cluster, size];
        if (taken > left) {
          lines.push(line);
          line = drawn;
          left = width - taken;
        } else {
          line += drawn;
          left -= taken;
        }
      }
    }
  }
  lines.push(line);
}

/** Words with the blank behind them. A soft hyphen shows only where the line ends at it. */
function* words(text: string, left: () => number): Generator<string> {
  let word = '';
  for (const char of text) {
    if (char === ' ' || char === '\t') {
      yield word + char;
      word = '';
    } else if (char === SOFT_HYPHEN) {
      yield displayWidth(word) + 1 === left() ? `${word}-` : word;
      word = '';
    } else word += char;
  }
  yield word;
}
