/** The time of one session: when it began, when its client was last heard of, and which limit is over first. */
import { TimeSpan } from '../../domain/value.ts';
import type { SessionConnector } from '../contracts/session-connector.ts';
import type { Refusal } from '../refusal/refusal.ts';
import { bySetting } from './judged.ts';
import { REPLIES } from './replies.ts';
import { forgetTime, type Timed, watchSoon, watchTime } from './session-timeouts.ts';

interface ClockOptions {
  readonly connector: SessionConnector;
  /** Runs at each look, whether a limit is over or not. */
  looked(): void;
  /** A limit is over. */
  over(refusal: Refusal): void;
}

/** A day, the most that ConnectionTimeout takes. */
const LONGEST_SECONDS = 86_400;

export class SessionClock implements Timed {
  turn = 0;
  readonly #options: ClockOptions;
  readonly #started = performance.now();
  #heardAt = this.#started;
  #busy = 0;
  #committing = false;
  #stopped = false;

  constructor(options: ClockOptions) {
    this.#options = options;
    watchTime(this);
  }

  /** A command, the disk or the next host is being waited for: that time is not the client's. */
  get isBusy(): boolean {
    return this.#busy > 0;
  }

  /** A message is being made safe, which nothing may cut short. */
  get isCommitting(): boolean {
    return this.#committing;
  }

  checkTime(now: number): number {
    this.#options.looked();
    if (this.#stopped || this.#committing) return now;
    const { ConnectionTimeout, ConnectionInactivityTimeout } = this.#options.connector.now;
    const total = this.#started + ConnectionTimeout.seconds * 1000;
    const idle = this.#busy === 0 ? this.#heardAt + ConnectionInactivityTimeout.seconds * 1000 : now + 1;
    if (now < total && now < idle) return Math.min(total, idle);
    this.#options.over(this.#timedOut(now >= total));
    return now;
  }

  #timedOut(inAll: boolean): Refusal {
    const { now } = this.#options.connector;
    const { ConnectionTimeout, ConnectionInactivityTimeout } = now;
    const more = (span: TimeSpan) => Math.min(2 * span.seconds, LONGEST_SECONDS);
    if (inAll) {
      const enough = { ConnectionTimeout: `${new TimeSpan(more(ConnectionTimeout))}` };
      return bySetting(REPLIES.timedOut, now, 'ConnectionTimeout', 'time', enough);
    }
    const seconds = Math.min(more(ConnectionInactivityTimeout), LONGEST_SECONDS - 1);
    const enough = {
      ConnectionInactivityTimeout: `${new TimeSpan(seconds)}`,
      ...(seconds >= ConnectionTimeout.seconds
        ? { ConnectionTimeout: `${new TimeSpan(Math.min(2 * seconds, LONGEST_SECONDS))}` }
        : {}),
    };
    return bySetting(REPLIES.timedOut, now, 'ConnectionInactivityTimeout', 'time', enough);
  }

  /** Something happened: the client's time begins anew. */
  stir(): void {
    this.#heardAt = performance.now();
    watchSoon(this, this.#heardAt);
  }

  /** Time that this takes is not the client's. */
  while<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    return work.finally(() => {
      this.#busy--;
      this.stir();
    });
  }

  /** Work that must not be cut short. */
  async commit<T>(work: Promise<T>): Promise<T> {
    this.#committing = true;
    try {
      return await work;
    } finally {
      this.#committing = false;
    }
  }

  /** Limits may have changed. */
  rearm(): void {
    if (!this.#stopped) watchTime(this);
  }

  /** Nothing more is to come: the session is closing. */
  stop(): void {
    this.#stopped = true;
    forgetTime(this);
  }
}
