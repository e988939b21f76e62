/**
 * A worker's side of its channel: gathers what it has to tell and sends it together. What somebody waits for goes at the end
 * of this turn of the event loop, lines of logs at most a little later. When nobody takes them, lines are dropped and counted.
 */
import type { ListenerEvent } from '../contracts/event-log.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { LineLog } from '../records/rotating-log.ts';
import type { FromWorker, LogLines, RateQuestion } from './messages.ts';

/** Lines wait this long for others. A worker that is killed takes no more with it than this. */
const LINES_AFTER_MS = 20;
/** Bytes on their way, beyond which lines are dropped. */
const MOST_ON_THE_WAY = 4 * 1024 * 1024;
/** Events kept while the channel is full. */
const MOST_EVENTS = 10_000;
/** Sources and causes told of in one message; the rest of a flood is not. */
const MOST_REFUSED = 10_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Next = Writable<FromWorker> & {
  taken?: string[];
  ended?: string[];
  rates?: RateQuestion[];
  events?: ListenerEvent[];
  counts?: Record<string, Partial<Record<SessionCount, number>>>;
};
type Log = 'protocol' | 'tracking';

/** Sends a message; `done` runs when it has left this process. */
type Post = (message: FromWorker, done: () => void) => void;

export class Channel {
  readonly #post: Post;
  #next: Next = {};
  readonly #refused = new Map<string, [guid: string, source: string, because: string, by: number]>();
  readonly #lines: Record<Log, string[]> = { protocol: [], tracking: [] };
  readonly #dropped: Record<Log, number> = { protocol: 0, tracking: 0 };
  #held = 0;
  #onTheWay = 0;
  #urgent = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  taken(id: string): void {
    this.#next.taken ??= [];
    this.#next.taken.push(id);
    this.#soon();
  }

  ended(id: string): void {
    this.#next.ended ??= [];
    this.#next.ended.push(id);
    this.#soon();
  }

  ask(question: RateQuestion): void {
    this.#next.rates ??= [];
    this.#next.rates.push(question);
    this.#soon();
  }

  event(event: ListenerEvent): void {
    this.#next.events ??= [];
    if (this.#next.events.length < MOST_EVENTS) this.#next.events.push(event);
    this.#soon();
  }

  tell(message: Pick<FromWorker, 'applied' | 'infos' | 'alive'>): void {
    Object.assign(this.#next, message);
    this.#soon();
  }

  /** Counts what a session of this connector did; it goes along with the next message. */
  count(guid: string, what: SessionCount, by = 1): void {
    this.#next.counts ??= {};
    this.#next.counts[guid] ??= {};
    const all = this.#next.counts[guid];
    all[what] = (all[what] ?? 0) + by;
    this.#later();
  }

  /** Counts a refusal by this connector. */
  refused(guid: string, source: string, because: string, by = 1): void {
    const key = `${guid} ${because} ${source}`;
    const row = this.#refused.get(key);
    if (row) row[3] += by;
    else if (this.#refused.size < MOST_REFUSED) this.#refused.set(key, [guid, source, because, by]);
    this.#later();
  }

  /** A log whose lines the listener's process writes. */
  log(name: Log): LineLog {
    return {
      write: (line) => {
        if (this.#held + this.#onTheWay + line.length > MOST_ON_THE_WAY) this.#dropped[name]++;
        else {
          this.#lines[name].push(line);
          this.#held += line.length;
        }
        this.#later();
      },
      close: () => this.flushed(),
    };
  }

  #soon(): void {
    if (this.#urgent) return;
    this.#urgent = true;
    setImmediate(() => {
      if (this.#urgent) this.#send(); // else lines took it along
    });
  }

  #later(): void {
    if (!this.#urgent) this.#timer ??= setTimeout(() => this.#send(), LINES_AFTER_MS);
  }

  #send(done = () => {}): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#urgent = false;
    const message = this.#next;
    this.#next = {};
    const protocol = this.#takeLines('protocol');
    const tracking = this.#takeLines('tracking');
    if (this.#refused.size > 0) message.refused = [...this.#refused.values()];
    this.#refused.clear();
    if (protocol) message.protocol = protocol;
    if (tracking) message.tracking = tracking;
    const bytes = this.#held;
    this.#held = 0;
    this.#onTheWay += bytes;
    this.#post(message, () => {
      this.#onTheWay -= bytes;
      done();
    });
  }

  #takeLines(name: Log): LogLines | undefined {
    const lines = this.#lines[name];
    const dropped = this.#dropped[name];
    if (!lines.length && !dropped) return undefined;
    this.#lines[name] = [];
    this.#dropped[name] = 0;
    return { lines, dropped };
  }

  /** Sends what is there; resolves when it has left this process. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.#send(resolve));
  }
}
