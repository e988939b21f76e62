/**
 * MIME of a large message is read in a process of its own: 10 MB of empty lines, or a million parts, take the parser minutes and
 * gigabytes, and whoever reads the Maildir (the listener, for its page) must outlive it. A thread is not enough: V8 that finds no
 * memory for it may end the whole process. docs/decisions/0157-large-messages-are-read-apart.md
 */
import { spawn } from 'node:child_process';
import type { Email, PostalMimeOptions } from 'postal-mime';

/** V8's heap of the process; the parser keeps an object of it for each line, so blocks outside of it are bounded too. */
const HEAP_MB = 384;
/** A message of 64 MB takes two seconds. */
const PATIENCE_MS = 30_000;

const SCRIPT = `
const { createRequire } = require('node:module');
const { join } = require('node:path');
const tell = (answer) => process.send(answer, () => process.disconnect());
const bytesOf = (part) =>
  typeof part === 'string' ? Buffer.from(part) : part instanceof ArrayBuffer ? new Uint8Array(part) : part;
// As much of a Blob as the parser uses: it makes one of all lines of a part, and Node's takes some 50 µs for each line
globalThis.Blob = class {
  constructor(parts) {
    this.bytes = Buffer.concat(parts.map(bytesOf));
  }
  async arrayBuffer() {
    return this.bytes.buffer.slice(this.bytes.byteOffset, this.bytes.byteOffset + this.bytes.length);
  }
};
process.once('message', ({ bytes, limits, place }) => {
  const load = createRequire(join(place, 'x.js'));
  let parser;
  try {
    parser = load('./postal-mime.cjs'); // beside the bundles
  } catch {
    parser = load('postal-mime');
  }
  (parser.default ?? parser).parse(bytes, limits).then(
    (email) => tell({ email }),
    (error) => tell({ problem: error.message }),
  );
});`;

/** @throws Error in words: what the parser says, or that the message takes too much memory or time */
export function parseApart(bytes: Uint8Array, limits: PostalMimeOptions): Promise<Email> {
  const place = typeof __dirname === 'string' ? __dirname : process.cwd();
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, '-e', SCRIPT], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    env: {},
    windowsHide: true,
  });
  return new Promise<Email>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it takes more than ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    child.once('message', ({ email, problem }: { email?: Email; problem?: string }) =>
      email ? resolve(email) : reject(new Error(problem)),
    );
    child.once('error', reject);
    child.once('close', (_, signal) => {
      clearTimeout(timer);
      // V8 without memory ends its process by a signal; which one is its version's affair
      reject(new Error(signal ? `it takes more than ${HEAP_MB} MB` : 'the process that read it ended'));
    });
    child.send({ bytes, limits, place }, () => {}); // one that is gone already is told of by its end
  }).finally(() => void child.kill('SIGKILL'));
}
