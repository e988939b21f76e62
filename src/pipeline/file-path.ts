/**
 * File names as people bring them along in scripts: `.\ips.txt` means `./ips.txt`. PowerShell takes both separators on
 * every system (FileSystemProvider.NormalizePath); a drive letter means nothing where there are no drives
 * (SessionStateStrings.DriveNotFound).
 */
import path from 'node:path';
import { CmdletError } from './error.ts';

/** The full name of a file. @throws CmdletError when it names a drive that this system does not have */
export function filePath(cwd: string, given: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.win32.resolve(cwd, given);
  const drive = /^([a-z]):[\\/]/i.exec(given)?.[1];
  if (drive !== undefined)
    throw new CmdletError(
      `Cannot find drive. A drive with the name '${drive}' does not exist. Write a path of this system: ./connectors.csv`,
      { id: 'DriveNotFound', category: 'ObjectNotFound', target: drive },
    );
  return path.posix.resolve(cwd, given.replaceAll('\\', '/'));
}
