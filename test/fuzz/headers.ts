/**
 * Headers that hide something, against Python's email parser as a second reader: what it takes for a field that only others may
 * bring, or for another hop, we must have seen.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { HeaderEnd, readHeader } from '../../src/smtp/header.ts';
import type { Random } from './random.ts';

/** The names of the fields that Python reads, in lower case: by its old policy and by its new one. */
export class PythonReader {
  readonly #process: ChildProcess;
  readonly #waiting: ((line: string) => void)[] = [];

  /** @param script the path of second-reader.py */
  constructor(script: string) {
    this.#process = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#waiting.shift()?.(line));
  }

  async names(message: Buffer): Promise<[string[], string[]]> {
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin!.write(`${message.toString('base64')}\n`);
    });
    return JSON.parse(line) as [string[], string[]];
  }

  close(): void {
    this.#process.stdin!.end();
  }
}

const NOTHING = { routing: false, organization: false, forest: false };
const EVERYTHING = { routing: true, organization: true, forest: true };
const OURS = 'Received: from x (10.0.0.1) by mail.contoso.com; Sat, 28 Nov 2026 12:00:00 +0000\r\n';
const FORBIDDEN = /^(?:resent-|x-ms-exchange-(?:organization|forest)-)/;

/** A third reader, as mail servers on Unix are: lines end with LF, a CR before it goes, and one alone is a character. */
function namesByLines(message: Buffer): string[] {
  const names: string[] = [];
  for (const line of message.toString('latin1').split(/\r?\n/)) {
    if (line === '') break;
    const name = /^([^\s:]+)[ \t]*:/.exec(line)?.[1];
    if (name !== undefined) names.push(name.toLowerCase());
  }
  return names;
}

/** @param bytes what a client without rights sends as header and body @throws Error when Python sees what we did not */
export async function checkHeader(python: PythonReader, bytes: Buffer): Promise<void> {
  const end = new HeaderEnd().find(bytes);
  const header = end < 0 ? bytes : bytes.subarray(0, end);
  const body = bytes.subarray(header.length);
  const facts = readHeader(header, NOTHING, 'mail.contoso.com');
  const ours = facts.isBody ? `${OURS}\r\n` : OURS; // as message-receiver.ts writes it
  const delivered = Buffer.concat([Buffer.from(ours), facts.kept, body]);
  for (const names of [...(await python.names(delivered)), namesByLines(delivered)]) {
    const passed = names.find((name) => FORBIDDEN.test(name));
    if (passed !== undefined) throw new Error(`the header firewall was passed by ${JSON.stringify(passed)}`);
    const hops = names.filter((name) => name === 'received').length;
    if (hops !== 1) throw new Error(`${hops} Received fields are read where ours alone should be`);
  }
  const all = readHeader(header, EVERYTHING, 'mail.contoso.com');
  for (const names of await python.names(Buffer.concat([Buffer.from(ours), all.kept, body]))) {
    const hops = names.filter((name) => name === 'received').length;
    if (hops > all.hops + 1) throw new Error(`Python counts ${hops} hops, one of them ours, we ${all.hops} before it`);
  }
}

const NAMES = [
  'Received',
  'RECEIVED',
  'Resent-From',
  'X-MS-Exchange-Organization-SCL',
  'x-ms-exchange-forest-RulesExecuted',
  'Subject',
  'From',
  'From ',
  '>From',
  'To',
  'Message-ID',
  'X',
  '',
];
const INSIDE = [
  ' ',
  '\t',
  '\0',
  '\x01',
  '\x0b',
  '\x0c',
  '\x1c',
  '\x7f',
  '\x85',
  '\xa0',
  '\xef\xbb\xbf',
  '\xff\xfe',
  ' '.repeat(1200),
  '\r',
  '\n ',
  '\r\n\t',
  '-',
  ':',
  'A'.repeat(1200),
];
const ENDS = ['\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '\n\r', '\x0b', '\x0c', '\x1e', '\x85', '\xe2\x80\xa8', ''];
const VALUES = [' x', 'x', '', ' from a by mail.contoso.com', '\r\n folded', '\n\tfolded', ' \x00', ' a: b', '//x'];

/** A header of a few fields, most of them whole, some with something where it does not belong; and a body. */
export function makeHeader(random: Random): Buffer {
  let text = random.below(8) === 0 ? random.pick(INSIDE) : '';
  for (let n = 1 + random.below(6); n > 0; n--) {
    let name = random.pick(NAMES);
    for (let times = random.below(3); times > 0; times--) {
      const at = random.pick([0, name.length, random.below(name.length + 1)]);
      name = name.slice(0, at) + random.pick(INSIDE) + name.slice(at);
    }
    text += `${name}${random.below(12) === 0 ? '' : ':'}${random.pick(VALUES)}${random.pick(ENDS)}`;
  }
  return Buffer.from(`${text}${random.pick(ENDS)}${random.pick(ENDS)}body: x\r\nReceived: in the body\r\n`, 'latin1');
}
