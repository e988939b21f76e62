/**
 * Those who watch, by server-sent events (WHATWG HTML, "Server-sent events"): one timer and one text for all. Their number is
 * bounded, and one who does not read is dropped: his browser comes again when he does.
 */
import type { ServerResponse } from 'node:http';
import { type Look, STEP_MS, type View } from './view.ts';

/** With 10,000 connectors a look takes some 70 ms. */
const LOOKING_SHARE = 20;
/** A page that hears nothing for six seconds thinks the connection broken. */
const LONGEST_PAUSE_MS = 4000;

export interface LiveOptions {
  readonly lookMs?: number;
  readonly most?: number;
  /** Bytes that may wait for one watcher, or twice the largest look where that is more. */
  readonly mostWaiting?: number;
}

export class Live {
  readonly #view: View;
  readonly #use: (session: string) => boolean;
  readonly #lookMs: number;
  readonly #most: number;
  #mostWaiting: number;
  /** By the session that asked. */
  readonly #watchers = new Map<ServerResponse, string>();
  readonly #stepping: NodeJS.Timeout;
  #looking: NodeJS.Timeout | undefined;

  /** `use` says whether a session is still there. */
  constructor(view: View, use: (session: string) => boolean, options: LiveOptions = {}) {
    this.#view = view;
    this.#use = use;
    this.#lookMs = options.lookMs ?? 1000;
    this.#most = options.most ?? 32;
    this.#mostWaiting = options.mostWaiting ?? 4 * 1024 * 1024;
    this.#stepping = setInterval(() => view.step(), STEP_MS).unref();
  }

  get size(): number {
    return this.#watchers.size;
  }

  get isFull(): boolean {
    return this.#watchers.size >= this.#most;
  }

  /** Begins to tell; ends with the response. */
  watch(response: ServerResponse, session: string): void {
    if (this.#watchers.size === 0) this.#view.next();
    response.write(this.#message(this.#view.whole()));
    this.#watchers.set(response, session);
    response.on('close', () => this.#left(response));
    this.#looking ??= this.#later(0);
  }

  /** Ends what a session that is over watches. */
  drop(session: string): void {
    for (const [response, of] of this.#watchers) if (of === session) response.end();
  }

  close(): void {
    clearInterval(this.#stepping);
    clearTimeout(this.#looking);
    for (const response of this.#watchers.keys()) response.end();
  }

  /** The next look, so much later that looking never takes more than a twentieth of the time. */
  #later(tookMs: number): NodeJS.Timeout {
    const pause = Math.max(this.#lookMs, Math.min(LONGEST_PAUSE_MS, tookMs * (LOOKING_SHARE - 1)));
    return setTimeout(() => {
      const begun = performance.now();
      this.#tell();
      this.#looking = this.#watchers.size ? this.#later(performance.now() - begun) : undefined;
    }, pause).unref();
  }

  #tell(): void {
    const text = this.#message(this.#view.next());
    for (const [response, session] of this.#watchers) {
      if (!this.#use(session)) response.end();
      else if (response.writableLength > this.#mostWaiting) response.destroy();
      else response.write(text);
    }
  }

  /**
   * JSON has no line end in it, so one `data:` line is enough. A look must have room to wait, or with very many connectors
   * a slow reader is dropped before he has read his first, comes again, and never gets one.
   */
  #message(look: Look): string {
    const text = `data: ${JSON.stringify(look)}\n\n`;
    this.#mostWaiting = Math.max(this.#mostWaiting, 2 * Buffer.byteLength(text));
    return text;
  }

  #left(response: ServerResponse): void {
    this.#watchers.delete(response);
    if (this.#watchers.size > 0) return;
    clearTimeout(this.#looking);
    this.#looking = undefined;
  }
}
