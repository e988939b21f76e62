/** Where in a script an error arose: what is shown of it, $_.InvocationInfo and $_.ScriptStackTrace. */
import type { CmdletError, ErrorPlace } from '../../pipeline/error.ts';
import { PsObject, printed } from '../../pipeline/value.ts';
import type { Frame } from './frame.ts';
import type { Place } from './runnable.ts';

const PLACES = new WeakMap<CmdletError, Position>();
const TRACES = new WeakMap<CmdletError, readonly Level[]>();

interface Level {
  readonly name: string;
  readonly at: Position;
}

/** Remembers where an error arose; the first that says so is the innermost. @param speaksFor it is told as the error of the function that it stands in (Write-Error) @param stops it ends what it stands in */
export function arose<S>(error: CmdletError, place: Place, frame: Frame<S>, speaksFor = false, stops = false): void {
  if (TRACES.has(error)) return;
  TRACES.set(error, levels(place, frame));
  if (speaksFor && !frame.called?.from) {
    // Write-Error that stands in no function: PowerShell shows no place, and knows of one only where it stops
    if (stops) PLACES.set(error, new Position(place));
    return;
  }
  const position = new Position(
    speaksFor ? frame.called!.from! : place,
    speaksFor ? frame.called!.name || undefined : undefined,
  );
  PLACES.set(error, position);
  error.place = position;
}

/** Who called whom, the innermost first; as many as PowerShell's trace would be read. */
function levels<S>(innermost: Place, frame: Frame<S>): Level[] {
  const found: Level[] = [];
  let place: Place | undefined = innermost;
  for (let at: Frame<S> | undefined = frame; place && found.length < MOST_LEVELS; at = at.caller) {
    found.push({ name: at?.called?.name ?? '', at: new Position(place) });
    place = at?.called?.from;
    if (!at?.caller) break;
  }
  return found;
}
const MOST_LEVELS = 100;

/** @param command the cmdlet that reported it; `''`: none */
export function invocationInfo(error: CmdletError, command: string): PsObject {
  const place = PLACES.get(error);
  const name = place?.command ?? command;
  return new PsObject('InvocationInfo', {
    MyCommand: name ? new CommandName(place?.command ? 'Function' : 'Cmdlet', name) : null,
    ScriptLineNumber: place?.line ?? 0,
    OffsetInLine: place?.column ?? 0,
    ScriptName: place?.file ?? '',
    Line: place?.whole ?? '',
    PositionMessage: place?.message ?? '',
    InvocationName: name ? (place?.place.calledAs ?? name) : '',
  });
}

/** The function in which an error arose; `''`: none. */
export function functionOf(error: CmdletError): string {
  return TRACES.get(error)?.[0]?.name ?? '';
}

/** `at f, /srv/x.ps1: line 3`, and a line for each caller. */
export function stackTrace(error: CmdletError): string {
  const lines = TRACES.get(error)?.map(({ name, at }) => {
    return `at ${name || '<ScriptBlock>'}, ${at.file || '<No file>'}: line ${at.line}`;
  });
  return lines?.join('\n') ?? '';
}

class CommandName extends PsObject {
  constructor(type: 'Function' | 'Cmdlet', name: string) {
    super(`${type}Info`, { Name: name, CommandType: type });
  }
  override toString(): string {
    return printed(this.properties.Name);
  }
}

/** Longest line that is shown whole (PositionUtilities.VerboseMessage). */
const LONGEST = 69;

/** A place in lines and columns, worked out when somebody asks. */
export class Position implements ErrorPlace {
  #known: { line: number; column: number; shown: string; whole: string; length: number } | undefined;

  constructor(
    readonly place: Place,
    readonly command: string | undefined = undefined,
  ) {}

  get file(): string {
    return this.place.file ?? '';
  }
  get line(): number {
    return this.#found.line;
  }
  /** Counts from 1. */
  get column(): number {
    return this.#found.column + 1;
  }
  /** The line with what ends it. */
  get whole(): string {
    return this.#found.whole;
  }
  get excerpt(): readonly [shown: string, marks: string] {
    const { shown, column, length } = this.#found;
    return excerpt(shown, column, length);
  }
  /** PositionMessage: `At line:1 char:5`, the line and what is marked. */
  get message(): string {
    const [shown, marks] = this.excerpt;
    return `At ${this.file || 'line'}:${this.line} char:${this.column}\n+ ${shown}\n+ ${marks}`;
  }

  get #found() {
    if (this.#known) return this.#known;
    const { text, at } = this.place;
    const before = text.slice(0, at[0]);
    const start = before.lastIndexOf('\n') + 1;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const shown = text.slice(start, end).replace(/\r$/, '');
    const until = at[0] + text.slice(at[0], at[1]).trimEnd().length;
    this.#known = {
      line: before.split('\n').length,
      column: at[0] - start,
      shown,
      whole: text.slice(start, newline < 0 ? end : end + 1),
      length: Math.max(1, Math.min(until, start + shown.length) - at[0]),
    };
    return this.#known;
  }
}

function excerpt(line: string, column: number, length: number): readonly [shown: string, marks: string] {
  if (line.length <= LONGEST) return [line, `${' '.repeat(column)}${'~'.repeat(length)}`];
  const marked = Math.min(length, LONGEST);
  if (column + marked <= LONGEST) return [`${line.slice(0, LONGEST)} …`, `${' '.repeat(column)}${'~'.repeat(marked)}`];
  const from = Math.min(column, line.length - LONGEST);
  const more = from + LONGEST < line.length ? ' …' : '';
  return [`… ${line.slice(from, from + LONGEST)}${more}`, `  ${' '.repeat(column - from)}${'~'.repeat(marked)}`];
}
