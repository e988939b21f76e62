import type { Home } from './home.ts';

/** Failures of the store that a person must know about; `code` tells callers apart. */
export class StoreError extends Error {
  /** Of a store that cannot be read. */
  home?: Home;

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
