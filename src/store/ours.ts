/** Whose a file or folder is, and whether it is one of ours: what is looked at before anything in a home is done to it. */
import type { Stats } from 'node:fs';
import { shellWord } from '../text/shell-word.ts';

export const OWN_FILE = 0o600;

export const OWN_FOLDER = 0o700;

/** Something else stands where a file of the home should: a link, a pipe, a file of a stranger. Nothing was written. */
export class NotOurs extends Error {
  readonly code = 'ENOTOURS';
}

export type Owned = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/** The folder that something stands in. */
interface Around {
  readonly owner: Owned;
  /** Nobody but us and root can swap names in it. */
  readonly alone: boolean;
}

/** Effective user id; 0 where there are none (Windows). */
export const me = (): number => process.geteuid?.() ?? 0;

export const isRoot = (): boolean => process.geteuid?.() === 0;

/** A link to a folder is somebody's word for it: root's, ours, or that of whoever owns what it leads to. */
export function refuseStrangersLink(path: string, link: number, leadsTo: number): void {
  if (link === 0 || link === me() || link === leadsTo) return;
  throw new NotOurs(
    `${path} is a symbolic link of another user (uid ${link}), and leads to what is not theirs. Nothing was written. If nobody means it, remove it: rm ${shellWord(path)}`,
  );
}

/** What an open file must be before anything is done to it. @throws NotOurs */
export function assertOurs(stat: Stats, path: string, folder: Around): void {
  if (!stat.isFile())
    throw new NotOurs(
      `${path} is no plain file (${kindOf(stat)}). Nothing was written. If nobody means it, remove it: rm ${shellWord(path)}`,
    );
  if (folder.alone || process.geteuid === undefined) return;
  if (!belongs(stat, folder.owner))
    throw new NotOurs(
      `${path} belongs to another user (uid ${stat.uid}) than its folder (uid ${folder.owner.uid}). Nothing was written. If the file is good: chown ${folder.owner.uid} ${shellWord(path)}; else remove it.`,
    );
  if (stat.nlink > 1)
    throw new NotOurs(
      `${path} has ${stat.nlink} names (hard links), so it may be another file as well. Nothing was written. To make it one of its own: cp -p ${shellWord(path)} ${shellWord(`${path}.own`)} && mv ${shellWord(`${path}.own`)} ${shellWord(path)}`,
    );
}

/** Ours, root's, the home's owner's; or of the group that the owner lets write, where others may not. */
export function belongs(stat: Owned, folder: Owned): boolean {
  if (stat.uid === me() || stat.uid === 0 || stat.uid === folder.uid) return true;
  return (folder.mode & 0o022) === 0o020 && stat.gid === folder.gid;
}

export function kindOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return stat.isFile() ? 'a file' : 'a device';
}

/** An error of `open` in words: O_NOFOLLOW answers ELOOP, a pipe without a reader ENXIO. */
export function openFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP')
    return new NotOurs(
      `${path} is a symbolic link, and rc follows none in its home. Nothing was written. If nobody means it, remove it: rm ${path}`,
    );
  if (code === 'ENXIO' || code === 'ENODEV' || code === 'EISDIR')
    return new NotOurs(`${path} is no plain file. Nothing was written. If nobody means it, remove it.`);
  return error;
}
