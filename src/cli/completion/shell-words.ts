/**
 * A half-typed bash command line as words, and completed words written back so that bash reads them as they are: quoted
 * in the way the person began (bash manual, "Quoting"; readline's rules of where a word to complete starts).
 */

import { insideSingleQuotes } from '../../text/shell-word.ts';

interface TypedLine {
  /** The words of the last command on the line, before the cursor's word, unquoted. */
  readonly words: readonly string[];
  /** The cursor's word, unquoted. */
  readonly current: string;
  /** What of `current` stands before the part that readline replaces. */
  readonly head: string;
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
}

const SEPARATORS = '|&;()\n';

/** @param breaks $COMP_WORDBREAKS: where readline starts a word besides blanks. */
export function readBashLine(line: string, breaks = '"\'><=;|&(:'): TypedLine {
  let words: string[] = [];
  let word = '';
  let started = false;
  let head = '';
  let quote: TypedLine['quote'] = '';
  const end = () => {
    if (started) words.push(word);
    word = '';
    head = '';
    started = false;
  };
  for (let at = 0; at < line.length; at++) {
    const c = line[at]!;
    if (quote) {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && '"\\$`'.includes(line[at + 1] ?? ' ')) word += line[++at];
      else word += c;
    } else if (c === '\\') {
      started = true;
      if (at + 1 < line.length) word += line[++at];
    } else if (c === "'" || c === '"') {
      quote = c;
      started = true;
      head = word;
    } else if (c === ' ' || c === '\t') end();
    else if (SEPARATORS.includes(c)) {
      end();
      words = [];
    } else {
      word += c;
      started = true;
      if (breaks.includes(c)) head = word;
    }
  }
  while (words.length && /^[A-Za-z_]\w*=/.test(words[0]!)) words.shift();
  return { words, current: word, head, quote };
}

/** `text` as bash must see it to read exactly that, when it continues the typed line. */
export function writeBashWord(text: string, quote: TypedLine['quote']): string {
  switch (quote) {
    case "'":
      return insideSingleQuotes(text);
    case '"':
      return text.replace(/[\\"$`]/g, '\\$&');
    default:
      return text.replace(/[\s\\'"$`!*?[\](){}<>|;&#~^]/g, '\\$&');
  }
}
