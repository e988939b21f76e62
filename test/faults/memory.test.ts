/**
 * What a hostile client can make the listener hold: twenty connections each, and the resident memory of the process. What is held is
 * bounded by what was sent and by the one budget; when they are gone it is given back, to the system too.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listenerMetrics } from '../../src/control/listener-client.ts';
import { homeAt } from '../../src/store/home.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { tempFolder, writeStore } from '../support/temp-home.ts';
import { until } from '../support/until.ts';

const MB = 1024 * 1024;
const CLIENTS = 20;
/** What resident memory may grow by, and by how much it may stay above what it was when they are gone. */
const MOST = 60 * MB;
const LEFT = 40 * MB;

class Stage {
  private constructor(
    readonly home: string,
    readonly port: number,
    readonly listener: RunningListener,
  ) {}

  static async start(): Promise<Stage> {
    const home = tempFolder();
    const port = await freePort();
    writeStore(home, [
      {
        Name: 'A',
        Bindings: [`127.0.0.1:${port}`],
        AuthMechanism: 'Tls',
        PermissionGroups: 'AnonymousUsers',
        MaxInboundConnectionPercentagePerSource: 100,
        MaxInboundConnectionPerSource: 100,
        MaxProtocolErrors: 'Unlimited',
        TarpitInterval: '00:00:00',
      },
    ]);
    const listener = await RunningListener.start(home);
    onTestFinished(() => listener.stop());
    return new Stage(home, port, listener);
  }

  async #metric(name: string): Promise<number> {
    const text = (await listenerMetrics(homeAt(this.home)))!;
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1]);
  }

  /** Resident memory of the listener, in bytes: from the system where it tells, for asking the listener costs it memory too. */
  async resident(): Promise<number> {
    if (process.platform !== 'linux') return this.#metric('process_resident_memory_bytes');
    const status = readFileSync(`/proc/${this.listener.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
  }

  /** What it says that clients make it hold. */
  held(): Promise<number> {
    return this.#metric('rc_client_memory_bytes');
  }

  /** The most it was over `before`, looked at until it has not grown for a while. */
  async grown(before: number): Promise<number> {
    let most = await this.resident();
    let calm = 0;
    const look = async () => {
      const now = await this.resident();
      calm = now > most + MB ? 0 : calm + 1;
      most = Math.max(most, now);
      return calm > 20;
    };
    await until('the memory has stopped growing', look, { every: 5 });
    return most - before;
  }

  twenty(): Promise<Hostile[]> {
    return Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        const client = new Hostile(connect(this.port, '127.0.0.1'));
        await until('greeted', () => client.count('220') > 0);
        await client.say('EHLO x\r\n', '250');
        return client;
      }),
    );
  }

  async gone(clients: Hostile[]): Promise<void> {
    for (const { socket } of clients) socket.destroy();
    await until('all are gone', async () => (await this.listener.status())!.sessions === 0);
  }
}

class Hostile {
  heard = '';
  constructor(public socket: Socket) {
    this.listen();
  }

  listen(): void {
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes: Buffer) => {
      this.heard += bytes.toString('latin1');
    });
  }

  /** How often a reply of this code has been heard. */
  count(code: string): number {
    return this.heard.split('\r\n').filter((line) => line.startsWith(`${code} `)).length;
  }

  async say(text: string | Buffer, code: string): Promise<void> {
    const before = this.count(code);
    this.socket.write(text);
    await until(`${code} to ${String(text).slice(0, 40)}: ${this.heard.slice(-200)}`, () => this.count(code) > before);
  }

  async secure(): Promise<this> {
    await this.say('STARTTLS\r\n', '220');
    this.socket.removeAllListeners('data');
    const plain = this.socket;
    this.socket = await new Promise<TLSSocket>((resolve, reject) => {
      const secured = tlsConnect({ socket: plain, rejectUnauthorized: false }, () => resolve(secured));
      secured.on('error', reject);
    });
    this.listen();
    return this;
  }
}

const recipient = (name: string) => `RCPT TO:<${name.padEnd(60, 'a')}@contoso.com> ORCPT=rfc822;${'b'.repeat(480)}\r\n`;
const MAIL = 'MAIL FROM:<a@contoso.com>\r\nRCPT TO:<postmaster>\r\n';
/** A little that is kept, and in the same read a line that is passed over. */
async function pieces(client: Hostile, times: number, start: string, octets: number): Promise<void> {
  await client.say(MAIL, '250');
  await client.say(`BDAT ${start.length}\r\n${start}`, '250');
  const kept = `BDAT ${octets}\r\n${'x'.repeat(octets)}`;
  const bytes = Buffer.from(`${kept}${'y'.repeat(64 * 1024 - kept.length - 2)}\r\n`);
  for (let i = 0; i < times; i++) await client.say(bytes, '500');
}

test.each([
  ['header pieces of 512 bytes in reads of 64 KB', (c: Hostile) => pieces(c, 200, 'Subject: x\r\n', 512)],
  ['body pieces of 512 bytes in reads of 64 KB', (c: Hostile) => pieces(c, 200, 'Subject: x\r\n\r\n', 512)],
  ['pieces of 16 bytes', (c: Hostile) => pieces(c, 200, 'Subject: x\r\n\r\n', 16)],
  [
    'the same inside TLS',
    async (c: Hostile) => {
      await c.secure();
      await c.say('EHLO x\r\n', '250');
      await pieces(c, 200, 'Subject: x\r\n\r\n', 512);
    },
  ],
  [
    '200 recipients with long parameters, and again after RSET',
    async (c: Hostile) => {
      for (let times = 0; times < 2; times++) {
        await c.say('MAIL FROM:<a@contoso.com>\r\n', '250');
        const recipients = Array.from({ length: 200 }, (_, i) => recipient(`${times}-${i}`)).join('');
        await c.say(`${recipients}NOOP\r\n`, '250');
        if (times < 1) await c.say('RSET\r\n', '250');
      }
    },
  ],
  [
    'replies that nobody reads',
    async (c: Hostile) => {
      c.socket.pause();
      c.socket.write('EHLO x\r\n'.repeat(100_000));
    },
  ],
  [
    'replies that nobody reads, inside TLS',
    async (c: Hostile) => {
      await c.secure();
      c.socket.pause();
      c.socket.write('EHLO x\r\n'.repeat(100_000));
    },
  ],
])('%s', { timeout: 120_000 }, async (what, attack) => {
  const stage = await Stage.start();
  await stage.gone(await stage.twenty()); // what every first use takes once
  const before = await stage.resident();
  const shown: string[] = [];
  // Again and again: what were not given back would come on top of what was.
  for (let round = 0; round < 3; round++) {
    const clients = await stage.twenty();
    await Promise.all(clients.map((client) => attack(client)));
    const most = await stage.grown(before);
    const held = await stage.held();
    shown.push(`+${Math.round(most / MB)} MB, of which ${(held / MB).toFixed(1)} MB are held`);
    expect(held).toBeLessThan(20 * MB);
    await stage.gone(clients);
    await until('all is given back', async () => (await stage.held()) === 0);
    expect(most).toBeLessThan(MOST);
  }
  const left = await until(
    'resident memory falls back',
    async () => {
      const more = (await stage.resident()) - before;
      return more < LEFT && Math.max(more, 1);
    },
    { timeout: 40_000, every: 100 },
  );
  if (process.env.RC_SHOW) console.log(`${what}: ${shown.join('; ')}; +${Math.round(left / MB)} MB when they are gone`);
});
