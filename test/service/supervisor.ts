/** A service manager for tests (supervisor.py): Node opens no Unix datagram sockets, and cannot give a child its descriptors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, RC } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { InVain, until } from '../support/until.ts';

export interface Listen {
  readonly kind: 'tcp' | 'dual' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly name: string;
}

export interface Request {
  readonly home: string;
  readonly listen?: readonly Listen[];
  /** Path, or `@name`, of the socket it hears us on. */
  readonly notify?: string;
  /** Hands over a socket that is connected to it; `broken` is one that takes nothing. */
  readonly openFile?: boolean | 'broken';
  readonly watchdogUsec?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
}

export interface Said {
  readonly words: readonly string[];
  /** The process that sent it, as the kernel says. */
  readonly by: number;
}

export class Supervisor {
  readonly said: Said[] = [];
  /** Of the service: its pid while it runs, then how it ended. */
  pid = 0;
  ended: number | undefined;
  readonly #child: ChildProcess;
  readonly #log = join(tempFolder('supervisor'), 'log');
  #ready = false;
  #problem = '';

  private constructor(request: Request) {
    this.#child = spawn('python3', [join(import.meta.dirname, 'supervisor.py')], { stdio: 'pipe' });
    let rest = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#hear(JSON.parse(line));
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#problem += text;
    });
    this.#child.stdin!.on('error', () => {});
    const { home, env, args = [], ...rest_ } = request;
    const clean = Object.fromEntries(
      Object.entries(environment({ home, env })).filter(([, value]) => value !== undefined),
    );
    const command = [process.execPath, RC, 'serve', ...args];
    this.#child.stdin!.write(`${JSON.stringify({ ...rest_, env: clean, command, log: this.#log })}\n`);
  }

  /** Starts a service and waits until it lives; not until it is ready. */
  static async start(request: Request): Promise<Supervisor> {
    const supervisor = new Supervisor(request);
    await until('the supervisor', () => {
      if (supervisor.#problem) throw new InVain(supervisor.#problem);
      return supervisor.#ready;
    });
    await supervisor.again();
    return supervisor;
  }

  /** Starts the service once more, with the same sockets. */
  async again(): Promise<void> {
    this.pid = 0;
    this.ended = undefined;
    this.#child.stdin!.write('start\n');
    await until('the service', () => this.pid !== 0);
  }

  #hear(what: { ready?: boolean; started?: number; ended?: number; said?: string[]; by?: number }): void {
    if (what.ready) this.#ready = true;
    if (what.started) this.pid = what.started;
    if (what.ended !== undefined) this.ended = what.ended;
    if (what.said) this.said.push({ words: what.said, by: what.by! });
  }

  /** What the service wrote on stdout and stderr. */
  get log(): string {
    return readFileSync(this.#log, 'utf8');
  }

  /** Waits for a message with these words. */
  hears(...words: readonly string[]): Promise<Said> {
    return until(`${words.join(' ')} in ${JSON.stringify(this.said)}`, () =>
      this.said.find((message) => words.every((word) => message.words.some((said) => said.startsWith(word)))),
    );
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  async over(): Promise<number> {
    await until(`the end of ${this.pid}`, () => this.ended !== undefined, { timeout: 20_000 });
    return this.ended!;
  }

  /** Ends the service, if it runs, and the supervisor. */
  async close(): Promise<void> {
    const end = new Promise((done) => this.#child.once('close', done));
    this.#child.stdin!.end();
    await end;
  }
}
