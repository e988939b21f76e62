/** Where in a script an error arose: $_.InvocationInfo and $_.ScriptStackTrace. */
import type { CmdletError } from '../../pipeline/error.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import type { Result } from './runnable.ts';

/** The statement or command that failed. */
export interface Place {
  readonly text: string;
  /** From its first character up to, not including, the last. */
  readonly at: readonly [start: number, end: number];
  /** What a command was called as: an alias. */
  readonly calledAs?: string;
}

interface Known extends Place {
  readonly file: string;
  readonly within: string;
}

const PLACES = new WeakMap<CmdletError, Known>();

/** Remembers where an error arose; the first that says so is the innermost. @param session what its variables tell of the script and function */
export function arose(error: CmdletError, place: Place, session: { get(name: string): Result }): void {
  if (PLACES.has(error)) return;
  PLACES.set(error, { ...place, file: printed(session.get('pscommandpath') ?? null), within: functionIn(session) });
}

/** The function that runs; `''`: none. */
function functionIn(session: { get(name: string): Result }): string {
  const own = session.get('myinvocation');
  const command = own instanceof PsObject ? own.get('MyCommand') : undefined;
  if (!(command instanceof PsObject) || !/^(?:Function|Filter)$/.test(printed(command.get('CommandType')))) return '';
  return printed(command.get('Name'));
}

/** Longest line that PositionMessage shows (PositionUtilities.VerboseMessage). */
const LONGEST = 69;

/** @param command the cmdlet that reported it; `''`: none */
export function invocationInfo(error: CmdletError, command: string): PsObject {
  const place = PLACES.get(error);
  const where = place && position(place);
  return new PsObject('InvocationInfo', {
    MyCommand: command ? new CommandName('CmdletInfo', { Name: command }) : null,
    ScriptLineNumber: where?.line ?? 0,
    OffsetInLine: where?.column ?? 0,
    ScriptName: place?.file ?? '',
    Line: where?.whole ?? '',
    PositionMessage: where?.message ?? '',
    InvocationName: command ? (place?.calledAs ?? command) : '',
  });
}

/** The function in which an error arose; `''`: none. */
export function functionOf(error: CmdletError): string {
  return PLACES.get(error)?.within ?? '';
}

/** The innermost level alone. */
export function stackTrace(error: CmdletError): string {
  const place = PLACES.get(error);
  if (!place) return '';
  return `at ${place.within || '<ScriptBlock>'}, ${place.file || '<No file>'}: line ${position(place).line}`;
}

class CommandName extends PsObject {
  override toString(): string {
    return printed(this.properties.Name);
  }
}

function position({ text, at, file }: Known) {
  const before = text.slice(0, at[0]);
  const line = before.split('\n').length;
  const start = before.lastIndexOf('\n') + 1;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  const column = at[0] - start;
  const shown = text.slice(start, end).replace(/\r$/, '');
  const until = at[0] + text.slice(at[0], at[1]).trimEnd().length;
  const length = Math.max(1, Math.min(until, start + shown.length) - at[0]);
  return {
    line,
    column: column + 1,
    whole: text.slice(start, newline < 0 ? end : end + 1),
    message: `At ${file || 'line'}:${line} char:${column + 1}\n${excerpt(shown, column, length)}`,
  };
}

function excerpt(line: string, column: number, length: number): string {
  if (line.length <= LONGEST) return `+ ${line}\n+ ${' '.repeat(column)}${'~'.repeat(length)}`;
  const marked = Math.min(length, LONGEST);
  if (column + marked <= LONGEST) return `+ ${line.slice(0, LONGEST)} …\n+ ${' '.repeat(column)}${'~'.repeat(marked)}`;
  const from = Math.min(column, line.length - LONGEST);
  const more = from + LONGEST < line.length ? ' …' : '';
  return `+ … ${line.slice(from, from + LONGEST)}${more}\n+   ${' '.repeat(column - from)}${'~'.repeat(marked)}`;
}
