/**
 * One worker as the listener's process sees it: its channel, the sessions it holds, and whether it is alive. Node hands over
 * one socket at a time and waits for the other side to have it; so one is on its way at most, and stays ours until then.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { FromWorker, Hello, OrdersMessage, StartMessage, ToWorker } from './messages.ts';
import type { RemoteSession } from './remote-session.ts';

type Orders = { -readonly [K in keyof OrdersMessage]: OrdersMessage[K] } & {
  retire?: string[];
  destroy?: string[];
  rates?: [number, boolean][];
};

/** A worker that has not taken a socket for longer than this is passed over until it has. */
export const PROMPT_MS = 100;

interface WorkerEvents {
  onMessage(worker: WorkerProcess, message: FromWorker): void;
  /** Runs once; `how`: the signal, or the exit code. */
  onExit(worker: WorkerProcess, how: string): void;
  /** The system did not pass the socket on (too many are on their way, say); the session is nobody's. */
  onNotHanded(session: RemoteSession): void;
}

export class WorkerProcess {
  readonly startedAt = new Date();
  readonly sessions = new Map<string, RemoteSession>();
  /** The session whose socket is on its way. */
  handing: RemoteSession | undefined;
  /** Edition of the store it acts by; 0: not ready for sessions. */
  edition = 0;
  generation = 0;
  /** Looks at it since it was last heard of. */
  silent = 0;
  /** It was told to end. */
  isEnding = false;
  /** Its end has been seen. */
  isOver = false;
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  #orders: Orders | undefined;
  #isGone = false;
  #handedAt = 0;
  /** Until then nothing is handed to it: it has just failed. */
  #restUntil = 0;
  readonly #on: WorkerEvents;

  constructor(script: string, hello: Hello, on: WorkerEvents) {
    this.#on = on;
    this.#child = fork(script, [], {
      serialization: 'advanced', // carries bytes as bytes
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.exited = new Promise((resolve) => {
      // Over when the process is and everything it said has been heard: whether it had a socket must be known.
      let how = '';
      const gone = () => {
        if (how === '' || this.#child.connected || this.#isGone) return;
        this.#isGone = true;
        this.isOver = true;
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

  /** Can be handed a session just now. */
  get isFree(): boolean {
    return this.isReady && this.handing === undefined && performance.now() >= this.#restUntil;
  }

  /** Will soon be able to, as far as can be seen: it has not kept the last one waiting. */
  isPrompt(now: number): boolean {
    if (!this.isReady || now < this.#restUntil) return false;
    return this.handing === undefined || now - this.#handedAt < PROMPT_MS;
  }

  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // a worker that is gone shows by its exit
  }

  /** Hands a session over. Its socket stays open here until the worker has said that it has it. */
  give(session: RemoteSession): void {
    const { id, connector, peer, ahead, socket } = session;
    const message: StartMessage = { kind: 'start', id, guid: connector.guid, peer, ...(ahead && { ahead }) };
    session.worker = this;
    this.handing = session;
    this.#handedAt = performance.now();
    this.sessions.set(id, session);
    this.#flush(); // in order: what it was told before comes before
    this.#child.send(message, socket as Socket, { keepOpen: true }, (error) => {
      if (error) this.#notHanded(session);
    });
  }

  #notHanded(session: RemoteSession): void {
    if (this.handing !== session || this.isOver) return; // when it is gone, `onExit` gives the session back
    this.handing = undefined;
    this.sessions.delete(session.id);
    this.#restUntil = performance.now() + PROMPT_MS;
    this.#on.onNotHanded(session);
  }

  /** Tells it to end a session, together with what else is said in this turn of the event loop. */
  order(what: 'retire' | 'destroy', id: string): void {
    const orders = this.#soon();
    orders[what] ??= [];
    orders[what].push(id);
  }

  answer(question: number, within: boolean): void {
    const orders = this.#soon();
    orders.rates ??= [];
    orders.rates.push([question, within]);
  }

  askInfos(question: number): void {
    this.#soon().infos = question;
  }

  ping(): void {
    this.#soon().ping = true;
  }

  /** Tells it that all sessions are over. */
  end(): void {
    this.#soon().end = true;
    this.isEnding = true;
  }

  kill(): void {
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
