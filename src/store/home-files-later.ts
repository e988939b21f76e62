/**
 * home-files.ts for the listener, whose writes must not hold up its sessions: the same rules, off the thread. The folder itself
 * is opened at once where others could swap it; that is a look at a name the kernel has in memory.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { inFolderLater, isOursAlone, type Place } from './held-folder.ts';
import { APPEND, CREATE, READ } from './home-files.ts';
import { makeOwnFolder } from './home-folders.ts';
import { linkedStore } from './linked-store.ts';
import { assertOurs, kindOf, NotOurs, OWN_FILE, OWN_FOLDER, openFailure } from './ours.ts';

/** Opens for appending; made (0600, its folder's owner's) when it is not there. @throws NotOurs, or the file system's error */
export function openToAppendLater(path: string): Promise<FileHandle> {
  return inFolderLater(dirname(path), async (place) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await openThere(place, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      try {
        return await make(place, path, CREATE | constants.O_APPEND);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw openFailure(error, path);
      }
    }
  });
}

async function openThere(place: Place, path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(place.at(basename(path)), APPEND);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    assertOurs(await file.stat(), path, place);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function make(place: Place, path: string, flags: number): Promise<FileHandle> {
  const file = await open(place.at(basename(path)), flags, OWN_FILE);
  const { uid, gid } = place.owner;
  try {
    if (process.geteuid?.() === 0 && (uid !== 0 || gid !== 0)) await file.chown(uid, gid);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

/** A new file, 0600, its folder's owner's. @throws EEXIST */
export function createLater(path: string): Promise<FileHandle> {
  return inFolderLater(dirname(path), (place) => make(place, path, CREATE));
}

const served = new Set<string>();

/**
 * A home that this process serves is not made again when somebody takes it away: what is put back by `mv` would land inside,
 * and mail would be taken that nobody finds.
 */
export function neverMakeAgain(home: string): void {
  served.add(home);
}

/**
 * Makes a folder and those above it that are missing, 0700.
 * @throws NotOurs when a stranger's link or a file is in the way; ENOENT in a home that was taken away
 */
export async function makeFoldersLater(path: string): Promise<void> {
  for (const home of served) if (path.startsWith(home + sep)) await stat(home);
  try {
    await mkdir(dirname(path), { recursive: true, mode: OWN_FOLDER });
    if (isOursAlone(dirname(path))) await mkdir(path, { mode: OWN_FOLDER });
    else makeOwnFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const there = await lstat(path);
    const folder = there.isSymbolicLink() ? await stat(path) : there;
    if (!folder.isDirectory()) throw new NotOurs(`${path} is no folder (${kindOf(there)}).`);
  }
}

/** Moves a file into another folder of the home, or to another name. */
export function renameLater(from: string, to: string): Promise<void> {
  return inFolderLater(dirname(from), (source) =>
    inFolderLater(dirname(to), (target) => rename(source.at(basename(from)), target.at(basename(to)))),
  );
}

export function removeLater(path: string): Promise<void> {
  return inFolderLater(dirname(path), (place) => unlink(place.at(basename(path))));
}

/** Opens a file for reading. @throws NotOurs for a link, a pipe or a folder; ENOENT as it comes */
export async function openToReadLater(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, READ);
  } catch (error) {
    throw openFailure(error, path);
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new NotOurs(`${path} is no plain file (${kindOf(found)}).`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The bytes of store.json, which may be a link (`linkedStore`). @throws NotOurs, or the file system's error */
export async function readStoreLater(path: string): Promise<Buffer> {
  const file = await openToReadLater(linkedStore(path, 'read'));
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
