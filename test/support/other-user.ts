/** Somebody else: tests of what belongs to whom need root, and a second user id. */

import { spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { ended, environment, type Ran, RC, type RunOptions } from './rc.ts';

/** A uid that is nobody's on this machine. */
export const STRANGER = 54_321;

/** Can this process be two users? CI runs as root, so there it must. */
export const isRoot = process.getuid?.() === 0 || Boolean(process.env.CI);

/** Gives files and folders to the stranger. */
export function giveToStranger(...paths: readonly string[]): void {
  for (const path of paths) chownSync(path, STRANGER, STRANGER);
}

/** `rc ARGS` as another user. */
export function rcAs(uid: number, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [RC, ...args], {
    uid,
    gid: uid,
    cwd: options.cwd ?? '/',
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child);
}
