/** Connections to the next host: a bounded number at one time, kept open for a while after use, oldest waiter first. */
import type { SmtpClient } from '../../smtp/client/client.ts';
import { LocalRelayPlaces, type RelayPlaces } from '../contracts/relay-places.ts';
import { passedOn } from '../refusal/reply.ts';
import { connectNextHost, NextHostError, type NextHostSettings } from './next-host.ts';

export interface PoolLimits {
  readonly connections: number;
  readonly idleMs: number;
}

interface Idle {
  readonly connection: SmtpClient;
  readonly key: string;
  readonly site: string;
  readonly timer: NodeJS.Timeout;
}

type Connect = typeof connectNextHost;

/**
 * Refusals after which a connection is not used again. Servers punish a client by the connection: Postfix makes it wait after 10
 * and hangs up after 20 (smtpd_soft_error_limit, smtpd_hard_error_limit), and whoever comes next would pay for it.
 */
export const MOST_REFUSALS = 8;

/** The settings but for our name, which may be another one with each connector. */
function siteOf({ name: _, ...settings }: NextHostSettings): string {
  return JSON.stringify(settings);
}

const BUSY = passedOn(451, '4.4.5', 'Next host is busy');

export class RelayPool {
  #open = 0;
  #closed = false;
  readonly #idle: Idle[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Turned away by a host that has as many connections as it takes, while some of them are ours. */
  readonly #turnedAway: (() => void)[] = [];
  /** Connections about to be given back: sooner there than a new one. */
  readonly #returning = new Set<Promise<void>>();
  /** Those that hold a connection only to keep it warm: asked to give it back when somebody has to wait. */
  readonly holders = new Set<() => void>();
  readonly #connect: Connect;
  readonly #places: RelayPlaces;

  /** @param places counts them, with those of other processes */
  constructor(connect: Connect = connectNextHost, places: RelayPlaces = new LocalRelayPlaces()) {
    this.#connect = connect;
    this.#places = places;
    places.onWanted(() => {
      const spare = this.#idle.shift();
      if (spare) this.#drop(spare);
      else for (const giveBack of [...this.holders]) giveBack();
    });
  }

  /** Connections open now, in use or idle. */
  get open(): number {
    return this.#open;
  }

  /** An idle connection with these settings, or a new one (always a new one when `fresh`). @throws NextHostError */
  async take(settings: NextHostSettings, limits: PoolLimits, fresh: boolean, connectMs: number, signal: AbortSignal) {
    const key = JSON.stringify(settings);
    for (;;) {
      this.#dropOthers(settings);
      const idle = fresh ? undefined : this.#takeIdle(key);
      if (idle) return idle;
      if (!fresh && this.#returning.size > 0) {
        await Promise.race(this.#returning);
        continue;
      }
      if (!(await this.#place(limits.connections, signal))) continue;
      this.#open++;
      try {
        return await this.#connect(settings, connectMs, signal);
      } catch (error) {
        this.#left();
        const full = error instanceof NextHostError && error.full;
        if (!full || fresh || this.#open === 0 || !(await this.#oneOfOurs(key, signal))) throw error;
      }
    }
  }

  /** Waits until a connection comes back, or ends and so makes room. @returns false when no time is left */
  async #oneOfOurs(key: string, signal: AbortSignal): Promise<boolean> {
    for (const giveBack of [...this.holders]) giveBack();
    if (this.#idle.some((idle) => idle.key === key)) return true;
    const spare = this.#idle.shift();
    if (spare) this.#drop(spare);
    else await this.#turn(signal);
    return !signal.aborted;
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const over = () => {
        signal.removeEventListener('abort', over);
        const at = this.#turnedAway.indexOf(over);
        if (at >= 0) this.#turnedAway.splice(at, 1);
        resolve();
      };
      this.#turnedAway.push(over);
      signal.addEventListener('abort', over, { once: true });
    });
  }

  /** Who was turned away longest ago tries again. */
  #wakeOne(): void {
    this.#turnedAway[0]?.();
  }

  #takeIdle(key: string): SmtpClient | undefined {
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const idle = this.#idle[i]!;
      if (idle.key !== key) continue;
      this.#idle.splice(i, 1);
      clearTimeout(idle.timer);
      idle.connection.onGone = undefined;
      if (!idle.connection.broken) return idle.connection;
      this.#left();
    }
    return undefined;
  }

  /** Settings changed: connections made with the old ones are not used again. */
  #dropOthers(settings: NextHostSettings): void {
    const site = siteOf(settings);
    for (const idle of this.#idle.filter((one) => one.site !== site)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      this.#drop(idle);
    }
  }

  #drop(idle: Idle): void {
    clearTimeout(idle.timer);
    idle.connection.onGone = undefined;
    idle.connection.quit();
    this.#left();
  }

  /** Waits for a place for a new connection. @returns false: another connection came back first */
  #place(limit: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new NextHostError('no time is left', BUSY));
      let isSettled = false;
      const settle = () => {
        isSettled = true;
        signal.removeEventListener('abort', stop);
        const at = this.#waiting.indexOf(back);
        if (at >= 0) this.#waiting.splice(at, 1);
      };
      const stop = () => {
        settle();
        asked.cancel();
        reject(new NextHostError('no connection to the next host became free in time', BUSY));
      };
      const back = () => {
        settle();
        asked.cancel();
        resolve(false);
      };
      const asked = this.#places.ask(limit, () => {
        settle();
        resolve(true);
      });
      if (isSettled) return;
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(back);
    });
  }

  /** Gives a connection back; one that cannot be used again is closed. */
  give(connection: SmtpClient, settings: NextHostSettings, limits: PoolLimits, reusable: boolean): void {
    if (
      !reusable ||
      connection.broken ||
      connection.refusals >= MOST_REFUSALS ||
      this.#closed ||
      limits.idleMs === 0 ||
      this.#open > limits.connections ||
      (this.#places.isWantedElsewhere && this.#waiting.length === 0)
    ) {
      if (reusable) connection.quit();
      else connection.destroy();
      this.#left();
      this.#wakeOne();
      return;
    }
    const gone = () => {
      const at = this.#idle.indexOf(idle);
      if (at < 0) return;
      this.#idle.splice(at, 1);
      this.#drop(idle);
    };
    const timer = setTimeout(gone, limits.idleMs);
    timer.unref();
    const idle: Idle = { connection, key: JSON.stringify(settings), site: siteOf(settings), timer };
    connection.onGone = gone;
    this.#idle.push(idle);
    const waiting = this.#waiting.shift();
    if (waiting) waiting();
    else this.#wakeOne();
  }

  /** Gives a connection back as soon as its last command is answered; `good` says whether the answer was. Never rejects. */
  giveSoon(connection: SmtpClient, settings: NextHostSettings, limits: PoolLimits, good: Promise<boolean>): void {
    const returned = good.then((reusable) => {
      this.#returning.delete(returned);
      this.give(connection, settings, limits, reusable);
    });
    this.#returning.add(returned);
  }

  #left(): void {
    this.#open--;
    this.#places.give();
  }

  close(): void {
    this.#closed = true;
    for (const idle of this.#idle.splice(0)) this.#drop(idle);
  }
}
