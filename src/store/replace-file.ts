/** Whole files replaced by a rename: the old one or the new one is there, whatever happens. */
import { basename, dirname } from 'node:path';
import { type Files, realFiles } from './files.ts';
import { inFolder, type Place } from './held-folder.ts';
import { CREATE, make, removeQuietly, writeAll } from './home-files.ts';
import { belongs, OWN_FILE, type Owned, openFailure } from './ours.ts';

let written = 0;

interface Replacing {
  readonly files?: Files;
  /** Synced, and the folder's name too: there after a power cut. */
  readonly durable?: boolean;
  /** Runs when everything is on the disk except the name; when it throws, nothing has changed. */
  readonly beforeRename?: () => void;
  /** The mode it gets, whatever that of the file before was. */
  readonly mode?: number;
  /** False: it stays with whoever runs rc. */
  readonly give?: boolean;
}

/**
 * Replaces (or creates, mode 0600) a whole file: a new one beside it, renamed over it. What stands under the name is replaced
 * and never written into, be it a link, a pipe or a stranger's file. A plain file of ours keeps its mode, and its owner when
 * root replaces it.
 * @throws NotConfirmed when it was replaced but the disk did not confirm the name
 */
export function replaceOwn(
  path: string,
  text: string,
  { files = realFiles, durable = false, beforeRename, mode, give = true }: Replacing = {},
): void {
  const folder = dirname(path);
  inFolder(folder, files, (place) => {
    const name = basename(path);
    const temporary = temporaryName(name);
    const before = successor(place, name, files);
    const fd = make(place, temporary, give ? before.owner : undefined, mode ?? before.mode, CREATE, files);
    try {
      try {
        writeAll(fd, text, files);
        if (durable) files.fsyncSync(fd);
      } finally {
        files.closeSync(fd);
      }
      beforeRename?.();
      files.renameSync(place.at(temporary), place.at(name));
    } catch (error) {
      removeQuietly(place.at(temporary), files);
      throw openFailure(error, path);
    }
    if (!durable) return;
    try {
      syncFolder(place.at('.'), files);
    } catch (error) {
      throw new NotConfirmed((error as Error).message);
    }
  });
}

function temporaryName(name: string): string {
  return `.${name}.${process.pid}-${++written}-${Date.now()}.tmp`;
}

/** Mode and owner for what takes the place of a name: those of a plain file of ours, else 0600 and the folder's owner. */
function successor(place: Place, name: string, files: Files): { mode: number; owner: Owned } {
  try {
    const stat = files.lstatSync(place.at(name));
    if (stat.isFile() && belongs(stat, place.owner)) return { mode: stat.mode & 0o777, owner: stat };
  } catch {}
  return { mode: OWN_FILE, owner: place.owner };
}

/** The file has been replaced, but the disk did not confirm that the new name outlives a power cut. */
export class NotConfirmed extends Error {}

/** Makes names in a folder safe. A file system that cannot (EINVAL, as some network ones) is taken as it is. */
export function syncFolder(folder: string, files: Files = realFiles): void {
  const fd = files.openSync(folder, 'r');
  try {
    files.fsyncSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    files.closeSync(fd);
  }
}

/**
 * Temporary files of `replaceOwn` that killed writers left beside these files of one folder. Only for who holds the lock
 * under which they are written. @returns all names of the folder
 */
export function sweepTemporaries(paths: readonly string[], files: Files = realFiles): readonly string[] {
  const prefixes = paths.map((path) => `.${basename(path)}.`);
  return inFolder(dirname(paths[0]!), files, (place) => {
    const entries = files.readdirSync(place.at('.'));
    for (const entry of entries) {
      if (entry.endsWith('.tmp') && prefixes.some((prefix) => entry.startsWith(prefix)))
        removeQuietly(place.at(entry), files);
    }
    return entries;
  });
}
