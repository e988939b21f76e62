/**
 * One listener per home: listener.pid names the process that has it. A listener that was killed leaves the file behind; it
 * is told from a running one by pid and start time, so its leftovers are in nobody's way.
 */
import { join } from 'node:path';
import { controlAddress, removeControl } from '../../control/control-address.ts';
import { listenerStatus } from '../../control/listener-client.ts';
import type { Home } from '../../store/home.ts';
import { readOwn, removeOwn } from '../../store/home-files.ts';
import { neverMakeAgain } from '../../store/home-files-later.ts';
import { fateOf, type ProcessMark, thisProcess, withLock } from '../../store/lock.ts';
import { replaceOwn } from '../../store/replace-file.ts';

/** Another listener has this home. */
export class AlreadyRunning extends Error {
  constructor(
    readonly pid: number,
    home: Home,
  ) {
    super(
      `A listener already runs for ${home.folder} (process ${pid}). It follows every change by itself; to end it: rc stop. For a second listener give it another home: rc serve --home FOLDER.`,
    );
  }
}

/** Takes the home for this process, and cleans up after one that was killed. @throws AlreadyRunning, StoreError */
export async function claimHome(home: Home): Promise<{ release(): void }> {
  const path = join(home.folder, 'listener.pid');
  const holder = readMark(path);
  if (holder && fateOf(holder) === 'unknown') {
    // Another container with the same folder, or a boot ago: only its control socket can tell.
    const status = await listenerStatus(home);
    if (status) throw new AlreadyRunning(status.pid, home);
  }
  withLock(join(home.folder, 'listener.lock'), () => {
    const now = readMark(path);
    if (now && fateOf(now) === 'alive') throw new AlreadyRunning(now.pid, home);
    replaceOwn(path, `${JSON.stringify(thisProcess())}\n`);
    removeControl(home, controlAddress(home));
  });
  neverMakeAgain(home.folder);
  return {
    release() {
      if (readMark(path)?.pid === process.pid) removeOwn(path);
    },
  };
}

function readMark(path: string): ProcessMark | undefined {
  try {
    const mark = JSON.parse(readOwn(path)) as ProcessMark;
    return Number.isInteger(mark.pid) && typeof mark.started === 'string' ? mark : undefined;
  } catch {
    return undefined; // none, or cut short by a crash: nobody holds it
  }
}
