/** An SMTP client for tests: says what it is told, byte for byte, and reads whole replies. Waits for conditions, never for time. */
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';

const PATIENCE_MS = 20_000;

export class Client {
  #socket: Socket;
  #text = '';
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** `from` is the address that the client has. */
  static async open(port: number, from = '127.0.0.1'): Promise<Client> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
    const client = new Client(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  #listen(socket: Socket): void {
    socket.on('data', (data) => {
      this.#text += data.toString('latin1');
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  get socket(): Socket {
    return this.#socket;
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next whole reply, its lines joined by `\n`; what was said last when the connection closed instead: an error. */
  async reply(): Promise<string> {
    let found: RegExpExecArray | null = null;
    await this.#until(() => {
      found = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#text);
      return found !== null || this.#closed;
    });
    const reply = (found as RegExpExecArray | null)?.[0];
    if (reply === undefined) throw new Error(`no reply; the connection closed after ${JSON.stringify(this.#text)}`);
    this.#text = this.#text.slice(reply.length);
    return reply.slice(0, -2).replaceAll('\r\n', '\n');
  }

  /** Says a line and reads the reply. */
  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** Waits until the server has closed; returns what was not read yet. */
  async closed(): Promise<string> {
    await this.#until(() => this.#closed);
    return this.#text;
  }

  get pending(): string {
    return this.#text;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.#socket.removeAllListeners('data');
    this.#socket.removeAllListeners('close');
    const secure = tlsConnect({ socket: this.#socket, rejectUnauthorized: false, ...options });
    this.#socket = secure;
    this.#listen(secure);
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new Error('closed in the handshake')));
    });
    return secure;
  }

  /** Closes our side; the server's is still read. */
  finish(): void {
    this.#socket.end();
  }

  end(): void {
    this.#socket.destroy();
  }

  async #until(condition: () => boolean): Promise<void> {
    const giveUp = Date.now() + PATIENCE_MS;
    while (!condition()) {
      const left = giveUp - Date.now();
      if (left <= 0) throw new Error(`waited ${PATIENCE_MS} ms; unread: ${JSON.stringify(this.#text.slice(0, 500))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** Waits until something holds. */
export async function until(condition: () => boolean, what = 'a condition'): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
