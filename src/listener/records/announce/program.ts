/**
 * EventCommand: a program that is started for each event, with the event as JSON on its standard input and its id and level
 * in the environment. No shell is involved, and nothing of the event is an argument.
 */
import { spawn } from 'node:child_process';
import type { Announcement } from './announcement.ts';

const TIMEOUT_MS = 30_000;

/** @throws Error that says why: it could not be started, ended with another status than 0, or took too long */
export function runProgram(path: string, event: Announcement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME, LANG, TZ } = process.env;
    const child = spawn(path, [], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH, HOME, LANG, TZ, RC_EVENT_ID: String(event.id), RC_EVENT_LEVEL: event.level },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      signal,
    });
    child.on('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
    child.on('exit', (code, killed) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            killed === 'SIGKILL' ? `it took longer than ${TIMEOUT_MS / 1000} s` : `it ended with ${killed ?? code}`,
          ),
        );
    });
    child.stdin.on('error', () => {}); // it need not read
    child.stdin.end(`${JSON.stringify(event)}\n`);
  });
}
