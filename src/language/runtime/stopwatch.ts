/** System.Diagnostics.Stopwatch: how long a part of a script takes. */
import { TimeSpan } from '../../domain/value.ts';
import { integer } from '../../pipeline/number.ts';
import { printed, type Value } from '../../pipeline/value.ts';
import { NetObject } from './net-objects.ts';

export class Stopwatch extends NetObject {
  #before = 0;
  #since: number | undefined;

  constructor(runs = false) {
    super('System.Diagnostics.Stopwatch', {});
    if (runs) this.#start();
    const own: Readonly<Record<string, () => Value>> = {
      IsRunning: () => this.#since !== undefined,
      Elapsed: () => new TimeSpan(Math.round(this.#milliseconds() * 1e4) / 1e7),
      ElapsedMilliseconds: () => integer(Math.floor(this.#milliseconds()), 'long'),
      ElapsedTicks: () => integer(Math.round(this.#milliseconds() * 1e6), 'long'),
    };
    for (const [name, get] of Object.entries(own))
      Object.defineProperty(this.properties, name, { enumerable: true, get });
  }

  #milliseconds(): number {
    return this.#before + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }
  #start(): undefined {
    this.#since ??= performance.now();
  }
  #stop(): undefined {
    this.#before = this.#milliseconds();
    this.#since = undefined;
  }
  #reset(): undefined {
    this.#since = undefined;
    this.#before = 0;
  }

  methods() {
    return {
      Start: () => this.#start(),
      Stop: () => this.#stop(),
      Reset: () => this.#reset(),
      Restart: () => {
        this.#reset();
        return this.#start();
      },
      ToString: () => this.toString(),
    };
  }
  override toString(): string {
    return printed(this.properties.Elapsed);
  }
}
