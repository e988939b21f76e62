/** The folders of a home: made, and warned of where everybody may write in them. */
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import { tried } from '../text/tried.ts';
import { type Files, realFiles } from './files.ts';
import { closeQuietly, FOLDER, inFolder } from './held-folder.ts';
import { giveAway } from './home-files.ts';
import { isRoot, kindOf, NotOurs, OWN_FOLDER, refuseStrangersLink } from './ours.ts';

// Windows has not all of these; its homes are guarded by their folder's access list.
const { O_NOFOLLOW = 0 } = constants;

/**
 * Makes a folder of a home (0700, the owner of the one around it); one that is there stays as it is.
 * @throws NotOurs when something else, or a stranger's link, has the name
 */
export function makeOwnFolder(path: string, files: Files = realFiles): void {
  inFolder(dirname(path), files, (place) => {
    const at = place.at(basename(path));
    try {
      files.mkdirSync(at, { mode: OWN_FOLDER });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const stat = files.lstatSync(at);
      const folder = stat.isSymbolicLink() ? files.statSync(at, { throwIfNoEntry: false }) : stat;
      if (!folder?.isDirectory()) throw new NotOurs(`${path} is no folder (${kindOf(stat)}).`);
      if (stat.isSymbolicLink()) refuseStrangersLink(path, stat.uid, folder.uid);
      return;
    }
    if (!isRoot() || (place.owner.uid === 0 && place.owner.gid === 0)) return;
    const fd = files.openSync(at, FOLDER | O_NOFOLLOW);
    try {
      // Empty, so it gives nobody anything even where it was swapped this moment.
      if (files.readdirSync(at).length === 0) giveAway(fd, place.owner, files);
    } finally {
      closeQuietly(fd, files);
    }
  });
}

/**
 * Makes the home's own folder (0700) and those above it that are missing. Not mkdir's own `recursive`: Node turns in circles
 * for ever where nothing can be made at all (/proc/x).
 */
export function makeHomeFolder(folder: string, files: Files = realFiles): void {
  if (files.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    files.mkdirSync(folder, { mode: OWN_FOLDER });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && files.statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || files.statSync(dirname(folder), { throwIfNoEntry: false })) throw error;
    makeHomeFolder(dirname(folder), files);
    files.mkdirSync(folder, { mode: OWN_FOLDER });
  }
}

/** What to say of a home that others may write: whoever can, can change connectors and read every secret made in it. */
export function sharedHomeWarning(folder: string, files: Files = realFiles): string | undefined {
  const stat = tried(() => files.statSync(folder));
  if (process.geteuid === undefined || !stat || (stat.mode & 0o002) === 0) return undefined;
  return `Everybody on this machine may write in ${folder} (mode ${(stat.mode & 0o7777).toString(8).padStart(4, '0')}), and so change connectors and take what is secret. To close it: chmod 0700 ${shellWord(folder)}, or rc doctor --fix; where that cannot be, name a folder inside it: --home ${shellWord(join(folder, 'rc'))}`;
}
