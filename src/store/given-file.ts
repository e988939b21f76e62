/** Files outside a home, named by a person: rc export --path F. */
import { constants, type Stats } from 'node:fs';
import { tried } from '../text/tried.ts';
import { type Files, realFiles } from './files.ts';
import { writeAll } from './home-files.ts';
import { kindOf, me, NotOurs, OWN_FILE } from './ours.ts';
import { replaceOwn } from './replace-file.ts';

/**
 * Writes a file that a person named, outside a home (`rc export --path F`): whole or not at all, keeping what is there when
 * that fails. With secrets it is a new file of ours alone (0600), or a refusal; without, a link of ours or root's is followed
 * as a shell does, and a pipe or device is written into.
 * @throws NotOurs, or the file system's error
 */
export function writeGiven(path: string, text: string, secret: boolean, files: Files = realFiles): void {
  const stat = files.lstatSync(path, { throwIfNoEntry: false });
  if (secret) {
    const refusal = stat && whyNoPlaceForSecrets(stat);
    if (refusal)
      throw new NotOurs(
        `it ${refusal}, and what it would hold is secret. Nothing was written. Give a name that is not there yet, in a folder of yours`,
      );
    replaceOwn(path, text, { files, durable: true, mode: OWN_FILE, give: false });
    return;
  }
  if (stat?.isSymbolicLink() && stat.uid !== me() && stat.uid !== 0 && process.geteuid !== undefined)
    throw new NotOurs(`it is a symbolic link of another user (uid ${stat.uid}). Nothing was written`);
  const target = stat?.isSymbolicLink() ? (tried(() => files.realpathSync(path)) ?? path) : path;
  const there = files.statSync(target, { throwIfNoEntry: false });
  if (!there || there.isFile() || there.isDirectory()) {
    replaceOwn(target, text, { files, durable: true });
    return;
  }
  const fd = files.openSync(target, constants.O_WRONLY);
  try {
    writeAll(fd, text, files);
  } finally {
    files.closeSync(fd);
  }
}

function whyNoPlaceForSecrets(stat: Stats): string | undefined {
  if (!stat.isFile()) return `is ${kindOf(stat)}`;
  if (process.geteuid !== undefined && stat.uid !== me()) return `belongs to another user (uid ${stat.uid})`;
  return stat.nlink > 1 ? 'has other names too (hard links)' : undefined;
}
