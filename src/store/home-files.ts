/**
 * With its neighbours (held-folder, replace-file, home-folders) the one way in which everything in a home is written. A home may
 * belong to somebody else than who runs `rc`: the service's user, while root makes a change. Whoever may write the folder can
 * put a link, a pipe or a foreign file under any name in it, at any moment. So:
 *
 * - no link is followed: files are opened with O_NOFOLLOW, new ones made with O_EXCL, whole ones replaced by a rename;
 * - what is open is looked at by its descriptor, never again by its name: a plain file that belongs to one of us;
 * - a file is given away (chown) only when it was made just now;
 * - a folder in which others could swap names is held open, and names are taken in it (/proc/self/fd, openat(2) for Node).
 *
 * store.json itself may be a link (Kubernetes mounts ConfigMaps so): `linkedStore` (linked-store.ts) says when it is written through.
 * docs/security.md has the threat model, docs/decisions/0140 the reasons.
 */
import { constants } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Files, realFiles } from './files.ts';
import { closeQuietly, inFolder, type Place } from './held-folder.ts';
import { assertOurs, belongs, isRoot, kindOf, me, NotOurs, OWN_FILE, type Owned, openFailure } from './ours.ts';

// Windows has not all of these; its homes are guarded by their folder's access list.
const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/** Flags for opening what is read: not through a link, never waiting (a pipe in a file's place must not make anybody wait). */
export const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** Flags for what is appended to: there already. */
export const APPEND = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** Flags for a file that is not there yet. */
export const CREATE = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;

const CREATE_APPEND = CREATE | O_APPEND;

/** Opens a file there is, for what the flags say. @throws NotOurs; ENOENT as it comes */
function openThere(place: Place, path: string, flags: number, files: Files): number {
  let fd: number;
  try {
    fd = files.openSync(place.at(basename(path)), flags);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    assertOurs(files.fstatSync(fd), path, place);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

/** Makes a file, which belongs to whom `like` belongs when root makes it. @throws EEXIST when something has the name */
export function make(
  place: Place,
  name: string,
  like: Owned | undefined,
  mode: number,
  flags: number,
  files: Files,
): number {
  const fd = files.openSync(place.at(name), flags, OWN_FILE);
  try {
    if (like) giveAway(fd, like, files);
    if (mode !== OWN_FILE) files.fchmodSync(fd, mode);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    removeQuietly(place.at(name), files);
    throw error;
  }
}

/** `sudo rc set` must not lock the listener's own user out. Only for what was made just now. */
export function giveAway(fd: number, { uid, gid }: Owned, files: Files): void {
  if (isRoot() && (uid !== 0 || gid !== 0)) files.fchownSync(fd, uid, gid);
}

export function removeQuietly(path: string, files: Files): void {
  try {
    files.unlinkSync(path);
  } catch {}
}

/** Opens for appending; made (0600, its folder's owner's) when it is not there. `size` in bytes. @throws NotOurs */
export function openToAppend(path: string, files: Files = realFiles): { fd: number; size: number } {
  return inFolder(dirname(path), files, (place) => {
    for (let attempt = 0; ; attempt++) {
      try {
        const fd = openThere(place, path, APPEND, files);
        return { fd, size: files.fstatSync(fd).size };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      try {
        return { fd: make(place, basename(path), place.owner, OWN_FILE, CREATE_APPEND, files), size: 0 };
      } catch (error) {
        // Somebody was quicker; once, for a link that leads nowhere is answered so for ever.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw openFailure(error, path);
      }
    }
  });
}

/** Opens a file there is for changing what stands in it. @throws NotOurs; ENOENT as it comes */
export function openToChange(path: string, files: Files = realFiles): number {
  return inFolder(dirname(path), files, (place) => openThere(place, path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, files));
}

/** Opens a file for reading. @throws NotOurs for a link, a pipe or a folder; ENOENT as it comes */
export function openToRead(path: string, files: Files = realFiles): number {
  let fd: number;
  try {
    fd = files.openSync(path, READ);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    const stat = files.fstatSync(fd);
    if (!stat.isFile()) throw new NotOurs(`${path} is no plain file (${kindOf(stat)}).`);
    return fd;
  } catch (error) {
    closeQuietly(fd, files);
    throw error;
  }
}

/** A whole file as UTF-8. @throws as `openToRead` */
export function readOwn(path: string, files: Files = realFiles): string {
  return textOf(openToRead(path, files), files);
}

/** All of an open file as UTF-8; it is closed then. */
function textOf(fd: number, files: Files): string {
  try {
    return files.readFileSync(fd, 'utf8');
  } finally {
    closeQuietly(fd, files);
  }
}

/** Text that will be written elsewhere in the home: never that of somebody else's file. @throws NotOurs, or as `openToRead` */
export function readToCopy(path: string, files: Files = realFiles): string {
  return inFolder(dirname(path), files, (place) => textOf(openThere(place, path, READ, files), files));
}

/** A secret of the home: a file of ours or its owner's, narrowed to 0600 when somebody widened it. @throws as `openToRead` */
export function readSecret(path: string, files: Files = realFiles): string {
  return inFolder(dirname(path), files, (place) => {
    const fd = openThere(place, path, READ, files);
    try {
      const { mode, uid } = files.fstatSync(fd);
      if ((mode & 0o077) !== 0 && (isRoot() || uid === me())) files.fchmodSync(fd, OWN_FILE);
      return files.readFileSync(fd, 'utf8');
    } finally {
      closeQuietly(fd, files);
    }
  });
}

/** A new file with this text (0600, its folder's owner's). @throws EEXIST */
export function createOwn(path: string, text: string, files: Files = realFiles): void {
  inFolder(dirname(path), files, (place) => {
    const fd = make(place, basename(path), place.owner, OWN_FILE, CREATE, files);
    try {
      writeAll(fd, text, files);
    } catch (error) {
      removeQuietly(place.at(basename(path)), files);
      throw error;
    } finally {
      files.closeSync(fd);
    }
  });
}

/** Writes text at the file's current position, however many calls it takes. */
export function writeAll(fd: number, text: string, files: Files = realFiles): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += files.writeSync(fd, bytes, done);
}

/** Removes a name, whatever stands under it except a folder; nothing where there is none. */
export function removeOwn(path: string, files: Files = realFiles): void {
  try {
    inFolder(dirname(path), files, (place) => files.unlinkSync(place.at(basename(path))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw openFailure(error, path);
  }
}

/** Gives a file of a folder a second name there; never takes one that is given. @throws EEXIST */
export function linkOwn(folder: string, from: string, to: string, files: Files = realFiles): void {
  inFolder(folder, files, (place) => files.linkSync(place.at(from), place.at(to)));
}

/** Sets the mode of a file or folder that is there, never through a link. @throws NotOurs */
export function setMode(path: string, mode: number, files: Files = realFiles): void {
  inFolder(dirname(path), files, (place) => {
    let fd: number;
    try {
      fd = files.openSync(place.at(basename(path)), READ);
    } catch (error) {
      throw openFailure(error, path);
    }
    try {
      const stat = files.fstatSync(fd);
      if (!stat.isDirectory()) assertOurs(stat, path, place);
      else if (!place.alone && !belongs(stat, place.owner)) throw new NotOurs(`${path} belongs to another user.`);
      files.fchmodSync(fd, mode);
    } finally {
      closeQuietly(fd, files);
    }
  });
}
