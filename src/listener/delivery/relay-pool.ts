/** Connections to the next host: a bounded number at one time, kept open for a while after use, oldest waiter first. */
import { connectNextHost, NextHostError, type NextHostSettings } from './next-host.ts';
import type { SmtpChannel } from './smtp-channel.ts';

export interface PoolLimits {
  readonly connections: number;
  readonly idleMs: number;
}

interface Idle {
  readonly channel: SmtpChannel;
  readonly key: string;
  readonly timer: NodeJS.Timeout;
}

type Connect = typeof connectNextHost;

export class RelayPool {
  #open = 0;
  #closed = false;
  readonly #idle: Idle[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #connect: Connect;

  constructor(connect: Connect = connectNextHost) {
    this.#connect = connect;
  }

  /** Connections open now, in use or idle. */
  get open(): number {
    return this.#open;
  }

  /** An idle connection with these settings, or a new one (always a new one when `fresh`). @throws NextHostError */
  async take(settings: NextHostSettings, limits: PoolLimits, fresh: boolean, connectMs: number, signal: AbortSignal) {
    const key = JSON.stringify(settings);
    for (;;) {
      this.#dropOthers(key);
      const idle = fresh ? undefined : this.#takeIdle(key);
      if (idle) return idle;
      if (this.#open < limits.connections) break;
      const spare = this.#idle.shift();
      if (spare) this.#drop(spare);
      else await this.#turn(signal);
    }
    this.#open++;
    try {
      return await this.#connect(settings, connectMs, signal);
    } catch (error) {
      this.#left();
      throw error;
    }
  }

  #takeIdle(key: string): SmtpChannel | undefined {
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const idle = this.#idle[i]!;
      if (idle.key !== key) continue;
      this.#idle.splice(i, 1);
      clearTimeout(idle.timer);
      idle.channel.onGone = undefined;
      if (!idle.channel.broken) return idle.channel;
      this.#left();
    }
    return undefined;
  }

  /** Settings changed: connections made with the old ones are not used again. */
  #dropOthers(key: string): void {
    for (const idle of this.#idle.filter((one) => one.key !== key)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      this.#drop(idle);
    }
  }

  #drop(idle: Idle): void {
    clearTimeout(idle.timer);
    idle.channel.onGone = undefined;
    idle.channel.quit();
    this.#left();
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(new NextHostError('no connection to the next host became free in time', '451 4.4.5 Next host is busy'));
      };
      if (signal.aborted) return reject(new NextHostError('no time is left', '451 4.4.5 Next host is busy'));
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(go);
    });
  }

  /** Gives a connection back; one that cannot be used again is closed. */
  give(channel: SmtpChannel, settings: NextHostSettings, limits: PoolLimits, reusable: boolean): void {
    if (!reusable || channel.broken || this.#closed || limits.idleMs === 0 || this.#open > limits.connections) {
      if (reusable) channel.quit();
      else channel.destroy();
      this.#left();
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
    const idle: Idle = { channel, key: JSON.stringify(settings), timer };
    channel.onGone = gone;
    this.#idle.push(idle);
    this.#waiting.shift()?.();
  }

  #left(): void {
    this.#open--;
    this.#waiting.shift()?.();
  }

  close(): void {
    this.#closed = true;
    for (const idle of this.#idle.splice(0)) this.#drop(idle);
  }
}
