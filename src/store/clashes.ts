/** What a change made of a document, before it is written. */
import type { StoreDocument } from './document.ts';
import { Draft } from './draft.ts';
import { StoreError } from './store-error.ts';

/** Clashes that are told: one wildcard can make as many as there are pairs. */
const MOST_TOLD = 5;

/** @throws StoreError 'conflict' when a change made connectors clash that did not before */
export function refuseClashes(draft: Draft, before: StoreDocument): void {
  if (!Draft.mayClash(before, draft.document)) return;
  const clashes = draft.clashes(before);
  if (!clashes.length) return;
  const told = clashes.slice(0, MOST_TOLD).map(({ message }) => message);
  const more = clashes.length - told.length;
  if (more > 0) told.push(`and ${more} more such ${more === 1 ? 'pair' : 'pairs'}`);
  throw new StoreError('conflict', told.join('\n'));
}
