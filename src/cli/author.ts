/** Who changes the store: the user (and who is behind sudo), and the command as typed, without secrets. */
import type { Author } from '../store/store.ts';

export function authorOf(env: NodeJS.ProcessEnv, argv: readonly string[]): Author {
  const user = env.USER || env.LOGNAME || `uid ${process.getuid?.() ?? '?'}`;
  const behind = env.SUDO_USER && env.SUDO_USER !== user ? ` (${env.SUDO_USER})` : '';
  return { user: user + behind, command: ['rc', ...argv.map(quoted)].join(' ') };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
