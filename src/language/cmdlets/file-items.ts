/** Files and folders as objects, and the paths that a wildcard means. */
import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { CmdletError } from '../../pipeline/error.ts';
import { filePath, type Place } from '../../pipeline/file-path.ts';
import { PsObject } from '../../pipeline/value.ts';
import { foldText, hasWildcard, Wildcard } from '../../text/wildcard.ts';

/** More than these a wildcard does not give; a loop over a whole disk is a mistake. */
const MOST = 100_000;

/** A file or folder; as a text it is its full name, as Get-ChildItem's objects are. */
export class FileItem extends PsObject {
  readonly path: string;

  constructor(path: string, stat: Stats) {
    const folder = stat.isDirectory();
    const Name = basename(path);
    super(folder ? 'DirectoryInfo' : 'FileInfo', {
      Mode: `${folder ? 'd' : '-'}${folder ? '-' : 'a'}${stat.mode & 0o200 ? '-' : 'r'}${Name.startsWith('.') ? 'h' : '-'}-`,
      LastWriteTime: stat.mtime,
      Length: folder ? null : stat.size,
      Name,
      FullName: path,
      DirectoryName: dirname(path),
      BaseName: folder ? Name : basename(path, extname(path)),
      Extension: extname(path),
      PSIsContainer: folder,
      Exists: true,
      CreationTime: stat.birthtime,
    });
    this.path = path;
  }

  override toString(): string {
    return this.path;
  }
}

/** Of what a link leads to, or of the link when that cannot be looked at. */
function statOf(path: string): Stats | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat) return stat;
  } catch {
    // no permission, or links that lead round in circles: the link itself is there
  }
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

export function itemAt(path: string): FileItem | undefined {
  const stat = statOf(path);
  return stat && new FileItem(path, stat);
}

/** Full names that a path means: itself when it has no wildcard, whether it is there or not. @throws CmdletError of a drive that is none */
export function pathsMeant(place: Place, given: string, literal = false): string[] {
  if (literal || !hasWildcard(given)) return [filePath(place, given)];
  const parts = given.replaceAll('\\', '/').split('/');
  const first = parts.findIndex(hasWildcard);
  let found = [filePath(place, parts.slice(0, first).join('/') || (given.startsWith('/') ? '/' : '.'))];
  for (const part of parts.slice(first)) {
    const pattern = hasWildcard(part) ? new Wildcard(part) : undefined;
    found = found.flatMap((folder) =>
      entriesOf(folder)
        .map(({ name }) => name)
        .filter((name) =>
          pattern ? pattern.matches(name) && (!name.startsWith('.') || part.startsWith('.')) : name === part,
        )
        .map((name) => join(folder, name)),
    );
    if (found.length > MOST) throw new CmdletError(`${given} means more than ${MOST} files.`, { id: 'TooManyFiles' });
  }
  return found;
}

/** What is in a folder: folders, then files, by name; nothing when it cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort(
      (a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (foldText(a.name) < foldText(b.name) ? -1 : 1),
    );
  } catch {
    return [];
  }
}

export function pathNotFound(path: string): CmdletError {
  return new CmdletError(`Cannot find path '${path}' because it does not exist.`, {
    id: 'PathNotFound',
    category: 'ObjectNotFound',
    target: path,
  });
}

export function folderExists(path: string): CmdletError {
  return new CmdletError(`An item with the specified name ${path} already exists.`, {
    id: 'DirectoryExist',
    category: 'ResourceExists',
    target: path,
    type: 'System.IO.IOException',
  });
}

/** What the system said of a file that cannot be made, written or removed. */
export function fileFailure(path: string, error: unknown): CmdletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    EACCES: 'you have no permission',
    EPERM: 'you have no permission',
    ENOENT: 'its folder is not there',
    EROFS: 'the disk is read-only',
  };
  return new CmdletError(`${path}: ${words[code ?? ''] ?? message}.`, {
    id: 'FileSystemError',
    category: 'WriteError',
    target: path,
  });
}
