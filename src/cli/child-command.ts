/** Runs `rc` as a process of its own, as the page of `rc serve` does for its changes: arguments as a list, never a shell. */
import type { Home } from '../store/home.ts';

/** A change waits ten seconds for the listener; beyond this something is wrong. */
const LONGEST_MS = 30_000;
const MOST_OUTPUT = 16 * 1024 * 1024;

interface Ended {
  /** null: it was ended because it took too long or said too much. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function commandRunner(home: Home, env: NodeJS.ProcessEnv) {
  return async (argv: readonly string[], via: string, input = ''): Promise<Ended> => {
    const { execFile } = await import('node:child_process');
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [process.argv[1]!, ...argv],
        {
          env: { ...env, RC_HOME: home.folder, RC_VIA: via, RC_OUTPUT: '', NO_COLOR: '1', FORCE_COLOR: '0' },
          timeout: LONGEST_MS,
          maxBuffer: MOST_OUTPUT,
          windowsHide: true,
        },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
          resolve({ code, stdout, stderr });
        },
      );
      child.stdin?.on('error', () => {}); // it need not read all, nor any
      child.stdin?.end(input);
    });
  };
}
