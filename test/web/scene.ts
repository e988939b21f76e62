/** `rc serve --web` of a home as a process, real clients on its ports, and Debian's Chromium looking at the page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { environment, RC } from '../support/rc.ts';
import { onPath } from '../support/tools.ts';
import { InVain, until } from '../support/until.ts';

export class ServedPage {
  out = '';
  err = '';
  url = '';
  readonly ended: Promise<number | null>;

  private constructor(
    readonly child: ChildProcess,
    readonly home: string,
  ) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((done) => child.once('close', done));
  }

  static async start(home: string, address: string): Promise<ServedPage> {
    const child = spawn(process.execPath, [RC, 'serve', '--web', address], {
      env: environment({ home }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const served = new ServedPage(child, home);
    served.url = await until('the page is there', () => {
      if (child.exitCode !== null) throw new InVain(`it ended: ${served.err}`);
      return /The page is on (http:\S+\/)/.exec(served.out)?.[1];
    });
    return served;
  }

  get token(): string {
    return readFileSync(join(this.home, 'web.token'), 'utf8').trim();
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}

/** A client of SMTP, from an address of the loopback network, with what the server said so far. */
export class Client {
  said = '';
  closed = false;
  readonly #socket: Socket;

  constructor(port: number, localAddress = '127.0.0.1') {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress });
    this.#socket.setEncoding('latin1').on('data', (text) => {
      this.said += text;
    });
    this.#socket.on('close', () => {
      this.closed = true;
    });
    this.#socket.on('error', () => {});
  }

  greeted(): Promise<string> {
    return until('a greeting or a refusal', () => /^.*\r\n/.exec(this.said)?.[0].trim());
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** So many connections of one address, each answered before the next. */
export async function connections(n: number, port: number, from?: string): Promise<Client[]> {
  const clients: Client[] = [];
  for (let i = 0; i < n; i++) {
    const client = new Client(port, from);
    clients.push(client);
    await client.greeted();
  }
  return clients;
}

/** Chromium as the machine has it. Root may run it only without its sandbox; everything it asks for is on loopback. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = onPath('chromium');
  if (!executablePath) throw new Error('chromium is not on the PATH');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
