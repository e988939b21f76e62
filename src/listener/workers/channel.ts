/**
 * A worker's side of its channel: gathers what it has to tell and sends it together. What somebody waits for goes at the end
 * of this turn of the event loop, connections that ask for places a few milliseconds later when many do, all else at most a little later. When nobody takes them, lines are dropped and counted.
 */
import type { ListenerEvent } from '../contracts/event-log.ts';
import type { SessionCount } from '../contracts/session-counts.ts';
import type { RefusalThrottle } from '../records/event-throttle.ts';
import type { LineLog } from '../records/rotating-log.ts';
import type { Ask, Counts, FromWorker, LogLines } from './messages.ts';

/** What nobody waits for waits this long for more. A worker that is killed takes no more with it than this. */
const LATER_MS = 20;
/**
 * Places are asked for no more often: a message costs the first process more than what is in it (docs/decisions/0230). A client waits
 * that much longer for its greeting at most, and only where another came to this worker within it.
 */
const ASKS_MS = 10;
/** … and where so many a millisecond come that the worker is near its end, this often: half the messages, which are most of what a session costs the first process. */
const BUSY_ASKS_MS = 20;
const BUSY_ASKS = 0.6;
/** Bytes on their way, beyond which lines are dropped. */
const MOST_ON_THE_WAY = 4 * 1024 * 1024;
/** Events kept while the channel is full. */
const MOST_EVENTS = 10_000;
/** Sources and causes told of in one message; the rest of a flood is not. */
const MOST_REFUSED = 10_000;

/** What is gathered as a list. */
type Lists = {
  [K in keyof FromWorker as Required<FromWorker>[K] extends readonly unknown[] ? K : never]-?: Required<FromWorker>[K];
};
type Item<K extends keyof Lists> = Lists[K] extends readonly (infer I)[] ? I : never;
type Next = { -readonly [K in keyof FromWorker]: FromWorker[K] };
type Log = 'protocol' | 'tracking';

/** Sends a message; `done` runs when it has left this process. */
type Post = (message: FromWorker, done: () => void) => void;

export class Channel implements RefusalThrottle {
  readonly #post: Post;
  #next: Next = {};
  #counts: Record<string, Counts> | undefined;
  readonly #refused = new Map<string, [guid: string, source: string, because: string, by: number]>();
  readonly #left = new Map<string, [guid: string, source: string, places: number]>();
  readonly #reused = new Map<string, [guid: string, source: string, connections: number]>();
  readonly #tally = new Map<string, [key: string, event: ListenerEvent, by: number]>();
  readonly #lines: Record<Log, string[]> = { protocol: [], tracking: [] };
  readonly #dropped: Record<Log, number> = { protocol: 0, tracking: 0 };
  #held = 0;
  #onTheWay = 0;
  #urgent = false;
  #asks: Ask[] = [];
  #asking: NodeJS.Timeout | undefined;
  #askedAt = 0;
  #asksMs = ASKS_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Tells or asks something that somebody waits for. */
  add<K extends keyof Lists>(what: K, item: Item<K>): void {
    const next = this.#next as Record<string, unknown[] | undefined>;
    next[what] ??= [];
    next[what].push(item);
    this.#soon();
  }

  /** Asks for a place: at once when nobody has lately, else together with others. */
  ask(question: Ask): void {
    this.#asks.push(question);
    const since = performance.now() - this.#askedAt;
    if (since >= this.#asksMs) this.#soon();
    else this.#asking ??= setTimeout(() => this.#send(), this.#asksMs - since);
  }

  tell(message: Pick<FromWorker, 'applied' | 'alive'>): void {
    Object.assign(this.#next, message);
    this.#soon();
  }

  event(event: ListenerEvent): void {
    if ((this.#next.events?.length ?? 0) < MOST_EVENTS) this.add('events', event);
  }

  /** Places of a source are given back. `soon`: somebody may wait for them. */
  left(guid: string, source: string, places: number, soon: boolean): void {
    const key = `${guid} ${source}`;
    const row = this.#left.get(key);
    if (row) row[2] += places;
    else this.#left.set(key, [guid, source, places]);
    if (soon) this.#soon();
    else this.#later();
  }

  /** A connection of a source came into a place that was kept. */
  reused(guid: string, source: string): void {
    const key = `${guid} ${source}`;
    const row = this.#reused.get(key);
    if (row) row[2]++;
    else this.#reused.set(key, [guid, source, 1]);
    this.#later();
  }

  relayLeft(): void {
    this.#next.relayLeft = (this.#next.relayLeft ?? 0) + 1;
    this.#soon();
  }

  /** Counts what a connection or session of this connector did; it goes along with the next message. */
  countOf(guid: string, what: SessionCount | 'accepted', by = 1): void {
    this.#counts ??= {};
    this.#counts[guid] ??= {};
    const all = this.#counts[guid];
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

  /** A refusal that is told: the first process sums up those of all workers. */
  count(key: string, event: () => ListenerEvent, by = 1): void {
    const row = this.#tally.get(key);
    if (row) row[2] += by;
    else if (this.#tally.size < MOST_REFUSED) this.#tally.set(key, [key, event(), by]);
    this.#later();
  }

  /** A log whose lines the first process writes. */
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
    if (!this.#urgent) this.#timer ??= setTimeout(() => this.#send(), LATER_MS);
  }

  #send(done = () => {}): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#urgent = false;
    clearTimeout(this.#asking);
    this.#asking = undefined;
    const message = this.#next;
    this.#next = {};
    if (this.#asks.length > 0) {
      const now = performance.now();
      this.#asksMs = this.#asks.length >= BUSY_ASKS * (now - this.#askedAt) ? BUSY_ASKS_MS : ASKS_MS;
      this.#askedAt = now;
      message.asks = this.#asks;
      this.#asks = [];
    }
    const protocol = this.#takeLines('protocol');
    const tracking = this.#takeLines('tracking');
    if (this.#left.size > 0) message.left = [...this.#left.values()];
    this.#left.clear();
    if (this.#reused.size > 0) message.reused = [...this.#reused.values()];
    this.#reused.clear();
    if (this.#counts) message.counts = this.#counts;
    this.#counts = undefined;
    if (this.#refused.size > 0) message.refused = [...this.#refused.values()];
    this.#refused.clear();
    if (this.#tally.size > 0) message.tally = [...this.#tally.values()];
    this.#tally.clear();
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
