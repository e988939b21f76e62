/**
 * The listener as a service: says when it is ready, reads anew, stops, and what it does; and pings the watchdog as long as
 * the event loop turns and the store is being followed. Where no service manager asks for it, all of this is nothing.
 */
import type { EventLog } from '../contracts/event-log.ts';
import { EVENTS } from '../records/event-table.ts';
import type { Notifier } from './notifier.ts';

interface ServiceOptions {
  readonly notifier: Notifier | undefined;
  readonly watchdogMs: number;
  readonly events: EventLog;
  /** A line for `systemctl status`. */
  status(): string;
  /** What keeps the listener from its work, when something has for longer than `ms`. */
  unwell(ms: number): string | undefined;
}

export class Service {
  readonly #options: ServiceOptions;
  #timer: NodeJS.Timeout | undefined;
  #phase: 'starting' | 'ready' | 'stopping' = 'starting';
  #status = '';
  #statusAt = Number.NEGATIVE_INFINITY;
  #failed = '';
  /** Told that the watchdog is not pinged. */
  #withheld = false;
  #again: NodeJS.Timeout | undefined;
  #reloads = 0;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** It listens. */
  async ready(): Promise<void> {
    const { notifier, watchdogMs } = this.#options;
    if (!notifier) return;
    this.#phase = 'ready';
    await this.#send('READY=1', this.#freshStatus());
    // sd_watchdog_enabled(3) recommends half of the interval; the status is looked at as often.
    const every = watchdogMs ? Math.min(watchdogMs / 2, this.#statusMs) : this.#statusMs;
    this.#timer ??= setInterval(() => this.#tick(), every).unref();
  }

  /** SIGHUP: `read` takes in what is to be read anew. */
  async reload(read: () => Promise<void>): Promise<void> {
    if (!this.#options.notifier || this.#phase !== 'ready') return read();
    const mine = ++this.#reloads;
    // systemd takes the READY=1 that follows for the answer to its signal by this time (systemd.service(5), notify-reload).
    const now = process.hrtime.bigint() / 1000n; // CLOCK_MONOTONIC
    const said = this.#send('RELOADING=1', `MONOTONIC_USEC=${now}`, 'STATUS=Reading the store and the logs anew');
    await read();
    await said;
    if (mine === this.#reloads && this.#phase === 'ready') await this.#send('READY=1', this.#freshStatus());
  }

  /** It was told to stop. */
  stopping(sessions: number): Promise<void> {
    if (this.#phase !== 'ready') return Promise.resolve();
    this.#phase = 'stopping';
    return this.#send('STOPPING=1', `STATUS=Stopping; ${sessions} session(s) may finish their message`);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#again);
    this.#timer = undefined;
  }

  get #statusMs(): number {
    // between two lines of status that differ: otherwise each costs a process
    return this.#options.notifier?.way === 'descriptor' ? 2000 : 30_000;
  }

  #freshStatus(): string {
    this.#status = this.#options.status();
    this.#statusAt = performance.now();
    return `STATUS=${this.#status}`;
  }

  #tick(): void {
    const { watchdogMs } = this.#options;
    const words: string[] = [];
    if (watchdogMs) {
      if (!this.#options.unwell(watchdogMs / 2)) {
        this.#withheld = false;
        words.push('WATCHDOG=1');
      } else this.#lookAgain();
    }
    const due = performance.now() - this.#statusAt >= this.#statusMs * 0.9;
    if (this.#phase === 'ready' && due && this.#options.status() !== this.#status) words.push(this.#freshStatus());
    if (words.length) void this.#send(...words);
  }

  /** A loop that was busy for seconds finds everything late at first: a moment later it is not, if all is well. */
  #lookAgain(): void {
    const { watchdogMs, events } = this.#options;
    this.#again ??= setTimeout(
      () => {
        this.#again = undefined;
        const why = this.#options.unwell(watchdogMs / 2);
        if (!why) void this.#send('WATCHDOG=1');
        else if (!this.#withheld) {
          this.#withheld = true;
          events.write(EVENTS.watchdogWithheld(why));
        }
      },
      Math.min(1500, watchdogMs / 4),
    ).unref();
  }

  async #send(...assignments: string[]): Promise<void> {
    try {
      await this.#options.notifier!.send(...assignments);
      this.#failed = '';
    } catch (error) {
      const why = (error as Error).message;
      if (why !== this.#failed) this.#options.events.write(EVENTS.notifyFailed(why));
      this.#failed = why;
    }
  }
}
