/**
 * Who changes are agreed with before they are written in a home: the engine of a fleet, which all its servers follow
 * (docs/decisions/0240). A home that is in no fleet has none, and a change is written at once.
 */
import type { Author } from './author.ts';
import type { Draft } from './draft.ts';
import type { Snapshot } from './snapshot.ts';

export interface Committer {
  /**
   * Makes the changes on the document that all have, and writes what came of it here.
   * @param changes may run several times, each time on a newer document
   * @returns the document as it is written here
   * @throws StoreError 'fleet' when there is no agreement; then nothing was changed anywhere
   */
  commit(changes: readonly ((draft: Draft) => void)[], author: Author): Promise<Snapshot>;
}
