/** What is wrong with a text of the command language, and where: line, column and a caret under the place. */
import { printable } from '../../text/printable.ts';

/** Part of the text: from the first character up to, not including, the last. */
export type Span = readonly [start: number, end: number];

/** How the text goes on could still mend it: the prompt asks for another line instead of refusing. */
export type Completeness = 'wrong' | 'incomplete';

const WIDEST_EXCERPT = 100;

/** The text does not parse, or asks for something that is not part of the language. Nothing was run. */
export class SyntaxProblem extends Error {
  /** What is wrong, on one line and safe to show. */
  readonly problem: string;
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  readonly excerpt: string;
  /** What else is wrong with the same text. */
  readonly others: readonly SyntaxProblem[] = [];

  constructor(
    /** PowerShell's error id where it has one: `MissingEndCurlyBrace`. */
    readonly id: string,
    problem: string,
    text: string,
    readonly at: Span,
    readonly completeness: Completeness = 'wrong',
  ) {
    const start = Math.min(at[0], text.length);
    const before = text.slice(0, start);
    const line = before.split('\n').length;
    const lineStart = before.lastIndexOf('\n') + 1;
    super(printable(problem));
    this.problem = this.message;
    this.line = line;
    this.column = start - lineStart + 1;
    this.excerpt = excerptOf(text, lineStart, start, Math.max(at[1], start + 1));
  }

  /** The problems of one text as one error, told in the order of the text. `undefined` when there are none. */
  static together(problems: readonly SyntaxProblem[]): SyntaxProblem | undefined {
    const [first, ...others] = [...problems].sort((a, b) => a.at[0] - b.at[0]);
    if (first) (first as { others: readonly SyntaxProblem[] }).others = others;
    return first;
  }

  /**
   * The whole message as PowerShell lays it out: where, the line, a caret, and what is wrong; then the same of what else is
   * wrong. `name` is the script's.
   */
  render(name = 'line'): string {
    return [this, ...this.others].map((one) => one.#render(name)).join('\n\n');
  }

  #render(name: string): string {
    const where = name === 'line' ? `line:${this.line}` : `${name}:${this.line}`;
    return `At ${where} char:${this.column}\n${this.excerpt}\n${this.problem}`;
  }
}

function excerptOf(text: string, lineStart: number, start: number, end: number): string {
  const newline = text.indexOf('\n', lineStart);
  const lineEnd = newline < 0 ? text.length : newline;
  const column = start - lineStart;
  const from = lineStart + Math.max(0, column - Math.floor(WIDEST_EXCERPT / 2));
  const to = Math.min(lineEnd, from + WIDEST_EXCERPT);
  const clean = (s: string) => printable(s.replaceAll('\t', ' ').replaceAll('\r', ''));
  const lead = (from > lineStart ? '…' : '') + clean(text.slice(from, start));
  const shown = lead + clean(text.slice(start, to)) + (to < lineEnd ? '…' : '');
  const marked = Math.max(1, clean(text.slice(start, Math.min(end, to))).length);
  return `+ ${shown}\n+ ${' '.repeat(lead.length)}^${'~'.repeat(marked - 1)}`;
}
