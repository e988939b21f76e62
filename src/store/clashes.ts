/** What a change made of a document, before it is written. */
import type { StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import { StoreError } from './store-error.ts';

/** @throws StoreError 'conflict' when a change made connectors clash that did not before */
export function refuseClashes(draft: Draft, before: StoreDocument): void {
  if (!Draft.mayClash(before, draft.document)) return;
  const clashes = draft.clashes(before);
  if (clashes.length) throw new StoreError('conflict', clashes.map((v) => v.message).join('\n'));
}
