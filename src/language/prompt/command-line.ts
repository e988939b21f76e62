/**
 * What an unfinished line says about the place where the cursor stands: which command, after which parameter, what is
 * piped into it. A completion cannot use the parser, because the text to its right is not there yet.
 */
import { insidePowerShellQuotes } from '../../text/shell-word.ts';
import { endsWord, isDoubleQuote, isNewline, isSingleQuote, isSpace } from '../parser/characters.ts';

export interface Word {
  /** As typed, quotes included. */
  readonly text: string;
  readonly start: number;
  /** Where its last element begins: behind the last comma of a list. */
  readonly element: number;
}

export interface Place {
  /** Words of the command at the cursor, before the word there; none when a command begins here. */
  readonly words: readonly Word[];
  /** The word at the cursor, up to the cursor; empty behind a blank. */
  readonly word: Word;
  /** The commands before it in its pipeline. */
  readonly upstream: readonly (readonly Word[])[];
  /** What opened the innermost bracket, and the place of the command that bracket belongs to. */
  readonly opener: '{' | '(' | '@{' | '[' | undefined;
  readonly outer: Place | undefined;
  /** Within a comment nothing is completed. */
  readonly inComment: boolean;
}

interface Frame {
  opener: Place['opener'];
  words: Word[];
  upstream: Word[][];
  /** The word that the bracket began in. */
  start: number;
  element: number;
}

/** The place of the cursor in a text that ends there. */
export function placeAt(text: string): Place {
  const frames: Frame[] = [frame(undefined)];
  let inComment = false;
  let at = 0;
  const top = () => frames.at(-1)!;
  const endWord = () => {
    const f = top();
    if (f.start < 0) return;
    const word = text.slice(f.start, at);
    f.words.push({ text: word, start: f.start, element: f.element });
    f.start = -1;
    // behind `$x =` and `($c in` a command can begin
    const isFirstValue = f.words.length === 2 && f.words[0]!.text.startsWith('$');
    if (isFirstValue && (/^[-+*/%]?=$/.test(word) || (word.toLowerCase() === 'in' && f.opener === '('))) f.words = [];
  };
  const begin = () => {
    const f = top();
    if (f.start >= 0) return;
    f.start = at;
    f.element = at;
  };
  while (at < text.length) {
    const c = text[at]!;
    const f = top();
    if (c === '#' && f.start < 0) {
      const end = lineEnd(text, at);
      inComment = end >= text.length;
      at = end;
    } else if (c === '`') {
      begin();
      at += 2;
    } else if (isSingleQuote(c) || isDoubleQuote(c)) {
      begin();
      at = quoteEnd(text, at);
    } else if (c === '{' || c === '(' || c === '[') {
      if (c === '[' && f.start < 0 && f.words.length > 0) {
        begin();
        at++;
        continue;
      }
      begin();
      const opener = c === '{' && text[at - 1] === '@' ? '@{' : c;
      frames.push(frame(opener));
      at++;
    } else if (c === '}' || c === ')' || c === ']') {
      endWord();
      if (frames.length > 1) frames.pop();
      at++;
    } else if (c === '|') {
      endWord();
      f.upstream.push(f.words);
      f.words = [];
      at++;
    } else if (c === ';' || isNewline(c)) {
      endWord();
      f.words = [];
      f.upstream = [];
      at++;
    } else if (c === ',') {
      begin();
      at++;
      while (at < text.length && isSpace(text[at]!)) at++;
      f.element = at;
    } else if (c === '=' && f.opener === '@{') {
      endWord();
      f.words = [];
      at++;
    } else if (isSpace(c)) {
      endWord();
      at++;
    } else {
      begin();
      at++;
    }
  }
  at = text.length;
  return placeOf(frames, text, inComment);
}

function frame(opener: Place['opener']): Frame {
  return { opener, words: [], upstream: [], start: -1, element: -1 };
}

function placeOf(frames: readonly Frame[], text: string, inComment: boolean): Place {
  const f = frames.at(-1)!;
  const start = f.start >= 0 ? f.start : text.length;
  const word: Word = { text: text.slice(start), start, element: f.start >= 0 ? f.element : text.length };
  const outer = frames.length > 1 ? placeOf(frames.slice(0, -1), text, inComment) : undefined;
  return { words: f.words, word, upstream: f.upstream, opener: f.opener, outer, inComment };
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isNewline(text[at]!)) at++;
  return at;
}

/** Behind the closing quote, or the end of the text when it is still open. */
function quoteEnd(text: string, from: number): number {
  const closes = isSingleQuote(text[from]!) ? isSingleQuote : isDoubleQuote;
  let at = from + 1;
  while (at < text.length) {
    if (text[at] === '`' && closes === isDoubleQuote) at += 2;
    else if (closes(text[at]!)) {
      if (at + 1 < text.length && closes(text[at + 1]!)) at += 2;
      else return at + 1;
    } else at++;
  }
  return text.length;
}

/** A word's value: its quotes and escapes taken away. */
export function unquoted(text: string): string {
  let value = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '`') value += text[++at] ?? '';
    else if (isSingleQuote(c) || isDoubleQuote(c)) {
      const end = quoteEnd(text, at);
      const isClosed = end > at + 1 && (isSingleQuote(c) ? isSingleQuote : isDoubleQuote)(text[end - 1]!);
      value += text.slice(at + 1, isClosed ? end - 1 : end).replaceAll(c + c, c);
      at = end - 1;
    } else value += c;
  }
  return value;
}

/** A text as an argument: as it is, or in single quotes when it would not be one word. */
export function quoted(text: string, quote = ''): string {
  if (quote !== '') return quote + text.replaceAll(quote, quote + quote) + quote;
  const isWord =
    text !== '' && !/^[-@#<>\d]|^[[\]!]/.test(text) && ![...text].some((c) => endsWord(c) || '$`\'"“”‘’'.includes(c));
  return isWord ? text : `'${insidePowerShellQuotes(text)}'`;
}
