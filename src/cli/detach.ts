/** `rc serve --detach`: starts the listener as a process of its own, and returns when it serves, or tells why it does not. */
import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ListenerStatus, listenerStatus } from '../control/listener-client.ts';
import { CmdletError } from '../pipeline/error.ts';
import type { Home } from '../store/home.ts';
import { openToAppend, removeOwn } from '../store/home-files.ts';
import { Store } from '../store/store.ts';

const EVERY_MS = 50;
/** Reading a large store and a slow disk take their time; beyond this something is wrong. */
const LONGEST_MS = 120_000;
/** What it said when it did not start is at the end of its log. */
const MOST_TOLD = 4000;

/** What a detached listener says of itself; events go on in events.ndjson. */
export function logOf(home: Home): string {
  return join(home.folder, 'serve.log');
}

/** @param args what follows `rc serve`, without --detach @returns what it says of itself @throws CmdletError, with what it said */
export async function startDetached(
  home: Home,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ListenerStatus> {
  new Store(home).read(); // what is wrong with the store is said here, and its folder is there
  const running = await listenerStatus(home).catch(() => undefined);
  if (running)
    throw new CmdletError(
      `A listener already runs for ${home.folder} (process ${running.pid}). It follows every change by itself; to end it: rc stop.`,
      { id: 'ListenerRunning' },
    );
  const log = logOf(home);
  removeOwn(log);
  const { fd } = openToAppend(log);
  const child = spawn(process.execPath, [process.argv[1]!, '--home', home.folder, 'serve', ...args], {
    detached: true,
    stdio: ['ignore', fd, fd],
    cwd: home.folder, // no other folder is kept from being unmounted
    env: { ...env, RC_DETACHED: '1' },
    windowsHide: true,
  });
  closeSync(fd);
  let ended = '';
  let status: ListenerStatus | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ? `it was ended by ${signal}` : `exit status ${code}`;
  });
  for (let waited = 0; ; waited += EVERY_MS) {
    if (ended)
      throw new CmdletError(`The listener did not start (${ended}).\n${saidIn(log)}`, { id: 'ListenerNotStarted' });
    status = await listenerStatus(home).catch((): ListenerStatus | undefined => undefined);
    if (status && status.pid === child.pid) break;
    if (waited > LONGEST_MS)
      throw new CmdletError(
        `The listener (process ${child.pid}) does not serve after ${LONGEST_MS / 1000} s. Its log is ${log}.`,
        { id: 'ListenerNotStarted' },
      );
    await pause(EVERY_MS);
  }
  child.removeAllListeners();
  child.unref();
  return status;
}

function saidIn(log: string): string {
  try {
    return readFileSync(log, 'utf8').slice(-MOST_TOLD).trim();
  } catch {
    return `Its log is ${log}.`;
  }
}
