/** One worker as the first process sees it: its channel, what it has borrowed, and whether it is alive. */
import { type ChildProcess, fork, type SendHandle } from 'node:child_process';
import { type Borrower, Loans } from './lender.ts';
import type { FromWorker, Hello, OrdersMessage, ToWorker, Verdict, Whose } from './messages.ts';
import type { SharedSocket } from './shared-sockets.ts';

type Lists = {
  [K in keyof OrdersMessage as Required<OrdersMessage>[K] extends readonly unknown[]
    ? K
    : never]-?: Required<OrdersMessage>[K];
};
type Item<K extends keyof Lists> = Lists[K] extends readonly (infer I)[] ? I : never;
type Orders = { -readonly [K in keyof OrdersMessage]: OrdersMessage[K] };

/** A worker that does not answer for so long is not waited for. It may be busy, or hang: then it is killed soon. */
const PATIENCE_MS = 200;

interface WorkerEvents {
  onMessage(worker: WorkerProcess, message: FromWorker): void;
  /** Runs once; `how`: the signal, or the exit code. */
  onExit(worker: WorkerProcess, how: string): void;
}

export class WorkerProcess implements Borrower {
  readonly startedAt = new Date();
  readonly loans = new Loans();
  /** Edition of the store it acts by; 0: not ready for sessions. */
  edition = 0;
  generation = 0;
  /** Looks at it since it was last heard of. */
  silent = 0;
  /** Connections to next hosts that it has. */
  relays = 0;
  /** It was told to end. */
  isEnding = false;
  /** It was killed, and may not have died yet. */
  isKilled = false;
  /** Its end has been seen. */
  isOver = false;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  #orders: Orders | undefined;
  #number = 0;
  readonly #waiting = new Map<number, () => void>();
  /** Who waits until it listens on a socket, or does no more. */
  readonly #listening = new Map<string, (code: string) => void>();
  readonly #unlistened = new Map<string, () => void>();

  constructor(script: string, hello: Hello, on: WorkerEvents) {
    this.#child = fork(script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
    this.exited = new Promise((resolve) => {
      // Over when the process is and everything it said has been heard.
      let how = '';
      const gone = () => {
        if (how === '' || this.#child.connected || this.isOver) return;
        this.isOver = true;
        for (const done of this.#waiting.values()) done();
        for (const done of this.#listening.values()) done('');
        for (const done of this.#unlistened.values()) done();
        on.onExit(this, how);
        resolve();
      };
      this.#child.once('exit', (code, signal) => {
        how = signal ?? `exit code ${code}`;
        gone();
      });
      this.#child.once('disconnect', gone);
      this.#child.on('error', (error) => {
        if (this.#child.pid !== undefined) return;
        how = error.message; // it never was
        if (this.#child.connected) this.#child.disconnect();
        gone();
      });
    });
    this.#child.on('message', (message: FromWorker) => {
      this.silent = 0;
      on.onMessage(this, message);
      this.#settle(message);
    });
    // Its end of the channel is gone but the process is not: it can do nothing for us any more.
    this.#child.on('disconnect', () => this.isEnding || this.kill());
    this.send(hello);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Serves sessions. */
  get isReady(): boolean {
    return this.edition > 0 && !this.isEnding && !this.isOver;
  }

  send(message: ToWorker, handle?: unknown): void {
    this.#flush(); // in order: what it was told before comes before
    if (this.#child.connected) this.#child.send(message, handle as SendHandle, () => {}); // one that is gone shows by its exit
  }

  #settle({ done = [], listening = [], unlistened = [] }: FromWorker): void {
    for (const number of done) this.#waiting.get(number)?.();
    for (const [binding, code] of listening) this.#listening.get(binding)?.(code);
    for (const binding of unlistened) this.#unlistened.get(binding)?.();
  }

  #answerTo(number: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve();
      };
      const timer = setTimeout(done, PATIENCE_MS);
      this.#waiting.set(number, done);
    });
  }

  /** Settles when it listens there, or is gone. @returns the code of what failed, or nothing */
  listen({ binding, noDelay, handle }: SharedSocket): Promise<string> {
    if (this.isOver) return Promise.resolve('');
    this.send({ kind: 'listen', binding, noDelay }, handle);
    return new Promise((resolve) => {
      this.#listening.set(binding, (code) => {
        this.#listening.delete(binding);
        resolve(code);
      });
    });
  }

  unlisten({ binding }: SharedSocket): Promise<void> {
    if (this.isOver) return Promise.resolve();
    this.tell('unlisten', binding);
    return new Promise((resolve) => {
      this.#unlistened.set(binding, () => {
        this.#unlistened.delete(binding);
        resolve();
      });
    });
  }

  recall(whose: Whose): Promise<void> {
    if (this.isOver) return Promise.resolve();
    const number = ++this.#number;
    this.tell('recall', [number, ...whose]);
    return this.#answerTo(number);
  }

  /** Settles when all it counted has been heard, and nothing is kept. */
  sync(): Promise<void> {
    if (!this.isReady || this.silent > 1) return Promise.resolve();
    const number = ++this.#number;
    this.tell('sync', number);
    return this.#answerTo(number);
  }

  verdict(verdict: Verdict): void {
    this.tell('verdicts', verdict);
  }

  forget(whose: Whose): void {
    this.tell('forget', whose);
  }

  /** Tells it something, together with what else is said in this turn of the event loop. */
  tell<K extends keyof Lists>(what: K, item: Item<K>): void {
    const orders = this.#soon() as Record<string, unknown>;
    const list = orders[what];
    if (Array.isArray(list)) list.push(item);
    else orders[what] = [item];
  }

  order(order: Pick<OrdersMessage, 'relayWanted' | 'pressure' | 'shut' | 'cut' | 'ping'>): void {
    Object.assign(this.#soon(), order);
  }

  /** So many more connections to next hosts may be opened. */
  mayRelay(): void {
    const orders = this.#soon();
    orders.relays = (orders.relays ?? 0) + 1;
    this.relays++;
  }

  /** Tells it that all sessions are over. */
  end(): void {
    this.#soon().end = true;
    this.isEnding = true;
  }

  kill(): void {
    this.isKilled = true;
    this.#child.kill('SIGKILL');
  }

  #soon(): Orders {
    if (!this.#orders) {
      this.#orders = { kind: 'orders' };
      setImmediate(() => this.#flush());
    }
    return this.#orders;
  }

  #flush(): void {
    const orders = this.#orders;
    this.#orders = undefined;
    if (orders) this.send(orders);
  }
}
