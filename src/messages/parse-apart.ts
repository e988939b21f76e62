/**
 * MIME of a large message is read in a thread of its own: 10 MB of empty lines, or a million parts, take the parser minutes and
 * gigabytes, and whoever reads the Maildir (the listener, for its page) must outlive it. docs/decisions/0157-large-messages-are-read-apart.md
 */
import { Worker } from 'node:worker_threads';
import type { Email, PostalMimeOptions } from 'postal-mime';

/** V8's heap of the thread; the parser keeps an object of it for each line, so blocks outside of it are bounded too. */
const HEAP_MB = 384;
/** A message of 64 MB takes two seconds. */
const PATIENCE_MS = 30_000;

const SCRIPT = `
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');
const load = createRequire(join(workerData.place, 'x.js'));
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
let parser;
try {
  parser = load('./postal-mime.cjs'); // beside the bundles
} catch {
  parser = load('postal-mime');
}
(parser.default ?? parser).parse(workerData.bytes, workerData.limits).then(
  (email) => {
    const contents = email.attachments.map(({ content }) => content).filter((one) => one instanceof ArrayBuffer);
    parentPort.postMessage({ email }, [...new Set(contents)]);
  },
  (error) => parentPort.postMessage({ problem: error.message }),
);`;

/** @throws Error in words: what the parser says, or that the message takes too much memory or time */
export function parseApart(bytes: Uint8Array, limits: PostalMimeOptions): Promise<Email> {
  const place = typeof __dirname === 'string' ? __dirname : process.cwd();
  const worker = new Worker(SCRIPT, {
    eval: true,
    workerData: { bytes, limits, place },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  return new Promise<Email>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it takes more than ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    worker.once('message', ({ email, problem }: { email?: Email; problem?: string }) =>
      email ? resolve(email) : reject(new Error(problem)),
    );
    worker.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error(`it takes more than ${HEAP_MB} MB`) : error),
    );
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('the thread that read it ended'));
    });
  }).finally(() => void worker.terminate());
}
