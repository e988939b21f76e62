/**
 * The client's side of SMTP, the only one there is: commands out, whole replies in, EHLO once for each state of TLS, STARTTLS.
 * The relay, its questions about recipients and tries over the wire speak through it; what they say is their matter.
 */

import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as secureOver, type TLSSocket } from 'node:tls';
import { inTime } from '../../text/in-time.ts';
import { isGood, NotSmtp, ReplyReader, type ServerReply } from './reply-reader.ts';

/** How long the answer to QUIT is waited for. */
const GOODBYE_MS = 1000;

/** closed: the other side ended it. silent: no reply in time. garbage: no SMTP. tls: the handshake failed. ended: we ended it. */
type Ending = 'closed' | 'silent' | 'garbage' | 'tls' | 'ended';

/** The connection is of no use any more. */
export class ConnectionOver extends Error {
  constructor(
    readonly kind: Ending,
    message: string,
    readonly code = '',
  ) {
    super(message);
  }
}

export interface ClientOptions {
  /** Milliseconds a reply may take from the moment it is waited for; none without. */
  readonly replyMs?: number;
}

interface Waiting {
  resolve(reply: ServerReply): void;
  reject(error: Error): void;
}

export class SmtpClient {
  /** Names of offered extensions, upper case, with their arguments. */
  extensions: ReadonlyMap<string, string> = new Map();
  /** Transactions it has begun, and refusals it has had: servers slow down and hang up on clients with many of them. */
  used = 0;
  refusals = 0;
  /** Runs when the connection ends or speaks without being asked. */
  onGone: (() => void) | undefined;
  readonly #options: ClientOptions;
  #stream: Duplex;
  #secure: boolean;
  #reader = new ReplyReader();
  #deafen: () => void = () => {};
  readonly #early: ServerReply[] = [];
  readonly #waiting: Waiting[] = [];
  #over: ConnectionOver | undefined;

  /** @param stream a connection that is made, with TLS from the first byte or without */
  constructor(stream: Duplex, options: ClientOptions = {}) {
    this.#options = options;
    this.#stream = stream;
    this.#secure = 'encrypted' in stream;
    this.#hear();
  }

  /** TLS is spoken. */
  get secure(): boolean {
    return this.#secure;
  }

  /** It has ended, or is about to. */
  get broken(): boolean {
    return this.#over !== undefined;
  }

