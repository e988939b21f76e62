/** One connection of Send-MailMessage after the other: greeted, secured, logged on, and a message for each turn. */
import { authenticate, mechanismFor } from '../../smtp/client/authenticate.ts';
import { ConnectionOver, SmtpClient } from '../../smtp/client/client.ts';
import { connectTo, tlsTo } from '../../smtp/client/connect.ts';
import { inOneLine, isGood, type ServerReply } from '../../smtp/client/reply-reader.ts';
import { dataBytes } from '../../smtp/data-bytes.ts';

export interface LaneOptions {
  readonly host: string;
  readonly port: number;
  /** The name said in EHLO. */
  readonly name: string;
  readonly tls: 'none' | 'required' | 'from the start';
  readonly verify: boolean;
  readonly user: string | undefined;
  readonly password: string;
  /** Milliseconds for the connection, and for each reply. */
  readonly limitMs: number;
}

export interface Outgoing {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message, lines ending with CRLF. */
  readonly bytes: Buffer;
}

export interface Outcome {
  readonly taken: boolean;
  /** The reply that decided, or what became of the connection. */
  readonly reply: string;
  /** Recipients that were refused, with the reply. */
  readonly refused: readonly string[];
}

/** A reply that ends the attempt. */
class Refused extends Error {
  constructor(
    readonly stage: string,
    readonly reply: ServerReply,
  ) {
    super(`${stage}: ${inOneLine(reply)}`);
  }
}

export class MailLane {
  readonly #options: LaneOptions;
  #client: SmtpClient | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Never throws for what the server or the network does. */
  async send(mail: Outgoing): Promise<Outcome> {
    const refused: string[] = [];
    try {
      const client = await this.#connection();
      return { taken: true, reply: inOneLine(await this.#transaction(client, mail, refused)), refused };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!(error instanceof Refused || error instanceof ConnectionOver || code !== undefined)) throw error;
      if (!(error instanceof Refused) || error.reply.code === 421) this.#forget();
      else await this.#reset();
      return { taken: false, reply: (error as Error).message, refused };
    }
  }

  close(): void {
    this.#client?.quit();
    this.#client = undefined;
  }

  #forget(): void {
    this.#client?.destroy();
    this.#client = undefined;
  }

  async #reset(): Promise<void> {
    const reply = await this.#client?.command('RSET').catch(() => undefined);
    if (!reply || !isGood(reply)) this.#forget();
  }

  async #connection(): Promise<SmtpClient> {
    if (this.#client && !this.#client.broken) return this.#client;
    const { host, port, limitMs, tls, verify, name } = this.#options;
    const secure = tls === 'from the start' ? tlsTo(host, verify) : undefined;
    const client = new SmtpClient(await connectTo({ host, port }, limitMs, secure), { replyMs: limitMs });
    this.#client = client;
    try {
      good('greeting', await client.reply());
      good('EHLO', await client.hello(name));
      if (tls === 'required') {
        good('STARTTLS', await client.startTls(tlsTo(host, verify)));
        good('EHLO', await client.hello(name));
      }
      await this.#logOn(client);
      return client;
    } catch (error) {
      client.quit();
      this.#client = undefined;
      throw error;
    }
  }

  async #logOn(client: SmtpClient): Promise<void> {
    const { user, password } = this.#options;
    if (user === undefined) return;
    const mechanism = mechanismFor(client);
    if (!mechanism)
      throw new ConnectionOver('ended', 'the server offers no AUTH that is known here (PLAIN, LOGIN, CRAM-MD5)');
    good('AUTH', await authenticate(client, mechanism, user, password));
  }

  async #transaction(client: SmtpClient, { from, to, bytes }: Outgoing, refused: string[]): Promise<ServerReply> {
    const eightBit = bytes.some((byte) => byte > 127) && client.extensions.has('8BITMIME') ? ' BODY=8BITMIME' : '';
    const utf8 = /[^\x20-\x7e]/.test(from + to.join('')) && client.extensions.has('SMTPUTF8') ? ' SMTPUTF8' : '';
    good('MAIL', await client.command(`MAIL FROM:<${from}>${eightBit}${utf8}`));
    let last: ServerReply | undefined;
    for (const recipient of to) {
      const reply = await client.command(`RCPT TO:<${recipient}>`);
      if (!isGood(reply)) {
        last = reply;
        refused.push(`${recipient}: ${inOneLine(reply)}`);
        if (reply.code === 421) break;
      }
    }
    if (last && refused.length === to.length) throw new Refused('RCPT', last);
    if (last?.code === 421) throw new Refused('RCPT', last);
    const go = await client.command('DATA');
    if (go.code !== 354) throw new Refused('DATA', go);
    for await (const piece of dataBytes([bytes])) await client.write(piece);
    return good('message', await client.reply());
  }
}

function good(stage: string, reply: ServerReply): ServerReply {
  if (!isGood(reply)) throw new Refused(stage, reply);
  return reply;
}
