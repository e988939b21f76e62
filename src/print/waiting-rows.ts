/**
 * Rows of a table wait a moment for others, which decide how wide its columns are. Whoever writes to the same terminal beside
 * the output (Write-Host, a warning, an error) takes them first, so that all stands in the order in which it came.
 */
import type { Host } from '../pipeline/context.ts';

export class WaitingRows {
  #take: (() => string) | undefined;

  /** @param take gives what waits, as it is to be written, and lets it wait no longer */
  wait(take: () => string): void {
    this.#take = take;
  }

  over(): void {
    this.#take = undefined;
  }

  /** What waits now; '' when nothing does. */
  take(): string {
    return this.#take?.() ?? '';
  }
}

/** A host that does something before it says anything. */
export function sayingBehind(host: Host, first: () => void): Host {
  const behind = <A extends unknown[]>(say: (...args: A) => void) => ({
    value: (...args: A) => {
      first();
      say.apply(host, args);
    },
  });
  return Object.create(host, {
    writeHost: behind(host.writeHost),
    writeWarning: behind(host.writeWarning),
    writeError: behind(host.writeError),
    writeVerbose: behind(host.writeVerbose),
  });
}
