/** Who changes the store from a command line: the user (and who is behind sudo), and the command as typed, without secrets. */
import { commandLine, authorOf as storeAuthor } from '../store/author.ts';
import type { Author } from '../store/store.ts';

export function authorOf(env: NodeJS.ProcessEnv, argv: readonly string[]): Author {
  return storeAuthor(env, commandLine(['rc', ...argv]));
}
