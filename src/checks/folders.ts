/** Folders that the listener writes into, and the room on their disk. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Connector } from '../domain/connector.ts';
import type { Transport } from '../domain/transport.ts';
import type { Home } from '../store/home.ts';
import { shellWord } from '../text/shell-word.ts';
import { deliveryMethods } from './delivery-methods.ts';
import type { CheckFinding } from './finding.ts';

/** Below this nothing more is delivered for long; a message may have 36 MB. */
const LOW_BYTES = 1024 ** 3;
const EMPTY_BYTES = 100 * 1024 ** 2;

/** The folders by what they are for. */
export function foldersOf(connectors: readonly Connector[], home: Home, transport: Transport): Map<string, string> {
  const methods = deliveryMethods(connectors, transport);
  const folders = new Map<string, string>([['the home', home.folder]]);
  if (methods.has('Maildir'))
    for (const part of ['tmp', 'new', 'cur']) folders.set(`mail (${part})`, join(home.mail, part));
  if (methods.has('Relay')) folders.set('the spool', join(home.folder, 'spool'));
  if (connectors.some(({ Enabled, ProtocolLoggingLevel }) => Enabled && ProtocolLoggingLevel === 'Verbose'))
    folders.set('the protocol log', transport.ReceiveProtocolLogPath || home.protocol);
  if (transport.MessageTrackingLogEnabled)
    folders.set('the message tracking log', transport.MessageTrackingLogPath || home.tracking);
  return folders;
}

/** Whether this user can write them, or make them. */
export function folderFindings(folders: ReadonlyMap<string, string>): CheckFinding[] {
  return [...folders].flatMap(([what, folder]) => {
    const problem = unwritable(folder);
    if (problem === undefined) return [];
    const mend = [`the listener’s user must own it: chown, chmod 700 ${shellWord(folder)}`];
    return [{ severity: 'Error', check: 'Folders', about: folder, problem: `${what}: ${problem}`, mend }];
  });
}

export function diskFindings(home: Home): CheckFinding[] {
  return [...roomFindings(home), ...inodeFindings(home)];
}

/** Bytes. */
export function roomFindings(home: Home): CheckFinding[] {
  const { bavail, bsize } = statfsSync(standing(home.folder));
  const free = bavail * bsize;
  if (free >= LOW_BYTES) return [];
  return [
    {
      severity: free < EMPTY_BYTES ? 'Error' : 'Warning',
      check: 'DiskSpace',
      about: home.folder,
      problem: `only ${Math.floor(free / 1024 ** 2)} MB are free; without room mail is answered 452`,
      mend: [`make room, or move the home: du -sh ${shellWord(home.folder)}/*`],
    },
  ];
}

export function inodeFindings(home: Home): CheckFinding[] {
  const { ffree, files } = statfsSync(standing(home.folder));
  if (files === 0 || ffree >= 1000) return [];
  return [
    {
      severity: 'Error',
      check: 'DiskSpace',
      about: home.folder,
      problem: `only ${ffree} files more fit on the file system (inodes)`,
      mend: [`remove old mail: find ${shellWord(home.mail)} -type f -mtime +30`],
    },
  ];
}

/** Is the mail on the volume of the home? As long as it has no folder yet, it will be. */
export function isMailAtHome(home: Home): boolean {
  return statSync(standing(home.mail)).dev === statSync(standing(home.folder)).dev;
}

/** The folder itself, or the file or folder in which it would be made. */
function standing(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    try {
      if (statSync(at, { throwIfNoEntry: false }) || at === dirname(at)) return at;
    } catch {} // a part of the path is no folder
  }
}

function unwritable(folder: string): string | undefined {
  try {
    const at = standing(folder);
    if (!statSync(at).isDirectory()) return at === folder ? 'is no folder' : `cannot be made, for ${at} is no folder`;
    accessSync(at, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}
