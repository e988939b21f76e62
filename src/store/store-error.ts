/** Failures of the store that a person must know about; `code` tells callers apart. */
export class StoreError extends Error {
  /** The folder of a store that cannot be read. */
  folder?: string;

  constructor(
    readonly code:
      | 'corrupt'
      | 'invalid'
      | 'newer'
      | 'unreadable'
      | 'unwritable'
      | 'locked'
      | 'conflict'
      | 'unconfirmed'
      | 'missing'
      /** The fleet's engine is away, or will not have it. */
      | 'fleet',
    message: string,
  ) {
    super(message);
  }
}

/** Can `rc restore` mend it? */
export function isRestorable(error: unknown): boolean {
  return error instanceof StoreError && ['corrupt', 'invalid', 'missing'].includes(error.code);
}
