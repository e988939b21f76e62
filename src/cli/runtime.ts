/** What a run of `rc` has of the world around it, and what it says at its end. */
export interface Runtime {
  readonly env: NodeJS.ProcessEnv;
  /**
   * Prints nothing, except what a cmdlet gives when `stdout` is told: for no terminal, wherever it runs (so the code cache is made,
   * bin/code-cache.js).
   */
  readonly silent?: boolean;
  /** File descriptors a cmdlet reads and writes instead of 0 and 1. */
  readonly stdin?: number;
  readonly stdout?: number;
}

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
