/**
 * An SMTP client that goes through a script as far as it is let: EHLO, STARTTLS, AUTH PLAIN, MAIL, every RCPT. The same one
 * speaks to a rehearsed session and to a real listener, so that their replies can be laid side by side.
 */
import type { Duplex } from 'node:stream';
import { connect as secureOver } from 'node:tls';
import type { ClientScript, Exchange, Step } from '../../domain/rehearsal.ts';

const REPLY = /^(?:\d{3}-[^\r\n]*\r?\n)*\d{3}(?: [^\r\n]*)?\r?\n/;
/** Longer is no reply. */
const LONGEST_REPLY = 64 * 1024;

/** How long the answer to QUIT is waited for. */
const GOODBYE_MS = 1000;

/** The connection did not give a reply, and did not close either. */
export class NoReply extends Error {}

export interface ClientOptions {
  /** Milliseconds for each reply. */
  readonly timeoutMs: number;
  /** Runs after each exchange, before the next begins. */
  readonly after?: (exchange: Exchange) => void;
}

export class SmtpClient {
  readonly exchanges: Exchange[] = [];
  #stream: Duplex;
  #text = '';
  #over = false;
  #wake: () => void = () => {};
  readonly #options: ClientOptions;

  constructor(stream: Duplex, options: ClientOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#hear();
  }

  /** Says all of the script but the message; true when at least one recipient was taken. */
  async speak(script: ClientScript): Promise<boolean> {
    if (!(await this.#exchange('Connect', ''))) return false;
    if (!(await this.#exchange('EHLO', `EHLO ${script.helo}`))) return false;
    if (script.tls) {
      if (!(await this.#exchange('STARTTLS', 'STARTTLS'))) return false;
      await this.#secure();
      if (!(await this.#exchange('EHLO', `EHLO ${script.helo}`))) return false;
    }
    if (script.user !== '') {
      // A password is for a server that asks for one: where AUTH is not offered, only the refusal is of interest.
      const offered = this.offers('AUTH');
      const plain = Buffer.from(`\0${script.user}\0${script.password ?? ''}`).toString('base64');
      const command = offered ? `AUTH PLAIN ${plain}` : 'AUTH PLAIN';
      const taken = await this.#exchange('AUTH', command, `AUTH PLAIN (${script.user})`);
      if (!taken || !offered) return false;
    }
    // A client declares the size only where SIZE is offered (RFC 1870 section 5).
    const size = script.size !== undefined && this.offers('SIZE') ? ` SIZE=${script.size}` : '';
    const beyondAscii = [script.mailFrom, ...script.rcptTo].some((address) => /[^\x00-\x7f]/.test(address));
    const utf8 = beyondAscii && this.offers('SMTPUTF8') ? ' SMTPUTF8' : '';
    if (!(await this.#exchange('MAIL', `MAIL FROM:<${script.mailFrom}>${size}${utf8}`))) return false;
    let taken = false;
    for (const address of script.rcptTo) {
      if (await this.#exchange('RCPT', `RCPT TO:<${address}>`)) taken = true;
      if (this.#over) return false;
    }
    return taken;
  }

  /** Does the last answer to EHLO name this extension? */
  offers(keyword: string): boolean {
    const hello = this.exchanges.findLast((exchange) => exchange.step === 'EHLO');
    return hello?.reply.some((line) => line.slice(4).split(' ', 1)[0]!.toUpperCase() === keyword) ?? false;
  }

  /** Sends a message of so many bytes after DATA. */
  async sendMessage(header: string, size: number): Promise<void> {
    if (!(await this.#exchange('DATA', 'DATA'))) return;
    await this.#write(`${header}\r\n`);
    const line = `${'x'.repeat(76)}\r\n`;
    const block = line.repeat(840);
    const body = Math.max(size - header.length - 2, line.length);
    let left = body;
    for (; left > block.length; left -= block.length) await this.#write(block);
    const last = left % line.length;
    await this.#write(line.repeat(Math.floor(left / line.length)) + (last > 1 ? `${'x'.repeat(last - 2)}\r\n` : ''));
    await this.#exchange('Message', '.', `<message of ${header.length + 2 + body - (last === 1 ? 1 : 0)} bytes>`);
  }

  /** RSET and QUIT, said politely: whatever is answered, or not, does not matter any more. */
  async leave(): Promise<void> {
    if (this.#over) return;
    await this.#write('RSET\r\nQUIT\r\n');
    await this.#until(() => this.#over || /^221[ -]/m.test(this.#text), undefined, GOODBYE_MS).catch(() => {});
  }

  close(): void {
    this.#stream.destroy();
  }

  async #exchange(step: Step, command: string, shown = command): Promise<boolean> {
    if (command !== '') await this.#write(`${command}\r\n`);
    const reply = await this.#reply();
    const code = reply.at(-1)?.[0];
    // 421 says that the connection is being closed (RFC 5321 section 3.8), whether or not the end of it has come.
    if (reply.length === 0 || reply[0]!.startsWith('421')) this.#over = true;
    const accepted = code === '2' || code === '3';
    const exchange: Exchange = { step, command: shown, reply, accepted };
    this.exchanges.push(exchange);
    this.#options.after?.(exchange);
    return accepted;
  }

  async #reply(): Promise<string[]> {
    await this.#until(() => this.#over || REPLY.test(this.#text) || this.#text.length > LONGEST_REPLY);
    const text = REPLY.exec(this.#text)?.[0];
    if (text === undefined) {
      if (this.#over) return [];
      throw new NoReply('what came is no SMTP reply');
    }
    this.#text = this.#text.slice(text.length);
    return text.replace(/\r?\n$/, '').split(/\r?\n/);
  }

  async #secure(): Promise<void> {
    const plain = this.#stream;
    for (const event of ['data', 'error', 'end', 'close']) plain.removeAllListeners(event);
    plain.on('error', () => {});
    // Which certificate it shows is not asked here: replies are.
    const secure = secureOver({ socket: plain, rejectUnauthorized: false });
    this.#stream = secure;
    this.#text = '';
    let secured = false;
    secure.once('secureConnect', () => {
      secured = true;
      this.#wake();
    });
    this.#hear();
    await this.#until(() => secured || this.#over);
  }

  #hear(): void {
    const over = () => {
      this.#over = true;
      this.#wake();
    };
    this.#stream.on('data', (data: Buffer) => {
      this.#text += data.toString('utf8');
      this.#wake();
    });
    for (const event of ['error', 'end', 'close']) this.#stream.on(event, over);
  }

  #write(text: string): Promise<void> {
    if (this.#over || this.#stream.writableEnded || this.#stream.destroyed) return Promise.resolve();
    const stream = this.#stream;
    const flowing = stream.write(text);
    return flowing ? Promise.resolve() : this.#until(() => this.#over || !stream.writableNeedDrain, stream);
  }

  async #until(condition: () => boolean, draining?: Duplex, patience: number = this.#options.timeoutMs): Promise<void> {
    const giveUp = performance.now() + patience;
    while (!condition()) {
      const left = giveUp - performance.now();
      if (left <= 0) throw new NoReply(`no reply within ${patience / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        draining?.once('drain', this.#wake);
      });
    }
  }
}
