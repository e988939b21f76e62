/**
 * Where the listener's control socket is. A Unix socket's path may have 107 bytes (unix(7), sun_path); for a home with a
 * longer path the socket stands in a folder of its own under the runtime or temporary folder, and `control.sock.path` in the
 * home says where.
 */
import { lstatSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Home } from './home.ts';

const MOST_BYTES = 107;

export interface ControlAddress {
  /** `undefined`: there is none yet, and the home's path is too long for one inside it. */
  readonly path?: string;
  /** The folder made for the socket alone, when it does not stand in the home. */
  readonly folder?: string;
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MOST_BYTES;
}

/** Where a listener's socket is now. A pointer is believed only when its folder is ours alone. */
export function controlAddress(home: Home): ControlAddress {
  if (fits(home.control)) return { path: home.control };
  try {
    const path = readFileSync(`${home.control}.path`, 'utf8').trim();
    const folder = dirname(path);
    const s = lstatSync(folder);
    if (s.isDirectory() && s.uid === process.getuid?.() && (s.mode & 0o077) === 0 && /\/rc-[^/]+$/.test(folder))
      return { path, folder };
  } catch {}
  return {};
}

/** Makes the place for a new socket. @throws Error when no folder gives a path short enough */
export function makeControlAddress(home: Home): { readonly path: string; readonly folder?: string } {
  if (fits(home.control)) return { path: home.control };
  const base = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].find(
    (b) => b && fits(join(b, 'rc-XXXXXX', 'control.sock')),
  );
  if (!base) {
    throw new Error(
      `The path of the control socket ${home.control} has more than ${MOST_BYTES} bytes, and so has every temporary folder. Give a home with a shorter path: --home FOLDER.`,
    );
  }
  const folder = mkdtempSync(join(base, 'rc-'));
  const path = join(folder, 'control.sock');
  writeFileSync(`${home.control}.path`, `${path}\n`, { mode: 0o600 });
  return { path, folder };
}
