/** Failures of the store that a person must know about; `code` tells callers apart. */
export class StoreError extends Error {
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
      | 'missing',
    message: string,
  ) {
    super(message);
  }
}
