/** A document as it stood in the file at one moment. */
import type { StoreDocument } from './document.ts';

/** A document as it was read, with its text: what tells whether somebody else changed it since. */
export interface Snapshot {
  readonly document: StoreDocument;
  readonly text: string;
  /** Which file it was (stamp.ts). */
  readonly identity: string;
  /** When that file was changed, in milliseconds since 1970, and the user id it belongs to. */
  readonly changed: { readonly time: number; readonly uid: number };
}
