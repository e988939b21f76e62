/**
 * A client that goes through a script as far as it is let: EHLO, STARTTLS, AUTH, MAIL, every RCPT. The same one speaks to a
 * rehearsed session and to a real listener, so that their replies can be laid side by side.
 */
import type { Duplex } from 'node:stream';
import type { ClientScript, Exchange, Step } from '../../domain/rehearsal.ts';
import { authenticate, mechanismFor } from '../../smtp/client/authenticate.ts';
import { ConnectionOver, SmtpClient } from '../../smtp/client/client.ts';
import type { ServerReply } from '../../smtp/client/reply-reader.ts';

/** The connection did not give a reply, and did not close either. */
export class NoReply extends Error {}

interface ScriptOptions {
  /** Milliseconds for each reply. */
  readonly timeoutMs: number;
  /** Runs after each exchange, before the next begins. */
  readonly after?: (exchange: Exchange) => void;
}

export class ScriptedClient {
  readonly exchanges: Exchange[] = [];
  readonly #client: SmtpClient;
  readonly #options: ScriptOptions;
  #over = false;

  constructor(stream: Duplex, options: ScriptOptions) {
    this.#client = new SmtpClient(stream, { replyMs: options.timeoutMs });
    this.#options = options;
  }

  /** Says all of the script but the message; true when at least one recipient was taken. */
  async speak(script: ClientScript): Promise<boolean> {
    const client = this.#client;
    const ehlo = () => this.#exchange('EHLO', `EHLO ${script.helo}`, () => client.ehlo(script.helo));
    if (!(await this.#exchange('Connect', '', () => client.reply()))) return false;
    if (!(await ehlo())) return false;
    if (script.tls) {
      if (!(await this.#say('STARTTLS', 'STARTTLS'))) return false;
      // Which certificate it shows is not asked here: replies are.
      await client.upgrade({ rejectUnauthorized: false }).catch(() => {}); // the next reply shows that it is over
      if (!(await ehlo())) return false;
    }
    if (script.user !== '') {
      // A password is for a server that asks for one: where AUTH is not offered, only the refusal is of interest.
      const mechanism = mechanismFor(client);
      const taken = await this.#exchange('AUTH', `AUTH ${mechanism ?? 'PLAIN'} (${script.user})`, () =>
        mechanism ? authenticate(client, mechanism, script.user, script.password ?? '') : client.command('AUTH PLAIN'),
      );
      if (!taken || !mechanism) return false;
    }
    // A client declares the size only where SIZE is offered (RFC 1870 section 5).
    const size = script.size !== undefined && this.offers('SIZE') ? ` SIZE=${script.size}` : '';
    const beyondAscii = [script.mailFrom, ...script.rcptTo].some((address) => /[^\x00-\x7f]/.test(address));
    const utf8 = beyondAscii && this.offers('SMTPUTF8') ? ' SMTPUTF8' : '';
    if (!(await this.#say('MAIL', `MAIL FROM:<${script.mailFrom}>${size}${utf8}`))) return false;
    let taken = false;
    for (const address of script.rcptTo) {
      if (await this.#say('RCPT', `RCPT TO:<${address}>`)) taken = true;
      if (this.#over) return false;
    }
    return taken;
  }

  /** Does the last answer to EHLO name this extension? */
  offers(keyword: string): boolean {
    return this.#client.extensions.has(keyword);
  }

  /** Sends a message of so many bytes after DATA. */
  async sendMessage(header: string, size: number): Promise<void> {
    if (!(await this.#say('DATA', 'DATA'))) return;
    const line = `${'x'.repeat(76)}\r\n`;
    const block = line.repeat(840);
    const body = Math.max(size - header.length - 2, line.length);
    const last = body % line.length;
    const bytes = header.length + 2 + body - (last === 1 ? 1 : 0);
    await this.#exchange('Message', `<message of ${bytes} bytes>`, async () => {
      const client = this.#client;
      await client.write(`${header}\r\n`);
      let left = body;
      for (; left > block.length; left -= block.length) await client.write(block);
      const end = left % line.length;
      await client.write(line.repeat(Math.floor(left / line.length)) + (end > 1 ? `${'x'.repeat(end - 2)}\r\n` : ''));
      return client.command('.');
    });
  }

  /** RSET and QUIT, said politely: whatever is answered, or not, does not matter any more. */
  async leave(): Promise<void> {
    if (!this.#over) await this.#client.leave('RSET\r\n');
  }

  close(): void {
    this.#client.destroy();
  }

  #say(step: Step, command: string): Promise<boolean> {
    return this.#exchange(step, command, () => this.#client.command(command));
  }

  async #exchange(step: Step, shown: string, ask: () => Promise<ServerReply>): Promise<boolean> {
    const reply = await ask().catch((error) => {
      if (!(error instanceof ConnectionOver)) throw error;
      if (error.kind === 'silent' || error.kind === 'garbage') throw new NoReply(error.message);
      return undefined;
    });
    // 421 says that the connection is being closed (RFC 5321 section 3.8), whether or not the end of it has come.
    if (!reply || reply.code === 421) this.#over = true;
    const accepted = reply !== undefined && reply.code < 400;
    const exchange: Exchange = { step, command: shown, reply: reply?.lines ?? [], accepted };
    this.exchanges.push(exchange);
    this.#options.after?.(exchange);
    return accepted;
  }
}
