/**
 * Throws mutated dialogues and random bytes at a listener, from a seed: the same seed, the same bytes. What must hold:
 * nothing crashes, nothing hangs, every connection is answered or closed, every reply is a reply, nothing is left behind.
 */
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readDialogue } from '../session/harness/dialogue.ts';
import { Random } from './random.ts';

/** What is fuzzed. */
export interface Target {
  readonly port: number;
  /** Called between rounds, when every connection of the round has ended: throws when something is wrong or left behind. */
  settle(): Promise<void>;
  /** Changes something under the running sessions, if it can. */
  disturb?(random: Random): void;
}

/** What each dialogue's client says. */
export function corpus(folder: string): Buffer[][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) =>
      readDialogue(join(folder, file)).lines.flatMap(({ step }) => (step.kind === 'say' ? [step.bytes] : [])),
    )
    .filter((said) => said.length > 0 && said.reduce((sum, bytes) => sum + bytes.length, 0) < 200_000);
}

const TOKENS = [
  '\r\n.\r\n',
  '\n.\n',
  '\r.\r',
  '\n.\r\n',
  '\r\n.\n',
  '\r\n..\r\n',
  '\r',
  '\n',
  '\0',
  '.',
  '\r\n',
  '\r\r\n',
  'BDAT 5 LAST\r\n',
  'BDAT 99999999\r\n',
  'BDAT 0\r\n',
  'BDAT -1\r\n',
  'DATA\r\n',
  'RSET\r\n',
  'QUIT\r\n',
  'EHLO x\r\n',
  'MAIL FROM:<a@contoso.com>\r\n',
  'RCPT TO:<b@contoso.com>\r\n',
  'STARTTLS\r\n',
  'AUTH LOGIN\r\n',
  'AUTH PLAIN AGEAYg==\r\n',
  '*\r\n',
  '<',
  '>',
  '"',
  '\\',
  '@',
  ' ',
  '=',
  '+0D+0A',
  '\x1b[2J',
  '\xff\xfe',
  '\u00fc',
  '%',
  '[',
  ']',
  ':',
  ';',
  'Received: x\r\n',
  'X-MS-Exchange-Organization-A: b\r\n',
  'GET / HTTP/1.1\r\n',
  'A'.repeat(3000),
  'A'.repeat(13_000),
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
].map((token) => Buffer.from(token, 'latin1'));

/** The bytes of one connection, in the pieces they are sent in. */
export function makeCase(random: Random, said: readonly (readonly Buffer[])[]): Buffer[] {
  const kind = random.below(10);
  if (kind === 0) return split(random, randomBytes(random, random.below(4000)));
  if (kind === 2 && random.below(4) === 0) return greedy(random);
  const steps = [...random.pick(said)];
  if (kind === 1) steps.push(...random.pick(said));
  for (let n = random.below(6); n > 0; n--) mutateSteps(random, steps);
  let bytes: Buffer = Buffer.concat(steps);
  for (let n = random.below(8); n > 0; n--) bytes = mutateBytes(random, bytes);
  return split(random, bytes);
}

/** Little that is kept among much that is not: pieces of bodies and headers in large reads, answers that nobody waits for. */
function greedy(random: Random): Buffer[] {
  if (random.below(4) === 0) return [Buffer.from('EHLO x\r\n'.repeat(20_000))];
  const begun = `EHLO x\r\nMAIL FROM:<a@contoso.com>\r\nRCPT TO:<postmaster>\r\nBDAT 14\r\nSubject: x\r\n${random.pick(['\r\n', 'A:'])}`;
  const octets = random.pick([1, 16, 512, 4000]);
  const piece = `BDAT ${octets}\r\n${'x'.repeat(octets)}${'y'.repeat(60_000)}\r\n`;
  return [Buffer.from(begun), ...Array.from({ length: 20 }, () => Buffer.from(piece))];
}

function mutateSteps(random: Random, steps: Buffer[]): void {
  const at = random.below(steps.length + 1);
  switch (random.below(4)) {
    case 0:
      steps.splice(at, 1);
      return;
    case 1:
      if (steps[at]) steps.splice(at, 0, steps[at]!);
      return;
    case 2:
      if (steps.length > 0) steps.splice(at, 0, steps[random.below(steps.length)]!);
      return;
    default:
      steps.splice(at, 0, random.pick(TOKENS));
  }
}

function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(5)) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = random.below(256);
      return changed;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(20))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), random.pick(TOKENS), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.below(60)))]);
    default:
      return bytes.subarray(0, at);
  }
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

function split(random: Random, bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  const most = random.pick([1, 7, 100, 100_000]);
  for (let at = 0; at < bytes.length && pieces.length < 500; ) {
    const end = Math.min(bytes.length, at + 1 + random.below(most));
    pieces.push(bytes.subarray(at, pieces.length === 499 ? bytes.length : end));
    at = end;
  }
  return pieces;
}

const PATIENCE_MS = 30_000;
const REPLY = /^\d{3}[ -][\x20-\x7e]*$|^\d{3}$/;

/** One connection to its end. @throws when it hangs, or when what came is no reply */
export function playCase(port: number, pieces: readonly Buffer[], random: Random): Promise<void> {
  return new Promise((resolve, reject) => {
    const waits = random.below(2) === 0;
    const abrupt = random.below(10) === 0;
    let text = '';
    let tls = false;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const timer = setTimeout(() => fail(new Error('the connection hangs')), PATIENCE_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const send = () => {
      for (const piece of pieces) socket.write(piece);
      if (abrupt) socket.destroy();
      else socket.end();
    };
    socket.on('data', (data) => {
      if (text === '' && waits) setImmediate(send); // was greeted
      text += data.toString('latin1');
      tls ||= text.includes('220 2.0.0 SMTP server ready\r\n') || text.includes('220 SMTP server ready\r\n');
    });
    socket.on('error', () => {}); // a reset is an end, too
    socket.on('close', () => {
      clearTimeout(timer);
      const lines = text.split('\r\n').slice(0, -1);
      const bad = tls ? undefined : lines.find((line) => !REPLY.test(line));
      if (bad !== undefined) reject(new Error(`no reply: ${JSON.stringify(bad)}`));
      else if (lines.length === 0 && waits && !abrupt) reject(new Error('closed without a word'));
      else resolve();
    });
    if (!waits) socket.once('connect', send);
  });
}

export interface FuzzOptions {
  readonly seed: number;
  /** Ends after so many cases, or after so much time. */
  readonly cases?: number;
  readonly seconds?: number;
  readonly said: readonly (readonly Buffer[])[];
}

const AT_ONCE = 20;

/** @returns how many connections were made. @throws with the seed of the case that went wrong */
export async function fuzz(
  target: Target,
  { seed, cases = Number.POSITIVE_INFINITY, seconds, said }: FuzzOptions,
): Promise<number> {
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  let done = 0;
  for (let round = 0; done < cases && performance.now() < until; round++) {
    const batch = Array.from({ length: AT_ONCE }, async (_, i) => {
      const ownSeed = (seed + round * AT_ONCE + i) >>> 0;
      const random = new Random(ownSeed);
      const pieces = makeCase(random, said);
      try {
        await playCase(target.port, pieces, random);
      } catch (error) {
        const bytes = Buffer.concat(pieces).toString('latin1');
        throw new Error(`seed ${ownSeed}: ${(error as Error).message}\n${JSON.stringify(bytes.slice(0, 2000))}`);
      }
    });
    target.disturb?.(new Random(seed + round));
    await Promise.all(batch);
    done += AT_ONCE;
    await target.settle();
  }
  return done;
}
