/** How an error is shown: PowerShell's ConciseView, with the line of the script that it arose in. */
import { fill } from '../text/fill.ts';
import type { CmdletError, ErrorPlace } from './error.ts';

/** What a part of the view is, for whoever has colours. */
export type Part = 'error' | 'accent' | 'plain';

interface ViewOptions {
  /** Columns of the terminal; `undefined`: nothing is broken into lines. */
  readonly width?: number | undefined;
  readonly colour?: (text: string, part: Part) => string;
  /** Also of a text of one line. */
  readonly isAlwaysPlaced?: boolean;
}

/**
 * `HEAD: MESSAGE` on one line where the place says nothing new: a text of one line that stands in no file. Else as
 * ConciseView has it (Get-ConciseViewPositionMessage in PowerShellCore_format_ps1xml.cs):
 *
 *     Set-ReceiveConnector: /srv/limits.ps1:3
 *     Line |
 *        3 |  Set-ReceiveConnector Relay -MaxHopCount 5000
 *          |  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
 *          | MaxHopCount: "5000" is out of range
 *
 * Where there is no terminal the message stays one line, so that it can be searched for.
 */
export function conciseView(error: CmdletError, command: string, options: ViewOptions = {}): string {
  const { place } = error;
  const { colour = (text: string) => text, isAlwaysPlaced = false } = options;
  const head = place?.command ?? command;
  if (!place || !(isAlwaysPlaced || place.file || place.line > 1)) {
    const text = namesItself(error.message, head) ? error.message : `${head}: ${error.message}`;
    return colour(options.width ? fill(text, options.width) : text, 'error');
  }
  const own = error.message.startsWith(`${head}: `) ? error.message.slice(head.length + 2) : error.message;
  const where = place.file && ` ${colour(`${place.file}:${place.line}`, 'plain')}`;
  return `${colour(`${head}:`, 'error')}${where}\n${located(own, place, options)}`;
}

function located(message: string, place: ErrorPlace, { width, colour = (text) => text }: ViewOptions): string {
  const [shown, marks] = place.excerpt;
  const number = String(place.line).padStart(4);
  const bar = `${' '.repeat(number.length)} | `;
  const [start, length] = [marks.indexOf('~'), marks.trim().length];
  const line = `${shown.slice(0, start)}${colour(shown.slice(start, start + length), 'accent')}${shown.slice(start + length)}`;
  const said = place.file ? broken(message, bar.length, width) : [message];
  return [
    colour(`${' '.repeat(number.length - 4)}Line |`, 'accent'),
    `${colour(`${number} | `, 'accent')} ${line}`,
    `${colour(bar, 'accent')}${colour(` ${marks}`, 'error')}`,
    ...said.map((text) => `${colour(bar, 'accent')}${colour(text, 'error')}`),
  ].join('\n');
}

/** A message on lines of the terminal's width; one that shows a line of another text keeps its own. */
function broken(message: string, indent: number, width: number | undefined): string[] {
  if (/\n\s*\+ /.test(message)) return message.split('\n');
  const lines: string[] = [];
  let rest = message.replace(/[\n\t]/g, ' ');
  while (width && indent + rest.length > width) {
    const room = rest.slice(0, Math.max(1, width - indent));
    const space = room.search(/\s\S*$/);
    const line = space > 0 ? room.slice(0, space) : room;
    lines.push(line);
    rest = rest.slice(line.length).trim();
  }
  return [...lines, rest];
}

/** Does a message begin with the cmdlet's name, as those about its arguments do? */
function namesItself(message: string, cmdlet: string): boolean {
  return (
    message.startsWith(`${cmdlet}:`) || message.startsWith(`${cmdlet} `) || /^[A-Z][a-z]+-[A-Z]\w+[: ]/.test(message)
  );
}
