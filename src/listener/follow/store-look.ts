/** One look at the store: is it the one that is applied, a good one, or none that can be applied, and why. */
import { createHash } from 'node:crypto';
import { readStoreLater } from '../../store/home-files-later.ts';
import { StoreError } from '../../store/store-error.ts';
import type { DocumentReader, LiveDocument } from './live-document.ts';

export const NOTHING_READ = Buffer.alloc(0);

export type Looked =
  | { readonly kind: 'same' }
  /** It could not be opened for a reason that has nothing to do with it: no descriptors are left. */
  | { readonly kind: 'unknown'; readonly code: string }
  | { readonly kind: 'good'; readonly live: LiveDocument; readonly text: Buffer }
  | {
      readonly kind: 'bad';
      readonly reason: string;
      readonly text: Buffer;
      readonly generation?: number;
      /** Somebody may be in the middle of writing it. */
      readonly torn: boolean;
    };

/** How the last document that was looked at fared. */
export interface StoreState {
  /** Generation the listener acts by. */
  readonly applied: number;
  /** Generation last seen in the file, when it could be read. */
  readonly seen: number;
  /** Why the file as it is now cannot be applied. */
  readonly problem: string;
  /** The file as it is now is gone or no document at all, so it has no generation. */
  readonly unreadable: boolean;
  readonly appliedAt: string;
}

/** @param before its text when it was applied, if it was */
export async function lookAt(store: string, reader: DocumentReader, before: Buffer | undefined): Promise<Looked> {
  let text: Buffer;
  try {
    text = await readStoreLater(store);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // the watch sees when it can be opened again
    if ((code === 'EMFILE' || code === 'ENFILE') && before) return { kind: 'unknown', code };
    const reason =
      code === 'ENOENT' ? `The store ${store} is gone.` : `The store ${store} cannot be read (${message}).`;
    return { kind: 'bad', reason, text: NOTHING_READ, torn: true };
  }
  if (before?.equals(text)) return { kind: 'same' };
  try {
    return { kind: 'good', live: await reader.read(text), text };
  } catch (error) {
    const reason = (error as Error).message;
    const generation = (error as { generation?: number }).generation;
    return { kind: 'bad', reason, text, generation, torn: error instanceof StoreError && error.code === 'corrupt' };
  }
}

/** Tells one problem of one text from another, so that each is reported once. */
export function problemKey(reason: string, text: Buffer): string {
  return createHash('sha256').update(reason).update('\0').update(text).digest('base64');
}
