/** An SMTP connection to the next host after its set-up: commands out, whole replies in, all within a time limit. */
import type { Socket } from 'node:net';

/** More than this in one reply is no reply (RFC 5321 section 4.5.3.1.5: lines of 512 octets; EHLO has some dozens). */
const LONGEST_REPLY = 64 * 1024;

export interface Reply {
  readonly code: number;
  /** The lines without code and separator, as Latin-1 or, where valid, UTF-8. */
  readonly lines: readonly string[];
}

/** The connection is of no use any more. `phase` says whether the message may have been taken. */
export class ChannelError extends Error {}

export class SmtpChannel {
  /** Names of offered extensions, upper case, with their arguments. */
  extensions: ReadonlyMap<string, string> = new Map();
  /** Messages it has carried. */
  used = 0;
  readonly #socket: Socket;
  #rest = '';
  #lines: string[] = [];
  #size = 0;
  readonly #replies: Reply[] = [];
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  #error: ChannelError | undefined;
  /** Runs when the connection ends or speaks without being asked. */
  onGone: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('end', () => this.#fail('the next host closed the connection'));
    socket.on('close', () => this.#fail('the connection to the next host is closed'));
    socket.setTimeout(0);
    socket.resume();
  }

  get broken(): boolean {
    return this.#error !== undefined;
  }

  #take(text: string): void {
    this.#size += text.length;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const raw of lines) {
      const line = raw.replace(/\r$/, '');
      const m = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line);
      if (!m) {
        this.#fail('the next host does not speak SMTP');
        return;
      }
      this.#lines.push(asUtf8(m[3] ?? ''));
      if (m[2] === '-') continue;
      this.#answer({ code: Number(m[1]), lines: this.#lines });
      this.#lines = [];
      this.#size = 0;
    }
    if (this.#size > LONGEST_REPLY) this.#fail('a reply of the next host does not end');
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(reply);
    else {
      this.#replies.push(reply);
      this.onGone?.();
    }
  }

  #fail(why: string): void {
    if (this.#error) return;
    this.#error = new ChannelError(why);
    this.#socket.destroy();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#error);
    this.onGone?.();
  }

  /** Sends text as it is; replies come in the same order. */
  send(text: string): void {
    if (!this.#error) this.#socket.write(text, 'utf8');
  }

  /** The next reply. @throws ChannelError when there will be none */
  reply(): Promise<Reply> {
    const early = this.#replies.shift();
    if (early) return Promise.resolve(early);
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  command(text: string): Promise<Reply> {
    this.send(`${text}\r\n`);
    return this.reply();
  }

  /** Sends bytes; resolves when more may come. @throws ChannelError */
  async write(bytes: Buffer): Promise<void> {
    if (this.#error) throw this.#error;
    if (this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        this.#socket.off('drain', go);
        this.#socket.off('close', go);
        resolve();
      };
      this.#socket.on('drain', go);
      this.#socket.on('close', go);
    });
    if (this.#error) throw this.#error;
  }

  /** Says who we are and learns what is offered (RFC 5321 section 4.1.1.1). */
  async hello(name: string): Promise<void> {
    const reply = await this.command(`EHLO ${name}`);
    if (reply.code === 250) {
      const offered = reply.lines.slice(1).map((line) => /^(\S+)\s*(.*)$/.exec(line));
      this.extensions = new Map(offered.flatMap((m) => (m ? [[m[1]!.toUpperCase(), m[2]!]] : [])));
    } else if ((await this.command(`HELO ${name}`)).code !== 250) throw new ChannelError('the next host refused HELO');
  }

  /** Ends it at once. */
  destroy(why = 'closed'): void {
    this.#fail(why);
  }

  /** Says QUIT and leaves. */
  quit(): void {
    if (this.#error) return;
    this.#error = new ChannelError('closed');
    this.#socket.end('QUIT\r\n');
    const timer = setTimeout(() => this.#socket.destroy(), 1000);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }
}

/** Replies are often UTF-8 (RFC 6531 section 3.7.4.2); what is not stays Latin-1. */
function asUtf8(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const utf8 = Buffer.from(latin1, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? latin1 : utf8;
}
