/**
 * Messages for the page, read beside the process's own work: one thread for lists, one for what somebody looks at, each begun
 * when it is first asked. What takes too long is given up with its thread, and the next question begins another one.
 */
import { Worker } from 'node:worker_threads';
import { LARGEST_READ } from './maildir-reader.ts';
import type { MessageList, MessagePart, ToldMessage } from './told-messages.ts';

export interface ReadingData {
  readonly folder: string;
  /** Bytes: of a larger message only the header is read. */
  readonly whole: number;
}

export type Asked =
  | {
      readonly ask: 'list';
      readonly any: string | undefined;
      readonly limit: number;
      readonly before: string | undefined;
    }
  | { readonly ask: 'show' | 'html'; readonly id: string }
  | { readonly ask: 'part'; readonly id: string; readonly part: string };

export interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** A larger one stands in lists, and is searched, by its header. */
const LARGEST_LISTED = 2 * 2 ** 20;
const LIST_MS = 20_000;
const CONTENT_MS = 60_000;

export class MessageReading {
  readonly #lists: Thread;
  readonly #contents: Thread;

  /** @param script path of dist/messages.cjs */
  constructor(script: string, folder: string, { listMs = LIST_MS, contentMs = CONTENT_MS } = {}) {
    this.#lists = new Thread(script, { folder, whole: LARGEST_LISTED }, listMs);
    this.#contents = new Thread(script, { folder, whole: LARGEST_READ }, contentMs);
  }

  /** @param any a text in sender, recipients, subject or text @param before id: only older ones */
  list(any: string | undefined, limit: number, before: string | undefined): Promise<MessageList> {
    return this.#lists.ask<MessageList>({ ask: 'list', any, limit, before });
  }

  /** `undefined`, here and below: it is not there. */
  show(id: string): Promise<ToldMessage | undefined> {
    return this.#contents.ask({ ask: 'show', id });
  }

  html(id: string): Promise<string | undefined> {
    return this.#contents.ask({ ask: 'html', id });
  }

  part(id: string, part: string): Promise<MessagePart | undefined> {
    return this.#contents.ask({ ask: 'part', id, part });
  }

  async close(): Promise<void> {
    await Promise.all([this.#lists.close(), this.#contents.close()]);
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

class Thread {
  readonly #script: string;
  readonly #data: ReadingData;
  readonly #longestMs: number;
  #worker: Worker | undefined;
  #number = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(script: string, data: ReadingData, longestMs: number) {
    this.#script = script;
    this.#data = data;
    this.#longestMs = longestMs;
  }

  ask<Told>(asked: Asked): Promise<Told> {
    this.#worker ??= this.#begin();
    const worker = this.#worker;
    const number = ++this.#number;
    return new Promise<unknown>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#end(worker, 'It takes too long to read. The file itself is what rc get-message shows as Path.');
      }, this.#longestMs);
      this.#waiting.set(number, { resolve, reject, deadline });
      worker.postMessage({ number, asked });
    }) as Promise<Told>;
  }

  async close(): Promise<void> {
    if (this.#worker) await this.#end(this.#worker, 'The listener ends.');
  }

  #begin(): Worker {
    const worker = new Worker(this.#script, {
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker.unref();
    worker.on('message', ({ number, value, problem }: Answer) => {
      const waiting = this.#waiting.get(number);
      if (!waiting) return;
      this.#waiting.delete(number);
      clearTimeout(waiting.deadline);
      if (problem === undefined) waiting.resolve(value);
      else waiting.reject(new Error(problem));
    });
    // Out of memory, or a defect: who waits is told, and the next question has a new thread
    worker.on('error', (error) => void this.#end(worker, `It cannot be read here: ${error.message}`));
    return worker;
  }

  async #end(worker: Worker, why: string): Promise<void> {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject, deadline } of this.#waiting.values()) {
      clearTimeout(deadline);
      reject(new Error(why));
    }
    this.#waiting.clear();
    await worker.terminate();
  }
}
