/**
 * Who changes the store from a command line: the user (and who is behind sudo), and the command as typed, without secrets.
 * RC_VIA says what ran the command for somebody (the page does); it stands behind the command as a shell's comment.
 */
import { commandLine, authorOf as storeAuthor } from '../store/author.ts';
import type { Author } from '../store/store.ts';

export function authorOf(env: NodeJS.ProcessEnv, argv: readonly string[]): Author {
  const via = env.RC_VIA ? ` # via ${env.RC_VIA}` : '';
  return storeAuthor(env, commandLine(['rc', ...argv]) + via);
}
