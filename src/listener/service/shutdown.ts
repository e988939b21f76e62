/** SIGINT and SIGTERM: the first asks for an orderly end, the second for one at once. */

export class Shutdown {
  /** Resolves with the signal's name. */
  readonly asked: Promise<string>;
  /** Resolves at the second signal. */
  readonly hurried: Promise<void>;
  #ask!: (signal: string) => void;
  #hurry!: () => void;
  #isAsked = false;
  readonly #onSignal = (signal: string) => this.request(signal);

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#ask = resolve;
    });
    this.hurried = new Promise((resolve) => {
      this.#hurry = resolve;
    });
  }

  /** As if the signal had come. */
  request(signal: string): void {
    if (this.#isAsked) this.#hurry();
    this.#isAsked = true;
    this.#ask(signal);
  }

  watch(): void {
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
  }

  unwatch(): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
  }
}
