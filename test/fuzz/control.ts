/** What answers on a control socket may be anybody: rc asks it, and ends with an answer or an error in words. */
import { createServer, type Server } from 'node:net';
import {
  disconnectSession,
  listenerMetrics,
  listenerStatus,
  sessions,
  sources,
  waitForGeneration,
} from '../../src/control/listener-client.ts';
import type { Home } from '../../src/store/home.ts';
import { mutated, Random } from './random.ts';

const STATUS = JSON.stringify({
  pid: 1,
  version: '1.0.0',
  home: '/x',
  startedAt: '2026-11-28T00:00:00Z',
  bound: [],
  failed: [],
  generation: { applied: 1, seen: 1 },
  appliedAt: '2026-11-28T00:00:00Z',
  lastError: '',
  sessions: 0,
  unmatched: 0,
  connectors: [{ name: 'A', guid: '', sources: [] }],
});
const TOKENS = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 404 Not Found\r\n',
  'HTTP/9.9 999 \r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999\r\n',
  '\r\n',
  '\n',
  '\0',
  '\x1b[2J',
  '{',
  '}',
  '[',
  ']',
  'null',
  '"',
  ',',
  '0\r\n\r\n',
  'ffffffff\r\n',
  'x'.repeat(20_000),
  'A: b\r\n'.repeat(3000),
];

function answer(random: Random): Buffer {
  const body = random.pick([
    STATUS,
    '[]',
    '{}',
    'null',
    '[{}]',
    '[null]',
    '""',
    '{"result":"applied"}',
    '['.repeat(20_000),
    '1e999',
    'x 1\n',
    '',
  ]);
  const type = random.pick(['application/json', 'text/plain', 'application/json; charset=x', '']);
  const length = random.pick([String(Buffer.byteLength(body)), String(Buffer.byteLength(body)), '0', '5']);
  const whole = `HTTP/1.1 ${random.pick(['200 OK', '404 Not Found', '500 Oops'])}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
  return random.below(4) === 0 ? Buffer.from(whole) : mutated(random, Buffer.from(whole), TOKENS);
}

/** A listener that is none, at the control socket of a home. */
export class HostileListener {
  random = new Random(0);
  readonly #server: Server;

  private constructor(readonly home: Home) {
    this.#server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        const bytes = answer(this.random);
        const half = this.random.below(bytes.length + 1);
        socket.write(bytes.subarray(0, half));
        if (this.random.below(10) === 0) socket.destroy();
        else socket.end(bytes.subarray(half));
      });
    });
  }

  static async at(home: Home): Promise<HostileListener> {
    const made = new HostileListener(home);
    await new Promise<void>((resolve, reject) => made.#server.once('error', reject).listen(home.control, resolve));
    return made;
  }

  /** @throws when the answer is neither one of ours nor an error in words */
  async ask(random: Random): Promise<void> {
    this.random = random;
    const { home } = this;
    const [isAnswer, asked] = random.pick<[(answer: unknown) => boolean, () => Promise<unknown>]>([
      [(one) => one === undefined || Number.isInteger((one as { pid: number }).pid), () => listenerStatus(home)],
      [(one) => one === undefined || Array.isArray(one), () => sessions(home)],
      [(one) => one === undefined || Array.isArray(one), () => sources(home)],
      [(one) => one === undefined || typeof one === 'string', () => listenerMetrics(home)],
      [(one) => typeof one === 'object' && one !== null, () => waitForGeneration(home, 1, 1000)],
      [(one) => typeof one === 'string', () => disconnectSession(home, 'x', true)],
    ]);
    let said: unknown;
    try {
      said = await asked();
    } catch (error) {
      if (/^The listener of .* cannot be asked \(/s.test((error as Error).message)) return;
      throw error;
    }
    if (!isAnswer(said)) throw new Error(`an answer that is none: ${JSON.stringify(said).slice(0, 300)}`);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
