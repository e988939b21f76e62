/**
 * Where the listener's control socket is. A Unix socket's path may have 107 bytes (unix(7), sun_path); for a home with a
 * longer path the socket stands in a folder of its own under the runtime or temporary folder, and `control.sock.path` in the
 * home says where. On Windows it is a named pipe, whose name is made of the home's path.
 */
import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from '../store/home.ts';
import { readOwn, removeOwn } from '../store/home-files.ts';
import { fateOf, type ProcessMark } from '../store/lock.ts';
import { replaceOwn } from '../store/replace-file.ts';

const MOST_BYTES = 107;

interface ControlAddress {
  /** `undefined`: there is none yet, and the home's path is too long for one inside it. */
  readonly path?: string;
  /** The folder made for the socket alone, when it does not stand in the home. */
  readonly folder?: string;
}

const PIPES = '\\\\.\\pipe\\';

/** Is this the name of a Windows pipe? Nothing stands in a folder then. */
export function isPipe(path: string): boolean {
  return path.startsWith(PIPES);
}

/** One pipe a home. Windows compares paths without case, and a pipe's name has at most 256 characters. */
function pipeOf(home: Home): string {
  let hash = 0xcbf29ce484222325n; // FNV-1a: node:crypto would cost every command its loading
  for (const byte of Buffer.from(home.folder.toLowerCase()))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return `${PIPES}receive-connector-${hash.toString(16).padStart(16, '0')}`;
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MOST_BYTES;
}

/** Where a listener's socket is now. A pointer is believed only when its folder is ours alone. */
export function controlAddress(home: Home, platform: NodeJS.Platform = process.platform): ControlAddress {
  if (platform === 'win32') return { path: pipeOf(home) };
  if (fits(home.control)) return { path: home.control };
  try {
    const path = readOwn(`${home.control}.path`).trim();
    const folder = dirname(path);
    const s = lstatSync(folder);
    if (s.isDirectory() && s.uid === process.getuid?.() && (s.mode & 0o077) === 0 && /\/rc-[^/]+$/.test(folder))
      return { path, folder };
  } catch {}
  return {};
}

/** Makes the place for a new socket. @throws Error when no folder gives a path short enough */
export function makeControlAddress(
  home: Home,
  platform: NodeJS.Platform = process.platform,
): { readonly path: string; readonly folder?: string } {
  if (platform === 'win32') return { path: pipeOf(home) };
  if (fits(home.control)) return { path: home.control };
  const base = [process.env.XDG_RUNTIME_DIR, process.getBuiltinModule('node:os').tmpdir(), '/tmp'].find(
    (b) => b && fits(join(b, 'rc-XXXXXX', 'control.sock')),
  );
  if (!base) {
    throw new Error(
      `The path of the control socket ${home.control} has more than ${MOST_BYTES} bytes, and so has every temporary folder. Give a home with a shorter path: --home FOLDER.`,
    );
  }
  const folder = mkdtempSync(join(base, 'rc-'));
  const path = join(folder, 'control.sock');
  replaceOwn(`${home.control}.path`, `${path}\n`);
  return { path, folder };
}

/** Takes a socket away, and the folder that was made for it alone: never more than is ours, whatever a pointer says. */
export function removeControl(home: Home, { path, folder }: ControlAddress): void {
  for (const name of [home.control, `${home.control}.path`]) removeOwn(name);
  if (path === undefined || folder === undefined) return;
  try {
    removeOwn(path);
    rmdirSync(folder);
  } catch {} // somebody keeps something there: it stays
}

/** Does it look as if a listener ran? Without asking it: its socket stands there, and the process that made it is not gone. */
export function hasListener(home: Home): boolean {
  const { path } = controlAddress(home);
  if (path === undefined) return false;
  if (isPipe(path)) return true;
  if (!lstatSync(path, { throwIfNoEntry: false })) return false;
  try {
    return fateOf(JSON.parse(readOwn(join(home.folder, 'listener.pid'))) as ProcessMark) !== 'gone';
  } catch {
    return true;
  }
}
