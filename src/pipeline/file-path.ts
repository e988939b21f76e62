/**
 * File names as people bring them along in scripts: `.\ips.txt` means `./ips.txt`. PowerShell takes both separators on
 * every system (FileSystemProvider.NormalizePath). `C:\Scripts\x.csv` is a file of the folder that $RC_DRIVE_C names; a
 * drive without such a folder is not there (SessionStateStrings.DriveNotFound).
 */
import path from 'node:path';
import { CmdletError } from './error.ts';

/** `C:\Scripts\x.csv`, and the same on a server's administrative share: `\\EX01\c$\Scripts\x.csv`. */
const DRIVE = /^([a-z]):(?:[\\/]+(.*))?$/is;
const SHARE = /^[\\/]{2}[^\\/]+[\\/]([a-z])\$(?:[\\/]+(.*))?$/is;

/** @param env where drives are named: RC_DRIVE_C=/srv/scripts */
export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The full name of a file. @throws CmdletError when it names a drive that nothing stands for, or leaves its folder */
export function filePath({ cwd, env }: Place, given: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.win32.resolve(cwd, given);
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
  return path.posix.join(root, path.posix.resolve('/', rest.replaceAll('\\', '/')));
}
