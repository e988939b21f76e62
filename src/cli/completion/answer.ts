/**
 * `rc __complete SHELL …`: what the functions of `rc init` ask. The answer's first line says what the shell shall do
 * besides (`files`, `folders`, `open`: no space after it), each further line is one candidate: for bash the text to
 * insert, for zsh and fish the word, a tab and a line about it.
 */

import type { StoreNames } from '../../completion/store-names.ts';
import { type Completion, complete } from './complete.ts';
import { readBashLine, writeBashWord } from './shell-words.ts';

export type Asks = 'bash' | 'zsh' | 'fish';

/**
 * @param args bash: the line up to the cursor, and $COMP_WORDBREAKS; zsh and fish: the words, the cursor's word last
 * @param inStore by the words, because the store's folder can be one of them
 */
export function answer(
  shell: Asks,
  args: readonly string[],
  inStore: (words: readonly string[]) => StoreNames,
): string {
  if (shell !== 'bash') {
    const words = args.slice(0, -1);
    const current = shell === 'fish' ? readBashLine(args.at(-1) ?? '').current : (args.at(-1) ?? '');
    const found = complete(words, current, inStore(words));
    return lines(
      found,
      found.candidates.map(({ value, about }) => (about ? `${value}\t${about}` : value)),
    );
  }
  const typed = readBashLine(args[0] ?? '', args[1]);
  const found = complete(typed.words, typed.current, inStore(typed.words));
  const insertable = found.candidates.filter(({ value }) => value.toLowerCase().startsWith(typed.head.toLowerCase()));
  return lines(
    found,
    insertable.map(({ value }) => writeBashWord(value.slice(typed.head.length), typed.quote)),
  );
}

function lines(found: Completion, candidates: readonly string[]): string {
  const does = [found.files, found.open ? 'open' : undefined].filter(Boolean).join(' ');
  return `${[does, ...candidates].join('\n')}\n`;
}
