/** An SMTP client that sends one message after the other on one connection and remembers which were answered with 250. */
import { connect, type Socket } from 'node:net';

export class MailSender {
  readonly acknowledged: string[] = [];
  readonly sent: string[] = [];
  /** Settles when the connection is closed, by whomever. */
  readonly ended: Promise<void>;
  #socket: Socket;
  #lines: string[] = [];
  #wake: (() => void) | undefined;
  #rest = '';
  #closed = false;
  #stopping = false;

  constructor(
    port: number,
    readonly name: string,
    readonly bytes = 2000,
  ) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\r\n');
      this.#rest = lines.pop()!;
      this.#lines.push(...lines.filter((line) => /^\d{3}(?: |$)/.test(line)));
      this.#wake?.();
    });
    this.#socket.on('error', () => {}); // a killed listener resets it
    const closed = new Promise<void>((done) =>
      this.#socket.once('close', () => {
        this.#closed = true;
        this.#wake?.();
        done();
      }),
    );
    this.ended = this.#run().then(() => closed);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Finishes the message it is at, and leaves. */
  stop(): void {
    this.#stopping = true;
  }

  async #reply(): Promise<string> {
    while (!this.#lines.length) {
      if (this.#closed) return '';
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.#lines.shift()!;
  }

  async #command(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.#reply();
  }

  async #run(): Promise<void> {
    await this.#reply();
    await this.#command(`EHLO ${this.name}.contoso.com`);
    for (let i = 0; !this.#closed && !this.#stopping; i++) {
      const id = `${this.name}-${i}-${Math.random().toString(36).slice(2)}@contoso.com`;
      if (!(await this.#command('MAIL FROM:<a@contoso.com>')).startsWith('250')) break;
      if (!(await this.#command('RCPT TO:<b@contoso.com>')).startsWith('250')) break;
      if (!(await this.#command('DATA')).startsWith('354')) break;
      this.sent.push(id);
      const body = 'x'
        .repeat(70)
        .concat('\r\n')
        .repeat(Math.ceil(this.bytes / 72));
      const answer = await this.#command(`Message-ID: <${id}>\r\nSubject: soak\r\n\r\n${body}.`);
      if (answer.startsWith('250')) this.acknowledged.push(id);
    }
    this.#socket.end();
  }
}
