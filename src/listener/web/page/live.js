// The stream of looks at the listener, and what is known from it. When it breaks it says so and comes back by itself.
import { request, SignedOut } from './server.js';

const SILENCE_MS = 6000;
const EVENTS_KEPT = 1000;

/** @typedef {import('../view.ts').Look} Look */
/** @typedef {import('../view.ts').ConnectorRow} ConnectorRow */

export class Feed {
  /** @type {'connecting' | 'live' | 'lost' | 'over'} */
  state = 'connecting';
  /** @type {Look['server'] | undefined} */
  server;
  /** @type {Map<string, ConnectorRow>} */
  connectors = new Map();
  /** @type {Look['sources']} */
  sources = [];
  /** Newest first, each with a number of its own. @type {(Look['events'][number] & { key: string })[]} */
  events = [];
  /** @type {readonly number[]} */
  refusals = [];
  minute = 0;
  #numbers = 0;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  /** @type {Set<(look: Look) => void>} */
  #lookers = new Set();
  /** @type {AbortController | undefined} */
  #reading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waking;
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

  /** Calls back at each change of anything, until the returned function is called. @param {() => void} callback */
  onChange(callback) {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  /** Calls back with each look as it came. @param {(look: Look) => void} callback */
  onLook(callback) {
    this.#lookers.add(callback);
    return () => this.#lookers.delete(callback);
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

  /** @param {number} ms */
  #again(ms) {
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

  /** @param {string} message */
  #take(message) {
    if (!message.startsWith('data: ')) return;
    /** @type {Look} */
    const look = JSON.parse(message.slice('data: '.length));
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
    for (const looker of this.#lookers) looker(look);
    this.#become('live');
  }

  /** @param {Feed['state']} state */
  #become(state) {
    this.state = state;
    for (const watcher of [...this.#watchers]) watcher();
  }
}
