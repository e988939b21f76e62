/**
 * What happens, in one numbered row: new messages and events. It begins with the first who looks on and is kept for a while,
 * so that whoever was cut off goes on where he was (Last-Event-ID). Everybody reads at his own speed out of the same row:
 * nothing is kept for a slow one, who misses what has gone from it, and is told so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventRecord } from '../../control/listener-client.ts';
import { MailboxWatch } from '../../messages/mailbox-watch.ts';
import type { MaildirEntry } from '../../messages/maildir-reader.ts';

type Happening =
  | { readonly kind: 'message'; readonly entry: MaildirEntry }
  | { readonly kind: 'event'; readonly event: EventRecord };

/** Happenings that are kept. */
const MOST = 2000;

export class Feed {
  readonly #row: Happening[] = [];
  /** Of those that are no longer in the row. */
  #gone = 0;
  /** Tells this row from that of another listener, in ids. */
  readonly #name: string;
  readonly #watch: MailboxWatch;
  readonly #events: (tell: (event: EventRecord) => void) => () => void;
  #stop = () => {};
  #started: Promise<void> | undefined;
  #wake: (() => void)[] = [];

  constructor(mail: string, events: (tell: (event: EventRecord) => void) => () => void, name: string) {
    this.#name = name;
    this.#events = events;
    this.#watch = new MailboxWatch(mail, (entries) => {
      for (const entry of entries) this.#add({ kind: 'message', entry });
    });
  }

  /** From when this has settled nothing is missed. */
  started(): Promise<void> {
    this.#started ??= (async () => {
      this.#stop = this.#events((event) => this.#add({ kind: 'event', event }));
      await this.#watch.start();
    })();
    return this.#started;
  }

  /** How many have happened. */
  get count(): number {
    return this.#gone + this.#row.length;
  }

  /** Of a happening, for `Last-Event-ID`. */
  idOf(number: number): string {
    return `${this.#name}-${number}`;
  }

  /** The number that an id means; `undefined`: it is of another listener, or none. */
  numberOf(id: string): number | undefined {
    const [, name, digits] = /^(.+)-(\d{1,15})$/.exec(id) ?? [];
    const number = Number(digits);
    return name === this.#name && number <= this.count ? number : undefined;
  }

  /** The one after `number` happened; `missed` when it is no longer there, and which is the next that is. */
  after(number: number): { readonly number: number; readonly missed: number; readonly what: Happening } | undefined {
    const missed = Math.max(0, this.#gone - number);
    const what = this.#row[number + missed - this.#gone];
    return what && { number: number + missed + 1, missed, what };
  }

  /** Settles when something happens after `number`, after `ms`, or when the signal says so. */
  async more(number: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.count > number || signal.aborted) return;
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end, { once: true });
    const woken = new Promise<void>((resolve) => this.#wake.push(resolve));
    await Promise.race([woken, delay(ms, undefined, { signal: over.signal }).catch(() => {})]);
    over.abort();
    signal.removeEventListener('abort', end);
  }

  close(): void {
    this.#stop();
    this.#watch.close();
    this.#wakeAll();
  }

  #add(what: Happening): void {
    this.#row.push(what);
    if (this.#row.length > MOST) {
      this.#row.shift();
      this.#gone++;
    }
    this.#wakeAll();
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
