/** One line of history.ndjson: a change of the store, by whom, when, with which command, and everything before and after. */
import type { ObjectChange } from './difference.ts';

export interface HistoryEntry {
  readonly generation: number;
  /** The generation before, when that is not this one less one (somebody wrote a larger generation into the file). */
  readonly after?: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly user: string;
  /** Who became `user` with sudo. */
  readonly sudoUser?: string;
  readonly command: string;
  /** 'edit': somebody changed the file itself. 'gap': the file had changed and what it held before is not known. */
  readonly origin?: 'first use' | 'edit' | 'gap';
  /** The generation this one takes back. */
  readonly undoes?: number;
  /** Of that one only what changed on these servers. */
  readonly undoesOn?: readonly string[];
  readonly changes: readonly ObjectChange[];
}

/** The generation that an entry was made from. */
export function previousOf(entry: HistoryEntry): number {
  return entry.after ?? entry.generation - 1;
}

/** @throws SyntaxError for a line that is no entry */
export function parseEntry(line: string): HistoryEntry {
  const entry = JSON.parse(line) as HistoryEntry;
  if (!Number.isSafeInteger(entry?.generation) || !Array.isArray(entry.changes))
    throw new SyntaxError('no history entry');
  return entry;
}