  #hear(): void {
    const stream = this.#stream;
    const listeners = {
      data: (bytes: Buffer) => this.#take(bytes),
      error: (error: NodeJS.ErrnoException) => this.#fail(new ConnectionOver('closed', error.message, error.code)),
      end: () => this.#fail(new ConnectionOver('closed', 'it closed the connection')),
      close: () => this.#fail(new ConnectionOver('closed', 'the connection is closed')),
    };
    for (const [event, listener] of Object.entries(listeners)) stream.on(event, listener);
    this.#deafen = () => {
      stream.on('error', () => {}); // told by the one who listens now
      for (const [event, listener] of Object.entries(listeners)) stream.off(event, listener);
    };
  }

  #take(bytes: Buffer): void {
    try {
      for (const reply of this.#reader.take(bytes)) this.#answer(reply);
    } catch (error) {
      if (!(error instanceof NotSmtp)) throw error;
      this.#fail(new ConnectionOver('garbage', error.message));
    }
  }

  #answer(reply: ServerReply): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(reply);
    else {
      this.#early.push(reply);
      this.onGone?.();
    }
  }

  #fail(error: ConnectionOver): void {
    if (this.#over) return;
    this.#over = error;
    this.#stream.destroy();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    this.onGone?.();
  }

  /** Sends text as it is; replies come in the same order. */
  send(text: string): void {
    if (!this.#over) this.#stream.write(text, 'utf8');
  }

  /** The next reply. @throws ConnectionOver when there will be none */
  reply(): Promise<ServerReply> {
    const early = this.#early.shift();
    if (early) return Promise.resolve(early);
    if (this.#over) return Promise.reject(this.#over);
    const { replyMs } = this.#options;
    return new Promise((resolve, reject) => {
      if (replyMs === undefined) {
        this.#waiting.push({ resolve, reject });
        return;
      }
      const late = () => this.#fail(new ConnectionOver('silent', `no reply within ${replyMs / 1000} s`));
      const timer = setTimeout(late, replyMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.push({ resolve: settle(resolve), reject: settle(reject) });
    });
  }

  /** One command and its reply. */
  command(text: string): Promise<ServerReply> {
    this.send(`${text}\r\n`);
    return this.reply();
  }

  /** Sends bytes; resolves when more may come. @throws ConnectionOver */
  async write(bytes: Buffer | string): Promise<void> {
    if (this.#over) throw this.#over;
    const stream = this.#stream;
    if (stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        stream.off('drain', go);
        stream.off('close', go);
        resolve();
      };
      stream.on('drain', go);
      stream.on('close', go);
    });
    if (this.#over) throw this.#over;
  }

  /** Says EHLO and learns what is offered (RFC 5321 section 4.1.1.1). */
  async ehlo(name: string): Promise<ServerReply> {
    const reply = await this.command(`EHLO ${name}`);
    if (isGood(reply)) this.extensions = offered(reply);
    return reply;
  }

  /**
   * EHLO, and HELO to a server that does not know it. A server that finds EHLO out of place (503), or is about to close,
   * would not like HELO any better.
   */
  async hello(name: string): Promise<ServerReply> {
    const reply = await this.ehlo(name);
    return reply.code < 500 || reply.code === 503 || reply.code === 521 ? reply : this.command(`HELO ${name}`);
  }

  /** STARTTLS, and the handshake when it is answered 220 (RFC 3207). @throws ConnectionOver of kind `tls` when the handshake fails */
  async startTls(options: ConnectionOptions): Promise<ServerReply> {
    const reply = await this.command('STARTTLS');
    if (reply.code === 220) await this.upgrade(options);
    return reply;
  }

  /** The handshake behind a 220. What was known of the server is forgotten then: say EHLO again. @throws ConnectionOver of kind `tls` */
  async upgrade(options: ConnectionOptions): Promise<void> {
    // What came in the clear behind the 220 would pass for an answer inside TLS (CVE-2011-0411).
    if (this.#early.length > 0 || this.#reader.begun)
      this.#fail(new ConnectionOver('tls', 'it spoke on in the clear after STARTTLS'));
    if (this.#over) throw this.#over;
    this.#deafen();
    const secure = secureOver({ ...options, socket: this.#stream });
    this.#stream = secure;
    await this.#handshake(secure);
    this.extensions = new Map();
    this.#reader = new ReplyReader();
    this.#secure = true;
    this.#hear();
  }

  #handshake(stream: TLSSocket): Promise<void> {
    return handshaken(stream, this.#options.replyMs).catch((error: Error) => {
      this.#fail(error as ConnectionOver);
      throw error;
    });
  }

  /** Says QUIT and leaves, with or without an answer. */
  quit(): void {
    if (this.#over) return;
    this.#over = new ConnectionOver('ended', 'closed');
    const stream = this.#stream;
    stream.end('QUIT\r\n');
    const timer = setTimeout(() => stream.destroy(), GOODBYE_MS);
    timer.unref();
    stream.once('close', () => clearTimeout(timer));
  }

  /** Says these commands and QUIT, and waits a moment for the end. */
  async leave(commands = ''): Promise<void> {
    if (this.#over) return;
    this.send(`${commands}QUIT\r\n`);
    const answered = async () => {
      while ((await this.reply()).code !== 221);
    };
    await inTime(answered(), GOODBYE_MS, () => {}).catch(() => {});
    this.destroy();
  }

  /** Ends it at once. */
  destroy(why = 'closed'): void {
    this.#fail(new ConnectionOver('ended', why));
  }
}

/** Waits for a TLS handshake. @throws ConnectionOver of kind `tls` */
export function handshaken(stream: TLSSocket, limitMs: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const fail = (why: string, code = '') => {
      clearTimeout(timer);
      reject(new ConnectionOver('tls', why, code));
    };
    if (limitMs !== undefined) timer = setTimeout(() => fail(`no TLS handshake within ${limitMs / 1000} s`), limitMs);
    stream.once('secureConnect', () => {
      clearTimeout(timer);
      resolve();
    });
    stream.on('error', (error: NodeJS.ErrnoException) => fail(error.message, error.code));
    stream.once('close', () => fail('it closed the connection in the TLS handshake'));
  });
}

function offered(reply: ServerReply): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of reply.lines.slice(1)) {
    // `AUTH=LOGIN PLAIN` is how servers of the 1990s wrote it.
    const m = /^....(AUTH(?==)|\S+)[\s=]*(.*)$/i.exec(line);
    if (m && !(m[1]!.toUpperCase() === 'AUTH' && names.has('AUTH'))) names.set(m[1]!.toUpperCase(), m[2]!.trim());
  }
  return names;
}
