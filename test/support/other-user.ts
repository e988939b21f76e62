/** Somebody else: tests of what belongs to whom need root, and a second user id. */

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ended, environment, type Ran, RC, ROOT, type RunOptions } from './rc.ts';
import { tempFolder } from './temp-home.ts';

/** A uid that is nobody's on this machine. */
export const STRANGER = 54_321;

/** Can this process be two users? CI runs as root, so there it must. */
export const isRoot = process.getuid?.() === 0 || Boolean(process.env.CI);

/** Gives files and folders to the stranger. */
export function giveToStranger(...paths: readonly string[]): void {
  for (const path of paths) chownSync(path, STRANGER, STRANGER);
}

/** A new temporary folder that every user may read and reach. */
export function openFolder(name: string): string {
  const folder = tempFolder(name);
  // What this run makes is its user's alone, with the folder around all of it.
  for (const made of [folder, dirname(folder)]) chmodSync(made, 0o755);
  return folder;
}

/** `rc ARGS` as another user. */
export function rcAs(uid: number, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { node, rc } = usable();
  const child = spawn(node, [rc, ...args], {
    uid,
    gid: uid,
    cwd: options.cwd ?? '/',
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child);
}

let copies: { readonly node: string; readonly rc: string } | undefined;

/** Node and rc where the stranger may run them. A clone in root's home, or a Node that npm keeps there, is copied to where it can be reached. */
function usable(): { readonly node: string; readonly rc: string } {
  if (may('-r', RC) && may('-x', process.execPath)) return { node: process.execPath, rc: RC };
  if (copies) return copies;
  const folder = openFolder('for-all');
  cpSync(process.execPath, join(folder, 'node'));
  for (const part of ['bin', 'dist']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  copies = { node: join(folder, 'node'), rc: join(folder, 'bin', 'rc') };
  if (!may('-r', copies.rc))
    throw new Error(`another user cannot read ${folder}: set TMPDIR to a folder that all can reach`);
  return copies;
}

function may(flag: '-r' | '-x', file: string): boolean {
  return spawnSync('test', [flag, file], { uid: STRANGER, gid: STRANGER }).status === 0;
}
