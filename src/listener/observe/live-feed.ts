/**
 * `/live`: looks at the listener again and again, a line of JSON each, for as long as the client stays. Whoever reads slowly
 * gets fewer looks, not a backlog; whoever does not read at all is let go.
 */
import type { ServerResponse } from 'node:http';
import type { Observer } from './snapshot.ts';

const MOST_WATCHERS = 16;
const EVERY_MS = { least: 100, usual: 1000, most: 60_000 };
/** A look that could not be handed over for so long: nobody reads. */
const PATIENCE_MS = 60_000;

export class LiveFeed {
  readonly #observer: Observer;
  readonly #patienceMs: number;
  readonly #watchers = new Set<ServerResponse>();

  constructor(observer: Observer, patienceMs = PATIENCE_MS) {
    this.#observer = observer;
    this.#patienceMs = patienceMs;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Lets a client look on. @returns why not, when it may not */
  join(response: ServerResponse, every: string | null): { status: number; text: string } | undefined {
    const everyMs = every === null ? EVERY_MS.usual : Number(every);
    if (!(Number.isInteger(everyMs) && everyMs >= EVERY_MS.least && everyMs <= EVERY_MS.most)) {
      return { status: 400, text: `Give every=MS, ${EVERY_MS.least} to ${EVERY_MS.most}.` };
    }
    if (this.#watchers.size >= MOST_WATCHERS) {
      return { status: 503, text: `${MOST_WATCHERS} look on already, and more may not. Try again later.` };
    }
    let known = 0;
    let taken = performance.now();
    const look = () => {
      if (response.writableNeedDrain) {
        if (performance.now() - taken > this.#patienceMs) response.destroy();
        return;
      }
      const { snapshot, written } = this.#observer.look(known);
      known = written;
      taken = performance.now();
      response.write(`${JSON.stringify(snapshot)}\n`);
    };
    this.#watchers.add(response);
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    look();
    const timer = setInterval(look, everyMs).unref();
    response.on('close', () => {
      clearInterval(timer);
      this.#watchers.delete(response);
    });
    return undefined;
  }

  close(): void {
    for (const response of this.#watchers) response.end();
  }
}
