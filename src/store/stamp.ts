/**
 * store.stamp: which store.json rc itself checked and wrote last, by inode, size and times. A file that still is that one
 * needs no checking again (10,000 connectors cost most of a second), and one that is not was changed by somebody else's
 * hand. It also says how much of the history was confirmed by a written store. Losing it costs time, nothing else.
 */
import type { BigIntStats } from 'node:fs';
import { type Files, realFiles } from './files.ts';
import { readOwn } from './home-files.ts';
import { replaceOwn } from './replace-file.ts';

export interface Stamp {
  readonly generation: number;
  /** The file's identity, see `identityOf`. */
  readonly file: string;
  /** The rules it was checked against. */
  readonly rules: string;
  /** Bytes of history.ndjson that belong to written generations. */
  readonly journal: number;
  /** Bytes of history.ndjson when the base was written. */
  readonly base: number;
}

/** Another version of rc may have narrower rules: it checks again. */
export const RULES = `rc ${process.env.RC_VERSION ?? 'unbuilt'}`;

/** ctime cannot be set by anybody, so a file edited in place with its old times restored is another one all the same. */
export function identityOf(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

export function readStamp(path: string, files: Files = realFiles): Stamp | undefined {
  try {
    const stamp = JSON.parse(readOwn(path, files)) as Stamp;
    return Number.isSafeInteger(stamp?.generation) && Number.isSafeInteger(stamp.journal) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Not synced, but replaced whole: after a kill it is the old one or the new one. */
export function writeStamp(path: string, stamp: Stamp, files: Files = realFiles): void {
  replaceOwn(path, `${JSON.stringify(stamp)}\n`, { files });
}
