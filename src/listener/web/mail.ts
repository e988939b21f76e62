/**
 * Messages for the page: lists, what somebody looks at, files to save, and HTML in a frame that may do nothing. All of it is read
 * by a thread (src/messages/reading.ts); a frame is asked for with a ticket, for a browser sends no key along for one.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { MessageReading } from '../../messages/reading.ts';
import type { MessageList, ToldMessage } from '../../messages/told-messages.ts';
import { downloadAs } from '../http/download.ts';
import { BadRequest } from '../http/request-body.ts';
import { asRecord } from './as-record.ts';

const LISTED = 50;
const MOST_SEARCH = 200;
const TICKET_MS = 30_000;
const MOST_TICKETS = 50;

/** Nothing runs, nothing is fetched, from anywhere; styles and pictures that stand in it are painted. */
const FRAME_POLICY = [
  'sandbox',
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** As mail is written for: dark text on white, whatever the page's colours are. */
const FRAME_STYLE =
  '<!doctype html><style>html{background:#fff;color:#1b1f24;font:14px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%}x-a{color:#1558b0;text-decoration:underline}</style>';

export class Mail {
  readonly #reading: MessageReading | undefined;
  readonly #clock: () => number;
  /** Message by ticket, each good once; oldest first. */
  readonly #tickets = new Map<string, { readonly id: string; readonly until: number }>();

  constructor(reading: MessageReading | undefined, clock: () => number = () => performance.now()) {
    this.#reading = reading;
    this.#clock = clock;
  }

  /** @throws BadRequest */
  list(search: string, before: string): Promise<MessageList> {
    if (search.length > MOST_SEARCH) throw new BadRequest(`A search has at most ${MOST_SEARCH} characters.`);
    return this.#told((reading) => reading.list(search.trim() || undefined, LISTED, before || undefined));
  }

  /** @throws BadRequest */
  show(id: string): Promise<ToldMessage> {
    return this.#there((reading) => reading.show(id));
  }

  /** The message as it came, or an attachment, to be saved: never shown by the browser, whatever it says that it is. */
  async save(response: ServerResponse, id: string, part: string): Promise<void> {
    const { name, bytes } = await this.#there((reading) => reading.part(id, part));
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'content-disposition': downloadAs(name),
      'content-security-policy': "sandbox; default-src 'none'",
    });
    response.end(bytes);
  }

  /** Leave to show the HTML of a message once, in a frame. */
  ticket(body: unknown): { readonly frame: string } {
    const { id } = asRecord(body, 'the body');
    if (typeof id !== 'string' || id.length > 300) throw new BadRequest('"id" is no message.');
    for (const [old, { until }] of this.#tickets)
      if (until < this.#clock() || this.#tickets.size >= MOST_TICKETS) this.#tickets.delete(old);
    const ticket = randomBytes(32).toString('base64url');
    this.#tickets.set(ticket, { id, until: this.#clock() + TICKET_MS });
    return { frame: `/frame?ticket=${ticket}` };
  }

  /** The HTML of a message, to whom has a ticket. @param destination what the browser says it is for */
  async frame(response: ServerResponse, ticket: string, destination: string | undefined): Promise<void> {
    const meant = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!meant || meant.until < this.#clock())
      throw new BadRequest('This was shown already. Open the message again.', 403);
    if (destination !== undefined && destination !== 'iframe') throw new BadRequest('Only within the page.', 403);
    const html = Buffer.from(FRAME_STYLE + (await this.#there((reading) => reading.html(meant.id))));
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': html.length,
      'content-security-policy': FRAME_POLICY,
      'x-frame-options': 'SAMEORIGIN',
      'x-dns-prefetch-control': 'off',
    });
    response.end(html);
  }

  async close(): Promise<void> {
    await this.#reading?.close();
  }

  async #there<Told>(read: (reading: MessageReading) => Promise<Told | undefined>): Promise<Told> {
    const told = await this.#told(read);
    if (told === undefined) throw new BadRequest('There is no such message any more.', 404);
    return told;
  }

  async #told<Told>(read: (reading: MessageReading) => Promise<Told>): Promise<Told> {
    if (!this.#reading) throw new BadRequest('This listener shows no messages; rc get-message does.', 404);
    try {
      return await read(this.#reading);
    } catch (error) {
      throw new BadRequest((error as Error).message, 500);
    }
  }
}
