/** `rc __complete`: hands the words of this command line to completion/. */

import { namesIn } from '../completion/store-names.ts';
import { resolveHome } from '../store/home.ts';
import { type Asks, answer } from './completion/answer.ts';

/** @param tokens the shell's name and what it hands over; another shell gets no answer */
export async function completionAnswer(tokens: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const [shell, ...args] = tokens;
  if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') return '\n';
  return answer(shell satisfies Asks, args, (words) => namesIn(resolveHome(homeIn(words), env)));
}

/** The value of --home among the words typed. */
function homeIn(words: readonly string[]): string | undefined {
  const at = words.findLastIndex((word) => word === '--home' || word.startsWith('--home='));
  if (at < 0) return undefined;
  const word = words[at]!;
  const home = word === '--home' ? words[at + 1] : word.slice('--home='.length);
  return home?.replace(/^~(?=\/|$)/, process.env.HOME ?? '~');
}
