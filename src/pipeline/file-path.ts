/**
 * File names as people bring them along in scripts: `.\ips.txt` means `./ips.txt`. PowerShell takes both separators on
 * every system (FileSystemProvider.NormalizePath), and `~` for the home folder. `C:\Scripts\x.csv` is a file of the folder
 * that $RC_DRIVE_C names, where upper and lower case are one, as on a drive; a drive without such a folder is not there
 * (SessionStateStrings.DriveNotFound).
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CmdletError } from './error.ts';

/** `C:\Scripts\x.csv`, and the same on a server's administrative share: `\\EX01\c$\Scripts\x.csv`. */
const DRIVE = /^([a-z]):(?:[\\/]+(.*))?$/is;
/** `~`, `~/ips.txt`; `~sue` is a file of that name, as in PowerShell. */
const HOME = /^~(?:[\\/]+(.*))?$/s;
const SHARE = /^[\\/]{2}[^\\/]+[\\/]([a-z])\$(?:[\\/]+(.*))?$/is;

/** @param env where drives are named: RC_DRIVE_C=/srv/scripts */
export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The full name of a file. @throws CmdletError when it names a drive that nothing stands for, or leaves its folder */
export function filePath({ cwd, env }: Place, given: string, platform: NodeJS.Platform = process.platform): string {
  const [atHome, ofHome = ''] = HOME.exec(given) ?? [];
  if (platform === 'win32')
    return atHome ? path.win32.resolve(env.USERPROFILE ?? cwd, ofHome) : path.win32.resolve(cwd, given);
  if (atHome) return path.posix.resolve(env.HOME ?? cwd, ofHome.replaceAll('\\', '/'));
  const [, drive, rest = ''] = DRIVE.exec(given) ?? SHARE.exec(given) ?? [];
  if (drive === undefined) return path.posix.resolve(cwd, given.replaceAll('\\', '/'));
  const variable = `RC_DRIVE_${drive.toUpperCase()}`;
  const folder = env[variable];
  if (!folder)
    throw new CmdletError(
      `Cannot find drive. A drive with the name '${drive}' does not exist. Say which folder stands for it, export ${variable}="$HOME/${drive.toLowerCase()}", or write a path of this system: ./connectors.csv`,
      { id: 'DriveNotFound', category: 'ObjectNotFound', target: drive },
    );
  const root = path.posix.resolve(cwd, folder);
  // as on a drive, `..` ends at its root
  return inAnyCase(root, path.posix.resolve('/', rest.replaceAll('\\', '/')));
}

/** A path below a drive's folder; a part that is not there by its very name is one that differs in case alone. */
function inAnyCase(root: string, below: string): string {
  let found = root;
  for (const part of below.split('/').filter(Boolean)) {
    const exact = path.posix.join(found, part);
    found = existsSync(exact)
      ? exact
      : path.posix.join(found, namesIn(found).find((name) => alike(name, part)) ?? part);
  }
  return found;
}

const alike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
