/** Server-sent events (WHATWG HTML): what happens, to one who looks on. */
import type { ServerResponse } from 'node:http';
import type { Message } from '../../messages/message-types.ts';
import type { Feed } from './feed.ts';
import type { Api } from './route.ts';
import { summaryOf } from './told-message.ts';

/** A line when nothing happens: who hears nothing for longer than twice this thinks the connection broken. */
const HEARTBEAT_MS = 15_000;
/** A reader who takes nothing for so long is let go. */
const PATIENCE_MS = 30_000;

interface StreamOptions {
  readonly only: 'messages' | 'events' | undefined;
  fits(message: Message): boolean;
  /** As the client sent it; empty when it did not. */
  readonly lastEventId: string;
  readonly gone: AbortSignal;
}

export async function writeStream(response: ServerResponse, api: Api, options: StreamOptions): Promise<void> {
  const { feed } = api;
  const { gone, lastEventId } = options;
  const known = lastEventId === '' ? feed.count : feed.numberOf(lastEventId);
  let number = known ?? feed.count;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  response.write('retry: 1000\n: what happens from now on\n\n');
  if (known === undefined) response.write(gap(feed, number, 'all that happened before'));
  while (!gone.aborted) {
    const next = feed.after(number);
    if (!next) {
      await feed.more(number, HEARTBEAT_MS, gone);
      if (feed.count === number && !gone.aborted) response.write(': still here\n\n');
    } else {
      if (next.missed) response.write(gap(feed, next.number - 1, `${next.missed} happenings`));
      number = next.number;
      response.write(await told(api, next.what, feed.idOf(number), options));
    }
    if (response.writableNeedDrain && !(await drained(response, gone))) return void response.destroy();
  }
  response.end();
}

/** JSON has no line end in it, so one `data:` line is enough. */
const line = (event: string, id: string, data: unknown) =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

const gap = (feed: Feed, number: number, what: string) =>
  line('gap', feed.idOf(number), { detail: `Missed: ${what}. GET /v1/messages has what is there.` });

async function told(
  { mailbox }: Api,
  what: NonNullable<ReturnType<Feed['after']>>['what'],
  id: string,
  { only, fits }: StreamOptions,
): Promise<string> {
  const nothing = '';
  if (what.kind === 'event') return only === 'messages' ? nothing : line('event', id, what.event);
  if (only === 'events') return nothing;
  const message = await mailbox.read(what.entry);
  return message && fits(message) ? line('message', id, summaryOf(message)) : nothing;
}

/** @returns whether the reader has taken what waits */
function drained(response: ServerResponse, gone: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (took: boolean) => () => {
      clearTimeout(timer);
      response.off('drain', taken);
      gone.removeEventListener('abort', left);
      resolve(took);
    };
    const [taken, left] = [end(true), end(false)];
    const timer = setTimeout(left, PATIENCE_MS).unref();
    response.once('drain', taken);
    gone.addEventListener('abort', left, { once: true });
  });
}
