/** Whole-file writes that are there or not there, whatever happens: temp file in the same folder, fsync, rename, fsync of the folder. */
import { basename, dirname, join } from 'node:path';
import { type Files, realFiles } from './files.ts';

let written = 0;

/**
 * Replaces (or creates, mode 0600) a file. A symbolic link is followed; an existing file keeps its mode and, when root
 * writes it, its owner: `sudo rc set` must not lock the listener's own user out. `beforeRename` runs when everything is on
 * the disk except the name; when it throws, nothing has changed.
 */
export function writeDurably(
  path: string,
  text: string,
  files: Files = realFiles,
  beforeRename: () => void = () => {},
): void {
  const target = realTarget(path, files);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${++written}-${Date.now()}.tmp`);
  const fd = files.openSync(temporary, 'wx', 0o600);
  try {
    try {
      takeAfter(fd, target, files);
      writeAll(fd, text, files);
      files.fsyncSync(fd);
    } finally {
      files.closeSync(fd);
    }
    beforeRename();
    files.renameSync(temporary, target);
  } catch (error) {
    try {
      files.unlinkSync(temporary);
    } catch {}
    throw error;
  }
  try {
    syncFolder(dirname(target), files);
  } catch (error) {
    throw new NotConfirmed((error as Error).message);
  }
}

/** The file has been replaced, but the disk did not confirm that the new name outlives a power cut. */
export class NotConfirmed extends Error {}

/** Writes text at the file's current position, however many calls it takes. */
export function writeAll(fd: number, text: string, files: Files = realFiles): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += files.writeSync(fd, bytes, done);
}

/** Temp files of killed writers. Only for who holds the lock under which that file is written. */
export function sweepTemporaries(path: string, files: Files = realFiles): readonly string[] {
  const target = realTarget(path, files);
  const entries = files.readdirSync(dirname(target));
  for (const entry of entries) {
    if (!entry.startsWith(`.${basename(target)}.`) || !entry.endsWith('.tmp')) continue;
    try {
      files.unlinkSync(join(dirname(target), entry));
    } catch {}
  }
  return entries;
}

/** Gives an open file the mode and owner of the file it replaces, or the owner of the folder. */
export function takeAfter(fd: number, target: string, files: Files = realFiles): void {
  let model: { mode: number; uid: number; gid: number } | undefined;
  try {
    model = files.statSync(target);
    files.fchmodSync(fd, model.mode & 0o777);
  } catch {
    try {
      model = files.statSync(dirname(target));
    } catch {}
  }
  if (model && process.getuid?.() === 0 && (model.uid !== 0 || model.gid !== 0))
    files.fchownSync(fd, model.uid, model.gid);
}

export function realTarget(path: string, files: Files = realFiles): string {
  try {
    return files.realpathSync(path);
  } catch {
    return path;
  }
}

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
