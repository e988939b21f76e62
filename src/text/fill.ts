/** Breaks what is told into lines of a terminal: at words, and never within a command to type, so that it can be copied. */
import { displayWidth } from './display-width.ts';

/** What goes on from the line above. */
const HANG = 4;
/** `rc set Relay …` behind a colon, to the end of its sentence. */
const COMMAND = /((?<=: )rc [a-z].*?(?:;(?= )|\.(?= [A-Z])|$))/;

/** Each line of the text in lines of at most `width` cells; a command or word that is longer stands on one of its own. */
export function fill(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (displayWidth(line) <= width ? line : filled(line, width)))
    .join('\n');
}

function filled(text: string, width: number): string {
  const [start = ''] = /^ */.exec(text)!;
  const hang = start + ' '.repeat(HANG);
  const units = text
    .slice(start.length)
    .split(COMMAND)
    .flatMap((piece, i) => (i % 2 ? [piece] : (piece.match(/\S+ *| +/g) ?? [])));
  const lines: string[] = [];
  let line = start;
  for (const unit of units) {
    if (displayWidth(line + unit.trimEnd()) > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = hang;
    }
    line += line === hang ? unit.trimStart() : unit;
  }
  return [...lines, line.trimEnd()].join('\n');
}
