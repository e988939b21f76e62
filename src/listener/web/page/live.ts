// The stream of looks at the listener, and what is known from it. When it breaks it says so and comes back by itself.
import type { ConnectorRow, Look } from '../view.ts';
import { request, SignedOut } from './server.ts';

const SILENCE_MS = 6000;
const EVENTS_KEPT = 1000;

export class Feed {
  state: 'connecting' | 'live' | 'lost' | 'over' = 'connecting';
  server: Look['server'] | undefined;
  connectors: Map<string, ConnectorRow> = new Map();
  sources: Look['sources'] = [];
  /** Newest first, each with a number of its own. */
  events: (Look['events'][number] & { key: string })[] = [];
  refusals: readonly number[] = [];
  minute = 0;
  /** Another text when messages have come or gone. */
  mail = '';
  #numbers = 0;
  /** Called at each change of anything, and with each look as it came. */
  onChange = () => {};
  onLook = (_: Look) => {};
  #reading: AbortController | undefined;
  #waking: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #heard = 0;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.state === 'lost') this.#again(0);
    });
    setInterval(() => {
      // A machine that slept, a cable that was pulled: no error comes of it
      if (this.state === 'live' && performance.now() - this.#heard > SILENCE_MS)
        this.#reading?.abort(new Error('silence'));
    }, 1000);
  }

  start() {
    this.state = 'connecting';
    this.#again(0);
  }

  stop() {
    clearTimeout(this.#waking);
    this.#become('over');
    this.#reading?.abort();
  }

  #again(ms: number) {
    clearTimeout(this.#waking);
    this.#waking = setTimeout(() => void this.#read(), ms);
  }

  async #read() {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const response = await request('/live', { signal: reading.signal });
      if (!response.ok || !response.body) throw new Error((await response.text()).trim());
      this.#heard = performance.now();
      const stream = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { done, value } = await stream.read();
        if (done) break;
        this.#heard = performance.now();
        text += value;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.#take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch (error) {
      if (error instanceof SignedOut) return this.#become('over');
    }
    if (this.#reading !== reading || this.state === 'over') return;
    this.#become('lost');
    this.#again(Math.min(8000, 500 * 2 ** this.#tries++));
  }

  #take(message: string) {
    if (!message.startsWith('data: ')) return;
    const look: Look = JSON.parse(message.slice('data: '.length));
    this.#tries = 0;
    this.server = look.server;
    if (look.whole) {
      this.connectors.clear();
      this.events = [];
    }
    for (const row of look.connectors) this.connectors.set(row.guid, row);
    for (const guid of look.gone) this.connectors.delete(guid);
    for (const event of look.events) this.events.unshift({ ...event, key: String(++this.#numbers) });
    this.events.length = Math.min(this.events.length, EVENTS_KEPT);
    this.sources = look.sources;
    this.refusals = look.refusals;
    this.minute = look.minute;
    this.mail = look.mail;
    this.onLook(look);
    this.#become('live');
  }

  #become(state: Feed['state']) {
    this.state = state;
    this.onChange();
  }
}

/**
 * What is asked for while it works is done once more after that: messages and generations may come faster than they are read, and of two
 * answers on their way the older one may be the last to come.
 */
export function oneAtATime(work: () => Promise<unknown>): () => Promise<void> {
  let working = false;
  let again = false;
  return async function run() {
    again = working;
    if (working) return;
    working = true;
    await work().finally(() => {
      working = false;
      if (again) void run();
    });
  };
}

/** Reads what is of a generation: at first, and when there is another. @returns what is called at each look */
export function atEachGeneration(feed: Feed, work: () => Promise<unknown>): () => void {
  const read = oneAtATime(work);
  let known = -1;
  return () => {
    const applied = feed.server?.applied ?? 0;
    if (applied === known) return;
    known = applied;
    void read();
  };
}
