/**
 * A folder in which others could swap names is held open while something is done in it, and names are taken in it
 * (/proc/self/fd, openat(2) for Node). One that nobody but us and root can change is used as it is.
 */
import { constants } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Files, realFiles } from './files.ts';
import { me, NotOurs, type Owned, refuseStrangersLink } from './ours.ts';

// Windows has not all of these; its homes are guarded by their folder's access list.
const { O_RDONLY, O_DIRECTORY = 0, S_IFMT, S_IFLNK } = constants;

export const FOLDER = O_RDONLY | O_DIRECTORY;

/**
 * Can nobody but us and root put other names into the way to this folder? Every folder from here to the root is ours or
 * root's, and written by nobody else or sticky. @returns false also when it cannot be told
 */
export function isOursAlone(folder: string, files: Files = realFiles): boolean {
  if (process.geteuid === undefined) return true;
  const known = alone.get(folder);
  if (known !== undefined) return known;
  try {
    const [path, real] = [resolve(folder), files.realpathSync(folder)];
    const safe = isSafeWay(real, files) && (path === real || isSafeWay(path, files));
    if (safe) alone.set(folder, safe); // what is not safe may be mended while we run
    return safe;
  } catch {
    return false;
  }
}

function isSafeWay(path: string, files: Files): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { uid, mode } = files.lstatSync(at);
    const swappable = (mode & S_IFMT) !== S_IFLNK && (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
    if ((uid !== 0 && uid !== me()) || swappable) return false;
    if (at === dirname(at)) return true;
  }
}

const alone = new Map<string, boolean>();

/** Where descriptors can be named as folders: then a name in one is a name in the folder that was looked at. */
const DESCRIPTORS = process.platform === 'linux' ? '/proc/self/fd' : undefined;

/** A folder of a home, held open where others could swap it, and how a name in it is written. */
export interface Place {
  at(name: string): string;
  /** Whose it is. */
  readonly owner: Owned;
  /** Nobody but us and root can swap names here. */
  readonly alone: boolean;
}

/**
 * Does something in a folder. `path` may be a link only where link and folder around it belong to us or root.
 * @throws NotOurs, or what `work` throws, with the folder's own name in the message
 */
export function inFolder<T>(folder: string, files: Files, work: (place: Place) => T): T {
  if (isOursAlone(folder, files)) {
    return work({ at: (name) => join(folder, name), owner: files.statSync(folder), alone: true });
  }
  const { fd, owner } = openFolder(folder, files);
  const held = DESCRIPTORS && `${DESCRIPTORS}/${fd}`;
  try {
    return work({ at: (name) => join(held ?? folder, name), owner, alone: false });
  } catch (error) {
    throw named(error, held, folder);
  } finally {
    closeQuietly(fd, files);
  }
}

/** The same for work that takes its time; the folder is opened at once. */
export async function inFolderLater<T>(folder: string, work: (place: Place) => Promise<T>): Promise<T> {
  if (isOursAlone(folder)) {
    return work({ at: (name) => join(folder, name), owner: realFiles.statSync(folder), alone: true });
  }
  const { fd, owner } = openFolder(folder, realFiles);
  const held = DESCRIPTORS && `${DESCRIPTORS}/${fd}`;
  try {
    return await work({ at: (name) => join(held ?? folder, name), owner, alone: false });
  } catch (error) {
    throw named(error, held, folder);
  } finally {
    closeQuietly(fd, realFiles);
  }
}

/** Opens a folder that others could swap, and makes sure that no stranger's link led there. */
function openFolder(folder: string, files: Files): { fd: number; owner: Owned } {
  const fd = files.openSync(folder, FOLDER);
  try {
    const owner = files.fstatSync(fd);
    const path = resolve(folder);
    const there = files.lstatSync(path);
    if (there.isSymbolicLink()) refuseStrangersLink(path, there.uid, owner.uid);
    else if (there.dev !== owner.dev || there.ino !== owner.ino)
      throw new NotOurs(`${folder} was swapped for another folder at this moment. Nothing was written.`);
    for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
      const above = files.lstatSync(at);
      if (above.isSymbolicLink()) refuseStrangersLink(at, above.uid, owner.uid);
    }
    return { fd, owner };
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

export function closeQuietly(fd: number, files: Files): void {
  try {
    files.closeSync(fd);
  } catch {}
}

/** Says the folder's name where the error has that of its descriptor. */
function named(error: unknown, held: string | undefined, folder: string): unknown {
  if (!held || !(error instanceof Error)) return error;
  if (
    (error as NodeJS.ErrnoException).code === 'ENOENT' &&
    !realFiles.statSync('/proc/self/fd', { throwIfNoEntry: false })
  )
    return new NotOurs(
      `${folder} belongs to somebody else, and names in it can be held on to only where /proc is mounted, which it is not. Nothing was written. Mount it: mount -t proc proc /proc`,
    );
  error.message = error.message.replaceAll(held, folder);
  return error;
}
