/** A fleet for tests: an engine of its own on a free port of loopback, and homes with listeners on 127.0.0.x. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { eventsOf } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { RunningListener } from '../support/listener.ts';
import { type Ran, rc } from '../support/rc.ts';
import { storeIn, tempFolder, writeStore } from '../support/temp-home.ts';
import { has, onPath } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { getFleet } from './ask-fleet.ts';

/** Is there an engine to test with? */
export const hasEngine = has('redis-server');

export class TestEngine {
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly port: number,
    readonly folder: string,
    readonly flags: readonly string[],
  ) {}

  /** @param flags of redis-server; without any, nothing is kept on the disk */
  static async start(flags: readonly string[] = ['--save', '']): Promise<TestEngine> {
    const engine = new TestEngine(await freePort(), tempFolder('engine'), flags);
    await engine.start();
    return engine;
  }

  /** It speaks TLS only. */
  get tls(): boolean {
    return this.flags.includes('--tls-cert-file');
  }

  get url(): string {
    return this.tls ? `rediss://localhost:${this.port}` : `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const program = onPath('redis-server');
    if (!program) throw new Error('redis-server is not there: apt-get install redis-server');
    const port = this.tls ? ['--port', '0', '--tls-port', String(this.port)] : ['--port', String(this.port)];
    const place = [...port, '--bind', '127.0.0.1', '--dir', this.folder];
    const child = spawn(program, [...place, ...this.flags], { stdio: 'ignore' });
    this.#child = child;
    this.#ended = new Promise((done) => child.once('close', done));
    await until('the engine answers', async () => this.tls || /PONG|NOAUTH/.test(await this.say('PING')));
  }

  /** One command in the engine's inline form; its answer as it comes. */
  say(...words: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
        socket.write(`*${words.length}\r\n${parts}`);
      });
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.endsWith('\r\n')) socket.end();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.signal(signal);
    if (signal === 'SIGKILL') this.signal('SIGCONT');
    await this.#ended;
  }
}

/** A home in a fleet, with a connector `Relay` on an address of its own. */
export class Member {
  listener: RunningListener | undefined;
  /** With which its listener was started last. */
  flags: readonly string[] = [];
  /** Of all that runs on its home, besides. */
  env: Readonly<Record<string, string>> = {};

  private constructor(
    readonly server: string,
    readonly home: string,
    readonly address: string,
    readonly port: number,
  ) {}

  /** Makes a home with one connector, not yet in a fleet. */
  static async make(server: string, n: number, settings: Readonly<Record<string, unknown>> = {}): Promise<Member> {
    const address = `127.0.0.${n + 10}`;
    const member = new Member(server, tempFolder(server), address, await freePort(address));
    const relay = {
      Name: 'Relay',
      Guid: randomUUID(),
      Bindings: [`${address}:${member.port}`],
      RemoteIPRanges: ['127.0.0.0/8'],
      TarpitInterval: '00:00:00',
      PermissionGroups: 'AnonymousUsers',
      ...settings,
    };
    writeStore(member.home, [relay], { server: { name: server, fqdn: `${server.toLowerCase()}.contoso.com` } });
    return member;
  }

  /** Runs rc on this home. @throws when it fails */
  async rc(...args: readonly string[]): Promise<Ran> {
    const ran = await this.tried(...args);
    if (ran.code !== 0) throw new Error(`rc ${args.join(' ')} on ${this.server}: ${ran.code} ${ran.stderr}`);
    return ran;
  }

  tried(...args: readonly string[]): Promise<Ran> {
    return rc(args, { home: this.home, env: this.env });
  }

  join(engine: TestEngine, ...flags: readonly string[]): Promise<Ran> {
    return this.rc('join-fleet', engine.url, '--server', this.server, ...flags);
  }

  async serve(...flags: readonly string[]): Promise<void> {
    this.flags = flags;
    this.listener = await RunningListener.start(this.home, flags, false, this.env);
  }

  /** What its events of these ids say, the oldest first. */
  told(...ids: readonly number[]): string[] {
    try {
      return eventsOf(this.home, ...ids).map(({ message }) => message);
    } catch {
      return []; // none yet
    }
  }

  fleet(): Promise<Record<string, unknown>> {
    return getFleet(this.home);
  }

  /** The store as it stands. */
  get store() {
    return storeIn(this.home);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    if (!listener) return;
    listener.child.kill('SIGCONT');
    await listener.stop(signal);
  }
}

/** Some servers in one fleet, EX01 and on, their listeners running and known to the engine. */
export async function fleetOf(
  n: number,
  engine: TestEngine,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Member[]> {
  const members: Member[] = [];
  for (let i = 1; i <= n; i++) {
    const member = await Member.make(`EX0${i}`, i, settings);
    members.push(member);
    await member.join(engine);
  }
  await Promise.all(members.map((member) => member.serve()));
  // Asked of the engine first, which takes no process a time.
  const known = async () => Number((await engine.say('ZCARD', 'rc:{default}:alive')).match(/^:(\d+)/)?.[1]);
  await until(`${n} listeners say that they are there`, async () => (await known()) >= n, { timeout: 40_000 });
  await until(`${n} listeners are in the fleet`, async () => (await members[0]!.fleet()).LiveNodes === n, {
    timeout: 40_000,
  });
  return members;
}
