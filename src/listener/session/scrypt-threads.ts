/**
 * Threads that do nothing but scrypt: at most two, made when the first password is checked, let go when none was for a
 * minute. On Node's own pool each of its threads would keep the 16 MB that a check takes, for good, and passwords that are
 * guessed would keep the disk's threads busy.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ScryptWork } from '../../store/password.ts';

/** Checks at one time. */
export const AT_ONCE = Math.min(2, availableParallelism());
const IDLE_MS = 60_000;

const SCRIPT = `
const { parentPort } = require('node:worker_threads');
const { scryptSync } = require('node:crypto');
parentPort.on('message', ({ text, salt, length, cost }) => {
  try {
    parentPort.postMessage({ key: scryptSync(text, salt, length, cost) });
  } catch (error) {
    parentPort.postMessage({ problem: error.message });
  }
});`;

interface Thread {
  readonly worker: Worker;
  timer: NodeJS.Timeout | undefined;
}

export class ScryptThreads {
  readonly #idle: Thread[] = [];
  #closed = false;

  /** Derives a key; no more than AT_ONCE at one time, the caller sees to that. @throws Error of scrypt, or of a thread that could not be made */
  async run(work: ScryptWork): Promise<Uint8Array> {
    const thread = this.#idle.pop() ?? newThread();
    clearTimeout(thread.timer);
    try {
      const answer = await answerOf(thread.worker, work);
      this.#rest(thread);
      if (answer.key) return answer.key;
      throw new Error(answer.problem);
    } catch (error) {
      if (!this.#idle.includes(thread)) void thread.worker.terminate();
      throw error;
    }
  }

  #rest(thread: Thread): void {
    if (this.#closed) {
      void thread.worker.terminate();
      return;
    }
    this.#idle.push(thread);
    thread.timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(thread), 1);
      void thread.worker.terminate();
    }, IDLE_MS).unref();
  }

  close(): void {
    this.#closed = true;
    for (const { worker, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      void worker.terminate();
    }
  }
}

interface Answer {
  readonly key?: Uint8Array;
  readonly problem?: string;
}

function answerOf(worker: Worker, work: ScryptWork): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (give: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      give();
    };
    const onMessage = (answer: Answer) => settle(() => resolve(answer));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => onError(new Error('the thread ended'));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(work);
  });
}

function newThread(): Thread {
  const worker = new Worker(SCRIPT, {
    eval: true,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  worker.on('error', () => {}); // one that is idle may end by itself
  worker.unref();
  return { worker, timer: undefined };
}
