/** Bytes of a message on their way in: takes what is its own, and says when it has its end. */
export interface Body {
  /** Takes bytes from the front of `chunk`; returns how many. */
  take(chunk: Buffer): number;
  readonly ended: boolean;
  /** More bytes may come when it settles. */
  readonly wait: Promise<void> | undefined;
}
