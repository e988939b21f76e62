/** A delay before a reply (tarpit): one timer, no CPU; follows a changed interval, ends early when the socket closes. */
import type { Delay } from '../contracts/session-services.ts';

class Pause implements Delay {
  readonly over: Promise<void>;
  readonly #length: () => number;
  readonly #since = performance.now();
  #resolve: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  /** @param length milliseconds from its beginning, asked again when settings change */
  constructor(length: () => number) {
    this.#length = length;
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.rearm();
  }

  rearm(): void {
    clearTimeout(this.#timer);
    const left = this.#length() - (performance.now() - this.#since);
    this.#timer = setTimeout(() => this.end(), Math.max(0, left));
    this.#timer.unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#resolve();
  }
}

/** @param length milliseconds from its beginning, asked again when settings change */
export function pauseFor(length: () => number): Delay {
  return new Pause(length);
}
